import type { FastifyRequest } from 'fastify';
import type { SessionCookies } from './cookies.ts';
import type { Device, SignInDevice } from './opened-session.ts';

export const deviceOf = (request: FastifyRequest): Device => ({ ip: request.ip, userAgent: request.headers['user-agent'] ?? '' });

export const signInDeviceOf = (request: FastifyRequest, cookies: SessionCookies): SignInDevice => ({
  ...deviceOf(request),
  device: cookies.device(request),
});

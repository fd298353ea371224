import type { FastifyReply, FastifyRequest } from 'fastify';
import { ACCESS_SECONDS } from './access-token.ts';

export interface SessionCookies {
  access(request: FastifyRequest): string | undefined;
  refresh(request: FastifyRequest): string | undefined;
  /** What a browser keeps from signing in to signing in, so that it is known again. It opens nothing. */
  device(request: FastifyRequest): string | undefined;
  setDevice(reply: FastifyReply, device: string): void;
  set(reply: FastifyReply, values: { access: string; refresh: string; csrf: string; secondsLeft: number }): void;
  clear(reply: FastifyReply): void;
}

/** The refresh token travels to these routes only. */
const REFRESH_PATH = '/api/auth';
/** The longest that browsers keep a cookie. */
const DEVICE_SECONDS = 400 * 86_400;

/**
 * Over https cookies are Secure and carry the prefixes that browsers enforce (RFC 6265bis 4.1.3); `__Host-` demands the path
 * `/`, which is why refresh has `__Secure-`. Only the one name that fits the address of this server is ever read.
 */
export function createSessionCookies(secure: boolean): SessionCookies {
  const access = secure ? '__Host-negatoscope_access' : 'negatoscope_access';
  const csrf = secure ? '__Host-negatoscope_csrf' : 'negatoscope_csrf';
  const refresh = secure ? '__Secure-negatoscope_refresh' : 'negatoscope_refresh';
  // `__Host-` and so the path `/`: a sibling site can't plant a browser of its own choice as a known one.
  const device = secure ? '__Host-negatoscope_device' : 'negatoscope_device';
  const deviceOptions = { path: '/', httpOnly: true, sameSite: 'strict', secure, maxAge: DEVICE_SECONDS } as const;
  const accessOptions = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
  const csrfOptions = { path: '/', sameSite: 'lax', secure } as const;
  const refreshOptions = { path: REFRESH_PATH, httpOnly: true, sameSite: 'strict', secure } as const;
  return {
    access: (request) => request.cookies[access],
    refresh: (request) => request.cookies[refresh],
    device: (request) => request.cookies[device],
    setDevice: (reply, value) => void reply.setCookie(device, value, deviceOptions),
    set: (reply, values) => {
      const maxAge = Math.max(0, Math.round(values.secondsLeft));
      void reply
        .setCookie(access, values.access, { ...accessOptions, maxAge: Math.min(ACCESS_SECONDS, maxAge) })
        .setCookie(refresh, values.refresh, { ...refreshOptions, maxAge })
        .setCookie(csrf, values.csrf, { ...csrfOptions, maxAge });
    },
    clear: (reply) => {
      void reply.clearCookie(access, accessOptions).clearCookie(refresh, refreshOptions).clearCookie(csrf, csrfOptions);
    },
  };
}

import type { ClientRequest, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Person, requirePermission } from '../../../access/index.ts';
import type { RawHandler, Router } from '../../../access/router.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Audit } from '../../audit/index.ts';
import { type OrthancAccess, requestOf } from '../client/client.ts';
import { answeredHeaders, askedHeaders } from './headers.ts';
import { orthancPath, PROXY_ROOT, toldPath } from './path.ts';

export interface ProxyPorts {
  readonly audit: Audit;
  readonly access: OrthancAccess;
  readonly maxBodyBytes: number;
  readonly idleMs: number;
}

/** At a time, in one process: whoever asks more would keep Orthanc from its own work. */
const MOST_AT_A_TIME = 16;
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const away = (cause: unknown): Failure =>
  new Failure('UNAVAILABLE', { detail: 'Orthanc does not answer.', retryAfterSeconds: 5, cause });

/** Orthanc's REST interface for administrators, with the name and password that only this server knows. */
export function registerProxy(router: Router, ports: ProxyPorts): void {
  let running = 0;
  const handler: RawHandler = async ({ actor, request, reply }) => {
    // Names are in nearly all that Orthanc says: a token that was made without that right gets none of it.
    requirePermission(actor, 'patients.identity');
    if (running >= MOST_AT_A_TIME) throw new Failure('RATE_LIMITED', { retryAfterSeconds: 5 });
    // They would keep their place for ever.
    requireThere(reply);
    running += 1;
    reply.raw.once('close', () => {
      running -= 1;
    });
    return pass(ports, actor, request, reply);
  };
  for (const method of METHODS)
    for (const path of [PROXY_ROOT, `${PROXY_ROOT}/*`])
      router.raw({ id: `orthancProxy${method}`, method, path, permission: 'system.manage' }, handler);
}

/** Who has left is never heard leaving again. Fails with UNAVAILABLE, which nobody hears. */
function requireThere({ raw }: FastifyReply): void {
  if (raw.destroyed) throw new Failure('UNAVAILABLE', { detail: 'Whoever asked has left.' });
}

async function pass(ports: ProxyPorts, actor: Person, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { path, query } = orthancPath(request.raw.url ?? PROXY_ROOT);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const body = bodyOf(request, ports.maxBodyBytes);
  await ports.audit.note({ action: 'orthanc.request', actor, entityType: 'orthanc', details: { method, path: toldPath(path) } });
  requireThere(reply);
  const headers = { ...askedHeaders(request.headers), ...(body === undefined ? {} : { 'content-length': body.length }) };
  const asked = requestOf(ports.access, { method, path: path + query, headers, idleMs: ports.idleMs });
  // Who leaves before the answer is not waited for: Orthanc would work for nobody.
  reply.raw.once('close', () => asked.destroy());
  const answer = await answerOf(asked, body?.stream);
  const { statusCode = 0 } = answer;
  // What no server of HTTP answers.
  if (statusCode < 200 || statusCode > 599) {
    answer.destroy();
    throw away(undefined);
  }
  // It would tell a browser that its own session is over.
  if (statusCode === 401) {
    answer.destroy();
    throw new Failure('UNAVAILABLE', { detail: 'Orthanc does not take the name and password of this server.' });
  }
  return reply.code(statusCode).headers(answeredHeaders(answer.headers)).send(answer);
}

interface Body {
  readonly stream: Readable;
  readonly length: number;
}

/** Fails with BAD_REQUEST for a body whose length nobody knows, which Orthanc does not take, and TOO_LARGE. */
function bodyOf({ body, headers, method, raw }: FastifyRequest, maxBytes: number): Body | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined;
  // JSON was read by then, and goes on as the bytes that came.
  if (Buffer.isBuffer(body)) return { stream: Readable.from([body]), length: body.length };
  const length = Number(headers['content-length'] ?? (headers['transfer-encoding'] === undefined ? 0 : Number.NaN));
  if (!Number.isSafeInteger(length)) throw new Failure('BAD_REQUEST', { detail: 'Content-Length is needed.' });
  if (length > maxBytes) throw new Failure('TOO_LARGE');
  return { stream: raw, length };
}

function answerOf(asked: ClientRequest, body: Readable | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.on('response', resolve);
    asked.on('error', (error) => reject(away(error)));
    // Another protocol on its connection is none of this one's.
    asked.on('upgrade', (_answer, socket) => {
      socket.destroy();
      reject(away(undefined));
    });
    if (body === undefined) asked.end();
    // An answer that comes before its end is the answer.
    else pipeline(body, asked).catch(() => undefined);
  });
}

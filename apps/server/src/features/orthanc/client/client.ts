import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { z } from 'zod';
import { failureOf, OrthancFailure } from './failure.ts';
import { watched } from './watched.ts';

export interface OrthancAccess {
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

export interface Patience {
  /** Without a byte for so long it is given up. One that takes half a minute for an answer is slow, and waited for. */
  readonly idleMs: number;
  /** For an answer that is no file, in all. */
  readonly answerMs: number;
}
export const PATIENCE: Patience = { idleMs: 60_000, answerMs: 120_000 };

const MD5 = /^[0-9a-f]{32}$/;
/** Larger than any page that is asked for. */
const MAX_JSON_BYTES = 16 * 2 ** 20;
/** Of an answer that is none. */
const SHORT_BYTES = 64 * 1024;
/** Requests at a time, of one process. */
const CONNECTIONS = 8;

export interface OrthancFile {
  /** Fails with CUT or TIMEOUT when it does not come whole, as far as its announced length tells. */
  readonly stream: AsyncIterable<Uint8Array>;
  /** Whether its length was announced. */
  readonly isMeasured: boolean;
}

export interface Body {
  readonly stream: Readable;
  readonly length: number;
}

/** Orthanc's REST interface, as far as it is asked by the server itself. Everything fails with an OrthancFailure. */
export interface OrthancClient {
  /** Undefined for what is not there (404). */
  json<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S> | undefined>;
  text(path: string): Promise<string | undefined>;
  file(path: string): Promise<OrthancFile | undefined>;
  /** The hash that Orthanc keeps of an instance's file, in hex; undefined where it keeps none, or has no such instance. */
  md5(id: string): Promise<string | undefined>;
  /** Sends a body, once. */
  post<S extends z.ZodType>(path: string, body: Body, schema: S): Promise<z.infer<S>>;
  /** Deletes a resource; false where there is none (404). */
  remove(path: string): Promise<boolean>;
  /** The status of an answer, whatever it is. */
  status(method: 'GET' | 'POST' | 'PROPFIND', path: string): Promise<number>;
  close(): void;
}

function md5In(answer: string | undefined): string | undefined {
  const told = answer?.trim().toLowerCase();
  return told !== undefined && MD5.test(told) ? told : undefined;
}

export function openClient(access: OrthancAccess, patience: Patience = PATIENCE): OrthancClient {
  const { Agent } = access.url.startsWith('https:') ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const ask = (path: string): Promise<IncomingMessage | undefined> => found(send({ access, agent, patience }, path));
  const text = async (path: string): Promise<string | undefined> => {
    const answer = await ask(path);
    return answer === undefined ? undefined : textWithin(answer, patience.answerMs);
  };
  return {
    text,
    md5: async (id) => md5In(await text(`/instances/${id}/attachments/dicom/md5`)),
    post: async (path, body, schema) => {
      const asked = requestOf(access, postOf(path, body, patience));
      asked.once('finish', () => answeredWithin(asked, patience.answerMs));
      const answer = await found(answerTo(asked, body));
      if (answer === undefined) throw new OrthancFailure('BAD_ANSWER', { status: 404 });
      return parsed(await textWithin(answer, patience.answerMs), schema);
    },
    remove: async (path) => {
      const answer = await found(send({ access, agent, patience }, path, { method: 'DELETE' }));
      if (answer !== undefined) await textWithin(answer, patience.answerMs);
      return answer !== undefined;
    },
    json: async (path, schema) => {
      const body = await text(path);
      return body === undefined ? undefined : parsed(body, schema);
    },
    file: async (path) => {
      const answer = await ask(path);
      return answer && { stream: watched(answer), isMeasured: answer.headers['content-length'] !== undefined };
    },
    status: (method, path) => {
      const asked = requestOf(access, { method, path, headers: { 'content-length': 0, depth: 0 }, idleMs: patience.idleMs });
      answeredWithin(asked, patience.answerMs);
      return statusOf(asked);
    },
    close: () => agent.destroy(),
  };
}

const authorization = ({ username, password }: OrthancAccess): { authorization?: string } =>
  username === undefined ? {} : { authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}` };

interface Sending {
  readonly access: OrthancAccess;
  readonly agent: http.Agent;
  readonly patience: Patience;
}

/** Sent once more where the connection that was kept from before is closed at that very moment: the request was not read then. */
function send(
  sending: Sending,
  path: string,
  { method = 'GET', isAgain = false }: { readonly method?: 'GET' | 'DELETE'; readonly isAgain?: boolean } = {},
): Promise<IncomingMessage> {
  const { access, agent, patience } = sending;
  return new Promise((resolve, reject) => {
    const asked = requestOf(access, { agent, method, path, headers: {}, idleMs: patience.idleMs });
    asked.on('response', resolve);
    answeredWithin(asked, patience.answerMs);
    asked.on('error', (error) => {
      const isStale = asked.reusedSocket && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      if (isStale && !isAgain) send(sending, path, { method, isAgain: true }).then(resolve, reject);
      else reject(failureOf(error, 'UNREACHABLE'));
    });
    asked.end();
  });
}

/** The head of an answer may not trickle for ever: each byte of it would be one more time to wait. */
function answeredWithin(asked: ClientRequest, answerMs: number): void {
  const late = setTimeout(() => asked.destroy(new OrthancFailure('TIMEOUT')), answerMs);
  for (const end of ['response', 'close'] as const) asked.once(end, () => clearTimeout(late));
}

export interface Asked {
  readonly method: string;
  /** From Orthanc's own root on, with the query. */
  readonly path: string;
  readonly headers: http.OutgoingHttpHeaders;
  readonly idleMs: number;
  readonly agent?: http.Agent;
}

/** A request with the server's own name and password, and no others. The caller ends it. */
export function requestOf(access: OrthancAccess, { method, path, headers, idleMs, agent }: Asked): ClientRequest {
  const { request } = access.url.startsWith('https:') ? https : http;
  const asked = request(`${access.url}${path}`, {
    ...{ method, headers: { ...headers, ...authorization(access) } },
    // Without one of ours no connection is kept: Orthanc closes them after a second, and a body is not sent twice.
    agent: agent ?? false,
  });
  asked.setTimeout(idleMs, () => asked.destroy(new OrthancFailure('TIMEOUT')));
  return asked;
}

const postOf = (path: string, { length }: Body, { idleMs }: Patience): Asked => ({
  ...{ method: 'POST', path, idleMs },
  headers: { 'content-type': 'application/dicom', 'content-length': length },
});

const answerTo = (asked: ClientRequest, { stream }: Body): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    asked.on('response', resolve);
    // What the body fails with is ours, and passed on as it is.
    stream.on('error', reject);
    asked.on('error', (error) => reject(failureOf(error, 'UNREACHABLE')));
    // An answer that comes before its end is the answer.
    pipeline(stream, asked).catch(() => undefined);
  });

const statusOf = (asked: ClientRequest): Promise<number> =>
  new Promise((resolve, reject) => {
    asked.on('response', (answer) => {
      answer.on('error', () => undefined);
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', (error) => reject(failureOf(error, 'UNREACHABLE')));
    asked.end();
  });

async function found(sent: Promise<IncomingMessage>): Promise<IncomingMessage | undefined> {
  const answer = await sent;
  const status = answer.statusCode ?? 0;
  if (status === 200) return answer;
  answer.on('error', () => undefined);
  // Nobody wants it: a short one is read so that its connection can be used again.
  if (Number(answer.headers['content-length'] ?? Number.NaN) <= SHORT_BYTES) answer.resume();
  else answer.destroy();
  if (status === 404) return undefined;
  throw new OrthancFailure(status === 401 || status === 403 ? 'NOT_ALLOWED' : 'ERROR', { status });
}

async function textWithin(answer: IncomingMessage, answerMs: number): Promise<string> {
  const late = setTimeout(() => answer.destroy(new OrthancFailure('TIMEOUT')), answerMs);
  try {
    return await textOf(limited(answer));
  } catch (error) {
    throw failureOf(error, 'CUT');
  } finally {
    clearTimeout(late);
  }
}

async function* limited(answer: IncomingMessage): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_JSON_BYTES) throw new OrthancFailure('BAD_ANSWER');
    yield chunk;
  }
}

function parsed<S extends z.ZodType>(body: string, schema: S): z.infer<S> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw new OrthancFailure('BAD_ANSWER', { cause: error });
  }
  const result = schema.safeParse(value);
  if (!result.success) throw new OrthancFailure('BAD_ANSWER');
  return result.data;
}

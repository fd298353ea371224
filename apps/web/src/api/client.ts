import { addressOf } from './address.ts';
import { csrfHeader } from './csrf.ts';
import { takeEarly } from './early-answer.ts';
import { ApiError, errorFrom } from './error.ts';
import type { CallOptions, OperationId, Result } from './operation.ts';
import { proofGiven } from './proof.ts';
import { ROUTES } from './routes.ts';
import { renewSession, sessionState } from './session.ts';

interface Sent {
  readonly method: string;
  readonly address: string;
  readonly body: BodyInit | undefined;
  readonly json: boolean;
  readonly signal: AbortSignal | undefined;
  readonly keepalive: boolean;
  readonly language: string | undefined;
}

async function send({ method, address, body, json, signal, keepalive, language }: Sent): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (json) headers['content-type'] = 'application/json';
  if (language !== undefined) headers['accept-language'] = language;
  if (method !== 'GET') Object.assign(headers, csrfHeader());
  // What could not be asked for early is asked for now.
  const early = method === 'GET' && language === undefined ? takeEarly(address, signal) : undefined;
  const answer = await early?.catch(() => undefined);
  if (answer !== undefined) return answer;
  try {
    return await fetch(address, {
      ...{ method, headers, keepalive, credentials: 'same-origin' },
      ...{ body: body ?? null, signal: signal ?? null },
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiError('OFFLINE', 0);
  }
}

/** Signing in and out never ask for a renewal: their 401 is the answer. */
const NO_RENEWAL: ReadonlySet<OperationId> = new Set([
  'login',
  'refresh',
  'logout',
  'linkProvider',
  'readAccountLink',
  'setPassword',
  'askForPassword',
]);

async function answerOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  return response.json().catch(() => undefined);
}

/**
 * Calls one operation of the contract. A 401 renews the session once and tries again; a refusal is an `ApiError` with the catalog's code.
 * The answer is the contract's type: page and server are built from the same contract.
 */
export async function call<I extends OperationId>(id: I, options: CallOptions<I>): Promise<Result<I>>;
export async function call<I extends OperationId>(id: I, options?: Partial<CallOptions<I>>): Promise<Result<I>>;
export async function call<I extends OperationId>(id: I, options: Partial<CallOptions<I>> = {}): Promise<Result<I>> {
  return (await answerOf(await ask(id, options))) as Result<I>; // The contract gives the shape; the server checks what it sends.
}

/** The bytes of an operation that answers a file. The browser keeps a large one on the disk. */
export async function download<I extends OperationId>(id: I, options: CallOptions<I>): Promise<Blob> {
  return (await ask(id, options)).blob();
}

/**
 * The server-sent events of an operation that answers them, as they come, each with its name. Who stops reading ends it. An event source could not ask with a
 * body, and what is searched for is no part of an address.
 */
export async function* events<I extends OperationId>(
  id: I,
  options: CallOptions<I>,
): AsyncGenerator<{ readonly name: string; readonly data: unknown }> {
  const { body } = await ask(id, options);
  if (body === null) return;
  let rest = '';
  for await (const text of readable(body.pipeThrough(new TextDecoderStream()))) {
    const whole = `${rest}${text}`.split('\n\n');
    rest = whole.pop() ?? '';
    for (const event of whole) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? [];
      if (name !== undefined && data !== undefined) yield { name, data: JSON.parse(data) };
    }
  }
}

/** Not every browser iterates over streams. */
async function* readable<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function ask<I extends OperationId>(id: I, options: Partial<CallOptions<I>>): Promise<Response> {
  const [method = 'GET', path = ''] = ROUTES[id].split(' ');
  const json = options.body !== undefined;
  const sent: Sent = {
    method,
    address: addressOf(path, options.params, options.query),
    body: json ? JSON.stringify(options.body) : options.form,
    json,
    signal: options.signal,
    keepalive: options.keepalive ?? false,
    language: options.language,
  };
  let response = await send(sent);
  if (response.status === 401 && !NO_RENEWAL.has(id) && sessionState() !== 'signed-out') {
    const renewed = await renewSession().then(
      () => true,
      () => false,
    );
    if (renewed) {
      await response.body?.cancel();
      response = await send(sent);
    }
  }
  if (response.ok) return response;
  const refusal = errorFrom(response.status, await answerOf(response), response.headers.get('retry-after'));
  // Who shows again who they are has begun something grave: it goes on.
  if (refusal.code === 'PROOF_REQUIRED' && (await proofGiven())) {
    response = await send(sent);
    if (response.ok) return response;
    throw errorFrom(response.status, await answerOf(response), response.headers.get('retry-after'));
  }
  throw refusal;
}

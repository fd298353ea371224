import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { call, download } from './client.ts';
import { offerEarly, onEarlyLost } from './early-answer.ts';
import { ApiError } from './error.ts';
import { beforeSignOut, takeLastChances } from './kept-edits.ts';
import { meQuery } from './me.ts';
import { standPlain } from './plain-picture.ts';
import { isPassing, queryClient } from './query-client.ts';
import { onSession, renewSession, sessionEnded, sessionExpired, sessionStarted, sessionState, whenSignedIn } from './session.ts';
import { signIn } from './sign-in.ts';
import { upload } from './upload.ts';

interface Sent {
  readonly address: string;
  readonly init: RequestInit;
}
type Answer = () => Response | Promise<Response>;
const json =
  (status: number, body: unknown): Answer =>
  () =>
    new Response(JSON.stringify(body), { status });
const problem = (status: number, code: string): Answer => json(status, { code });

/** What each request was, and what it is answered; the last answer stands for all that follow. */
function line(...answers: readonly Answer[]): Sent[] {
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', async (address: string, init: RequestInit = {}) => {
    sent.push({ address, init });
    const answer = answers[Math.min(sent.length, answers.length) - 1];
    if (answer === undefined) throw new TypeError('There is no answer.');
    return answer();
  });
  return sent;
}
const addresses = (sent: readonly Sent[]): string[] => sent.map(({ address, init }) => `${init.method ?? 'GET'} ${address}`);
const codeOf = (error: unknown): unknown => (error instanceof ApiError ? [error.code, error.status] : error);
const RENEWED = { expiresAt: null };

beforeEach(() => sessionStarted(null, false));
afterEach(() => vi.useRealTimers());

describe('a request', () => {
  it('carries the CSRF value where it changes something, and JSON where it has a body', async () => {
    vi.stubGlobal('document', { cookie: 'negatoscope_csrf=abc' });
    const sent = line(json(200, {}));
    await call('listTokens');
    await call('createToken', { body: { name: 'x', permissions: [], expiresInDays: 1 } });
    const headers = sent.map(({ init }) => init.headers);
    expect(headers).toEqual([
      { accept: 'application/json' },
      { accept: 'application/json', 'content-type': 'application/json', 'X-CSRF-Token': 'abc' },
    ]);
    expect(sent[1]?.init).toMatchObject({ credentials: 'same-origin', body: '{"name":"x","permissions":[],"expiresInDays":1}' });
  });

  it.each([
    ['another session, of which nothing is kept that was made of it and no picture stays', 'anna', 1],
    ['the session that is here, which goes on', 'bert', 0],
  ])('that went out before the application was here may be of %s', async (_whose, early, times) => {
    vi.stubGlobal('window', {});
    vi.stubGlobal('document', { cookie: 'negatoscope_csrf=bert' });
    const [forget, leave] = [vi.fn(), vi.fn()];
    onEarlyLost(forget);
    standPlain({ path: '/', leave });
    const answer = (csrfToken: string) => new Response(JSON.stringify({ csrfToken, expiresAt: null }));
    offerEarly('/api/auth/me', { response: Promise.resolve(answer(early)), abort: vi.fn() });
    line(async () => answer('bert'));
    queryClient.clear();
    expect(await queryClient.fetchQuery(meQuery)).toMatchObject({ csrfToken: 'bert' });
    expect([forget.mock.calls.length, leave.mock.calls.length]).toEqual([times, times]);
    queryClient.clear();
  });

  it('that went out before the application was here goes no second time, unless it failed or the session was to be renewed', async () => {
    vi.stubGlobal('window', {});
    const early = (response: Promise<Response>): void => offerEarly('/api/auth/me', { response, abort: vi.fn() });
    const sent = line(json(200, RENEWED));
    early(Promise.resolve(new Response('{"from":"early"}')));
    expect(await call('me')).toEqual({ from: 'early' });
    expect(sent).toEqual([]);
    early(Promise.reject(new TypeError('lost')));
    expect(await call('me')).toEqual(RENEWED);
    expect(addresses(sent)).toEqual(['GET /api/auth/me']);
    early(Promise.resolve(new Response('{}', { status: 401 })));
    expect(await call('me')).toEqual(RENEWED);
    expect(addresses(sent).slice(1)).toEqual(['POST /api/auth/refresh', 'GET /api/auth/me']);
  });

  it('gives nothing for 204, and the bytes where bytes are asked for', async () => {
    line(() => new Response(null, { status: 204 }));
    expect(await call('logout')).toBeUndefined();
    line(() => new Response('zip'));
    expect(await (await download('exportPatient', { params: { id: 'a' }, query: {} })).text()).toBe('zip');
  });

  it('that reaches nobody is OFFLINE; one that was aborted is not', async () => {
    line(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(codeOf(await call('me').catch((error: unknown) => error))).toEqual(['OFFLINE', 0]);
    const stop = new AbortController();
    stop.abort();
    const aborted = new DOMException('aborted', 'AbortError');
    line(() => Promise.reject(aborted));
    expect(await call('me', { signal: stop.signal }).catch((error: unknown) => error)).toBe(aborted);
  });

  it('that is refused says the catalog’s code, how long to wait, and never the page of a proxy', async () => {
    line(() => new Response('<html>', { status: 502 }));
    expect(codeOf(await call('me').catch((error: unknown) => error))).toEqual(['UNAVAILABLE', 502]);
    line(() => new Response(JSON.stringify({ code: 'RATE_LIMITED' }), { status: 429, headers: { 'retry-after': '30' } }));
    const error = await call('login', { body: { email: 'a', password: 'b' } }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'RATE_LIMITED', status: 429, retryAfterS: 30 });
  });

  it('is tried again only where trying may help', () => {
    const passing = [0, 502, 503, 504, 400, 401, 404, 409, 500].filter((status) => isPassing(new ApiError('INTERNAL', status)));
    expect(passing).toEqual([0, 502, 503, 504]);
    expect(isPassing(new TypeError('x'))).toBe(false);
  });
});

describe('a session that has ended', () => {
  it('is renewed once, and the request goes again', async () => {
    const sent = line(problem(401, 'NOT_AUTHENTICATED'), json(200, RENEWED), json(200, { items: [] }));
    expect(await call('listTokens')).toEqual({ items: [] });
    expect(addresses(sent)).toEqual(['GET /api/tokens', 'POST /api/auth/refresh', 'GET /api/tokens']);
    expect(sessionState()).toBe('signed-in');
  });

  it('is renewed by one of many requests at once', async () => {
    let isFresh = false;
    const sent: string[] = [];
    vi.stubGlobal('fetch', async (address: string) => {
      sent.push(address);
      await Promise.resolve();
      if (address !== '/api/auth/refresh') return isFresh ? json(200, {})() : problem(401, 'NOT_AUTHENTICATED')();
      isFresh = true;
      return json(200, RENEWED)();
    });
    await Promise.all([call('me'), call('listTokens'), call('listSessions')]);
    expect(sent.filter((address) => address === '/api/auth/refresh')).toHaveLength(1);
  });

  it('that can’t be renewed is told, and whoever waits goes on once someone signs in', async () => {
    const states: string[] = [];
    const stop = onSession(() => states.push(sessionState()));
    line(problem(401, 'SESSION_EXPIRED'));
    expect(codeOf(await call('listTokens').catch((error: unknown) => error))).toEqual(['SESSION_EXPIRED', 401]);
    expect(sessionState()).toBe('expired');
    let isOn = false;
    const waiting = whenSignedIn().then(() => {
      isOn = true;
    });
    await Promise.resolve();
    expect(isOn).toBe(false);
    line(json(200, RENEWED));
    await signIn('a@example.org', 'password');
    await waiting;
    stop();
    expect([isOn, states]).toEqual([true, ['expired', 'signed-in']]);
  });

  it('is not taken for ended because the line is cut while it is renewed', async () => {
    line(problem(401, 'NOT_AUTHENTICATED'), () => Promise.reject(new TypeError('Failed to fetch')));
    expect(codeOf(await call('listTokens').catch((error: unknown) => error))).toEqual(['NOT_AUTHENTICATED', 401]);
    expect(sessionState()).toBe('signed-in');
  });

  it('of who has signed out, or signs in, is not renewed', async () => {
    const sent = line(problem(401, 'INVALID_CREDENTIALS'));
    await signIn('a', 'b').catch(() => undefined);
    sessionEnded();
    await call('listTokens').catch(() => undefined);
    expect(addresses(sent)).toEqual(['POST /api/auth/login', 'GET /api/tokens']);
    sessionExpired();
    expect(sessionState()).toBe('signed-out');
  });

  it('whose renewal another tab has made just now is not renewed again', async () => {
    const sent = line(json(200, RENEWED));
    const store = new Map([['ng.renewedAt', String(Date.now() + 5_000)]]);
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, value: string) => store.set(key, value),
    });
    await renewSession();
    expect(sent).toEqual([]);
  });
});

describe('files that are sent', () => {
  /** Answers each upload in turn: a status with its body, or a line that is cut. */
  function uploads(...answers: readonly (readonly [number, unknown] | 'cut')[]) {
    const headers: Record<string, string>[] = [];
    const waiting = [...answers];
    class Upload {
      status = 0;
      response: unknown;
      onload?: () => void;
      onerror?: () => void;
      onabort?: () => void;
      onloadend?: () => void;
      readonly upload: { onprogress?: (event: { loaded: number }) => void } = {};
      readonly #headers: Record<string, string> = {};
      open(): void {}
      setRequestHeader(name: string, value: string): void {
        this.#headers[name] = value;
      }
      getResponseHeader(): string {
        return '9';
      }
      send(): void {
        headers.push(this.#headers);
        this.upload.onprogress?.({ loaded: 7 });
        const answer = waiting.shift();
        if (answer === undefined) return;
        if (answer === 'cut') this.onerror?.();
        else {
          [this.status, this.response] = answer;
          this.onload?.();
        }
        this.onloadend?.();
      }
      abort(): void {
        this.onabort?.();
        this.onloadend?.();
      }
    }
    vi.stubGlobal('XMLHttpRequest', Upload);
    return headers;
  }
  const send = (signal = new AbortController().signal, onBytes: (sent: number) => void = () => undefined): Promise<unknown> =>
    upload('/api/imports/a/files', new FormData(), { signal, onBytes });

  it('tell how much has left, and give the answer', async () => {
    vi.stubGlobal('document', { cookie: 'negatoscope_csrf=abc' });
    const headers = uploads([200, { files: [] }]);
    const bytes: number[] = [];
    expect(await send(undefined, (sent) => bytes.push(sent))).toEqual({ files: [] });
    expect([bytes, headers]).toEqual([[7], [{ accept: 'application/json', 'X-CSRF-Token': 'abc' }]]);
  });

  it('go again after the session was renewed', async () => {
    uploads([401, { code: 'NOT_AUTHENTICATED' }], [200, { files: [1] }]);
    const sent = line(json(200, RENEWED));
    expect(await send()).toEqual({ files: [1] });
    expect(addresses(sent)).toEqual(['POST /api/auth/refresh']);
  });

  it('are refused by the catalog’s code, with how long to wait', async () => {
    uploads([503, { code: 'UNAVAILABLE' }]);
    expect(await send().catch((error: unknown) => error)).toMatchObject({ code: 'UNAVAILABLE', status: 503, retryAfterS: 9 });
    uploads([507, undefined]);
    expect(codeOf(await send().catch((error: unknown) => error))).toEqual(['STORAGE_FULL', 507]);
  });

  it('whose line is cut are OFFLINE; those that were stopped, before or while they go, are not', async () => {
    uploads('cut');
    expect(codeOf(await send().catch((error: unknown) => error))).toEqual(['OFFLINE', 0]);
    uploads();
    const stop = new AbortController();
    const sending = send(stop.signal).catch((error: unknown) => error);
    stop.abort();
    expect(codeOf(await sending)).toEqual(['CANCELLED', 499]);
    const headers = uploads();
    expect(codeOf(await send(stop.signal).catch((error: unknown) => error))).toEqual(['CANCELLED', 499]);
    expect(headers).toEqual([]);
  });
});

it('what waits has a last chance before somebody signs out', async () => {
  const done: string[] = [];
  beforeSignOut(async () => {
    await Promise.resolve();
    done.push('sent');
  });
  await takeLastChances();
  expect(done).toEqual(['sent']);
});

// The last of this file: the time that passes here lies before what a later renewal would be.
it('a session is renewed by itself before its end', async () => {
  vi.useFakeTimers();
  const sent = line(json(200, RENEWED));
  sessionStarted(new Date(Date.now() + 900_000).toISOString());
  await vi.advanceTimersByTimeAsync(599_000);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(addresses(sent)).toEqual(['POST /api/auth/refresh']);
});

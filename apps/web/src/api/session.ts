import { csrfHeader } from './csrf.ts';
import { ApiError, errorFrom } from './error.ts';

export type SessionState = 'unknown' | 'signed-in' | 'expired' | 'signed-out';
type Message = { kind: 'renewed'; at: number; expiresAt: number } | { kind: 'signed-out' };

let state: SessionState = 'unknown';
/** Clock of this machine when a token was last renewed, by this tab or another one. */
let renewedAt = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let renewing: Promise<void> | undefined;
const listeners = new Set<() => void>();
const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('negatoscope-session');

export const sessionState = (): SessionState => state;
export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
function become(next: SessionState): void {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

/** The same clock for all tabs, read under the lock: a message from another tab may come later than its lock's release. */
const CLOCK = 'ng.renewedAt';
function noteRenewal(at: number): void {
  renewedAt = Math.max(renewedAt, at);
  try {
    localStorage.setItem(CLOCK, String(at));
  } catch {
    // The message to the other tabs remains.
  }
}
function lastRenewal(): number {
  try {
    return Math.max(renewedAt, Number(localStorage.getItem(CLOCK) ?? 0));
  } catch {
    return renewedAt;
  }
}

/** How long to wait before renewing: two thirds of what the access token still lives, at least five seconds. */
export function renewalDelayMs(expiresAtMs: number, nowMs: number): number {
  return Math.max(5_000, Math.round(((expiresAtMs - nowMs) * 2) / 3));
}

function schedule(expiresAtMs: number): void {
  clearTimeout(timer);
  // A tab that slept past the date renews on its next request, by the 401.
  timer = setTimeout(
    () => void renewSession().catch(() => undefined),
    Math.min(renewalDelayMs(expiresAtMs, Date.now()), 2 ** 31 - 1),
  );
}

/** The page knows that it is signed in; `expiresAt` is the access token's end, null for a personal token. */
export function sessionStarted(expiresAt: string | null, tellOthers = true): void {
  const expiresAtMs = expiresAt === null ? Number.NaN : Date.parse(expiresAt);
  if (tellOthers) noteRenewal(Date.now());
  if (Number.isFinite(expiresAtMs)) {
    schedule(expiresAtMs);
    if (tellOthers) channel?.postMessage({ kind: 'renewed', at: renewedAt, expiresAt: expiresAtMs } satisfies Message);
  }
  become('signed-in');
}
export function sessionEnded(): void {
  clearTimeout(timer);
  channel?.postMessage({ kind: 'signed-out' } satisfies Message);
  become('signed-out');
}
export function sessionExpired(): void {
  clearTimeout(timer);
  if (state === 'signed-in') become('expired');
}
/** Resolves when someone is signed in again; at once when the session stands. */
export function whenSignedIn(): Promise<void> {
  if (state !== 'expired') return Promise.resolve();
  return new Promise((resolve) => {
    const stop = onSession(() => {
      if (state !== 'signed-in') return;
      stop();
      resolve();
    });
  });
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

/**
 * After an answer of 401: renews the session or, where that is refused, waits until somebody has signed in again in place. False where there is none to
 * come back to, or the server was not reached. Rejects with the signal's reason.
 */
export async function signedInAgain(signal?: AbortSignal): Promise<boolean> {
  if (state === 'signed-out') return false;
  const renewed = await renewSession().then(
    () => true,
    () => false,
  );
  if (!renewed && sessionState() === 'expired') await Promise.race([whenSignedIn(), ...(signal ? [aborted(signal)] : [])]);
  signal?.throwIfAborted();
  return renewed || sessionState() === 'signed-in';
}

channel?.addEventListener('message', (event: MessageEvent<Message>) => {
  if (event.data.kind === 'signed-out') {
    clearTimeout(timer);
    become('signed-out');
    return;
  }
  renewedAt = Math.max(renewedAt, event.data.at);
  schedule(event.data.expiresAt);
  become('signed-in');
});

async function postRefresh(): Promise<void> {
  let response: Response;
  try {
    response = await fetch('/api/auth/refresh', { method: 'POST', credentials: 'same-origin', headers: csrfHeader() });
  } catch {
    throw new ApiError('OFFLINE', 0);
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw errorFrom(response.status, body, response.headers.get('retry-after'));
  const expiresAt = typeof body === 'object' && body !== null && 'expiresAt' in body ? String(body.expiresAt) : null;
  sessionStarted(expiresAt);
}

async function renewOnce(since: number): Promise<void> {
  const work = async (): Promise<void> => {
    // Another tab renewed while this one waited for its turn: the cookies are fresh already.
    if (lastRenewal() > since) return;
    await postRefresh();
  };
  if (typeof navigator !== 'undefined' && 'locks' in navigator) await navigator.locks.request('negatoscope-refresh', work);
  else await work();
}

/** Renews the session; one at a time in this tab and, where locks exist, across tabs. Refused: the session counts as expired. */
export function renewSession(): Promise<void> {
  renewing ??= renewOnce(Date.now())
    .catch((error: unknown) => {
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) sessionExpired();
      throw error;
    })
    .finally(() => {
      renewing = undefined;
    });
  return renewing;
}

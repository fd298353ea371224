import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Surroundings } from './keep-session.ts';

const MINUTE = 60_000;
const PAGE = '/viewer/viewer?StudyInstanceUIDs=1.2.3';
let refreshes: number[];
let answer: number;

/** Each test has modules of its own: the session of a page is the state of one. */
async function keeper(overrides: Partial<Surroundings> = {}) {
  vi.resetModules();
  const { keepSession } = await import('./keep-session.ts');
  let reloadedAt = 0;
  const surroundings = {
    expiresAt: async () => new Date(Date.now() + 15 * MINUTE).toISOString(),
    address: () => PAGE,
    reload: vi.fn(),
    goTo: vi.fn(),
    now: () => Date.now(),
    lastReload: {
      get: () => reloadedAt,
      set: (at: number) => {
        reloadedAt = at;
      },
    },
    ...overrides,
  };
  const session = keepSession(surroundings);
  await vi.advanceTimersByTimeAsync(0);
  return { ...surroundings, session };
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-01T08:00:00Z') });
  refreshes = [];
  answer = 200;
  const from = Date.now();
  vi.stubGlobal('BroadcastChannel', undefined);
  vi.stubGlobal('fetch', async () => {
    refreshes.push(Date.now() - from);
    if (answer !== 200) return Response.json({ code: 'SESSION_EXPIRED' }, { status: answer });
    return Response.json({ expiresAt: new Date(Date.now() + 15 * MINUTE).toISOString() });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the session of a page of OHIF', () => {
  it('is renewed at two thirds of each access token’s 15 minutes, so that the token never ends', async () => {
    await keeper();
    await vi.advanceTimersByTimeAsync(35 * MINUTE);
    expect(refreshes).toEqual([10 * MINUTE, 20 * MINUTE, 30 * MINUTE]);
  });

  it('is renewed once for any number of requests refused with 401, and the page is loaded again', async () => {
    const { session, reload, goTo } = await keeper();
    const errors = [{ status: 401 }, { request: { status: 401 } }, Object.assign(new Error('x'), { status: 401 })];
    await Promise.all(errors.map((error) => session.onHttpError(error)));
    expect(refreshes).toHaveLength(1);
    expect(reload).toHaveBeenCalledTimes(1);
    expect(goTo).not.toHaveBeenCalled();
  });

  it('does not load the page again and again when that does not help', async () => {
    const reload = vi.fn();
    const lastReload = { get: () => Date.now() - 5_000, set: () => undefined };
    const { session } = await keeper({ reload, lastReload });
    await session.onHttpError({ status: 401 });
    expect(reload).not.toHaveBeenCalled();
  });

  it.each([401, 403])('that can’t be renewed (%i) leads to the sign-in page and back', async (status) => {
    const { session, reload, goTo } = await keeper();
    answer = status;
    await session.onHttpError({ status: 401 });
    expect(goTo).toHaveBeenCalledExactlyOnceWith(`/login?next=${encodeURIComponent(PAGE)}`);
    expect(reload).not.toHaveBeenCalled();
  });

  it('is left alone by other failures', async () => {
    const { session, reload, goTo } = await keeper();
    for (const error of [{ status: 404 }, { status: 500 }, new Error('decoding'), undefined, null, 'text']) {
      await session.onHttpError(error);
    }
    answer = 503;
    await session.onHttpError({ status: 401 });
    expect(refreshes).toHaveLength(1);
    expect(reload).not.toHaveBeenCalled();
    expect(goTo).not.toHaveBeenCalled();
  });
});

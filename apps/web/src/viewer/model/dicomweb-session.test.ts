import { afterEach, describe, expect, it, vi } from 'vitest';

// When a session was last renewed is remembered by the page: other tests have other clocks.
vi.resetModules();
const { sessionEnded, sessionStarted, sessionState } = await import('../../api/session.ts');
const { fetchFrame } = await import('./dicomweb.ts');

describe('a session that ends while frames are on their way', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    sessionEnded();
  });
  const part = '--b\r\n\r\nx\r\n--b--\r\n';
  const framePart = () => new Response(part, { headers: { 'content-type': 'multipart/related; boundary=b' } });

  /** A server that takes a session away; `renews` is its answer to a renewal. */
  const serve = (renews: () => number) => {
    const state = { isGone: true, frames: 0, renewals: 0 };
    vi.stubGlobal('document', { cookie: '' });
    vi.stubGlobal('fetch', async (url: string) => {
      if (url === '/api/auth/refresh') {
        state.renewals += 1;
        const status = renews();
        state.isGone = status !== 200;
        return new Response('{"expiresAt":null}', { status });
      }
      state.frames += 1;
      return state.isGone ? new Response('{}', { status: 401 }) : framePart();
    });
    sessionStarted(null);
    return state;
  };

  it('is renewed, once for all of them, and they come', async () => {
    const state = serve(() => 200);
    const frames = await Promise.all([1, 2, 3].map((frame) => fetchFrame(`/dicom-web/frames/${frame}`)));
    expect(frames.map(({ bytes }) => bytes.length)).toEqual([1, 1, 1]);
    expect([state.renewals, state.frames]).toEqual([1, 6]);
  });

  it('is waited for until somebody has signed in again, unless what was asked for is not wanted any more', async () => {
    const state = serve(() => 401);
    const unwanted = new AbortController();
    const [kept, dropped] = [fetchFrame('/dicom-web/a'), fetchFrame('/dicom-web/b', { signal: unwanted.signal })];
    await vi.waitFor(() => expect(sessionState()).toBe('expired'));
    unwanted.abort();
    await expect(dropped).rejects.toMatchObject({ name: 'AbortError' });
    expect(state.frames).toBe(2);
    state.isGone = false;
    sessionStarted(null);
    expect((await kept).bytes.length).toBe(1);
    expect(state.frames).toBe(3);
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import { sessionEnded, sessionStarted, sessionState } from '../../api/session.ts';
import { type DicomwebError, fetchDocumentStart, fetchFrame, ohifUrl } from './dicomweb.ts';

describe('a refused frame', () => {
  afterEach(() => vi.unstubAllGlobals());

  const codeFor = async (status: number, body: string): Promise<string> => {
    vi.stubGlobal('fetch', async () => new Response(body, { status }));
    return fetchFrame('/dicom-web/x').then(
      () => 'none',
      (error: DicomwebError) => error.code,
    );
  };

  it('that is held back from who sees pseudonyms is told apart from one that the account may not see', async () => {
    expect(await codeFor(403, '{"code":"HELD_BACK"}')).toBe('HELD_BACK');
    for (const body of ['{"code":"FORBIDDEN"}', 'null', '<html>']) expect(await codeFor(403, body)).toBe('NOT_ALLOWED');
    expect(await codeFor(401, '{"code":"HELD_BACK"}')).toBe('SIGNED_OUT');
  });

  it('whose file is damaged on the disk is told apart from a server that can’t just now', async () => {
    expect(await codeFor(503, '{"code":"OBJECT_DAMAGED"}')).toBe('DAMAGED');
    for (const body of ['{"code":"BUSY"}', 'null', '<html>']) expect(await codeFor(503, body)).toBe('SERVER');
  });
});

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

describe('what an instance is when it is no image', () => {
  afterEach(() => vi.unstubAllGlobals());

  const start = (body: string, status: number, type: string) => {
    const asked: RequestInit[] = [];
    vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
      asked.push(init);
      return new Response(body, { status, headers: { 'content-type': type } });
    });
    return { asked, found: fetchDocumentStart('/dicom-web/x', new AbortController().signal) };
  };

  it('is told by what the server sends, of which only the beginning is asked for', async () => {
    const { asked, found } = start('%PDF-1.7', 206, 'application/pdf');
    expect(await found).toEqual({ mediaType: 'application/pdf', isPdf: true });
    expect(asked[0]?.headers).toMatchObject({ Range: 'bytes=0-1023', Accept: 'application/pdf, video/*' });
    expect(await start('\0\0', 200, 'video/mp4').found).toEqual({ mediaType: 'video/mp4', isPdf: false });
  });
  it('is no PDF when only its type says so', async () =>
    expect(await start('<html><script>', 206, 'application/pdf').found).toEqual({ mediaType: 'application/pdf', isPdf: false }));
  it('is a file to be handed over where the server has no rendered form', async () =>
    expect(await start('{}', 406, 'application/problem+json').found).toEqual({ mediaType: undefined, isPdf: false }));
  it('is refused as frames are', async () =>
    expect(start('{"code":"HELD_BACK"}', 403, 'application/problem+json').found).rejects.toMatchObject({ code: 'HELD_BACK' }));
});

it('names the partition of a study in OHIF', () => {
  expect(ohifUrl({ studyInstanceUid: '1.2' })).toBe('/viewer/viewer?StudyInstanceUIDs=1.2');
  expect(ohifUrl({ studyInstanceUid: '1.2', groupId: 'none' })).toBe('/viewer/viewer?StudyInstanceUIDs=1.2&group=none');
});

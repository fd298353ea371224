import { afterEach, describe, expect, it, vi } from 'vitest';
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

import { afterEach, describe, expect, it, vi } from 'vitest';
import { type DicomwebError, fetchFrame } from './dicomweb.ts';

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
});

import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { offerEarly } from '../../api/early-answer.ts';
import { bytesOf, fetchMore, forgetParts, isIntact, partOf } from './partial-frames.ts';

const URL = '/dicom-web/studies/1/series/2/instances/3/frames/1';
const WHOLE = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);

interface Asked {
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/** A server of one frame, as RFC 9110 14 has it; `cutAt` breaks the connection there. */
function serve(etag: () => string, cutAt: () => number | undefined = () => undefined): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    expect([url, init.cache]).toEqual([`${URL}/progressive`, 'no-store']);
    const headers = new Headers(init.headers);
    const [range, ifRange] = [headers.get('range') ?? undefined, headers.get('if-range') ?? undefined];
    asked.push({ range, ifRange });
    const [, from = '', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
    const isPart = ifRange === undefined || ifRange === etag();
    const start = isPart ? Number(from) : 0;
    const end = isPart && to !== '' ? Math.min(WHOLE.length, Number(to) + 1) : WHOLE.length;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (let at = start; at < end; at += 100) {
          if (at >= (cutAt() ?? Number.POSITIVE_INFINITY)) return controller.error(new TypeError('network'));
          controller.enqueue(WHOLE.slice(at, Math.min(end, at + 100)));
        }
        controller.close();
      },
    });
    return new Response(body, {
      status: isPart ? 206 : 200,
      headers: {
        etag: etag(),
        'content-length': String(end - start),
        ...(isPart && { 'content-range': `bytes ${start}-${end - 1}/${WHOLE.length}` }),
      },
    });
  });
  return asked;
}

const whole = (): Uint8Array | undefined => {
  const part = partOf(URL);
  return part === undefined ? undefined : bytesOf(part);
};

describe('a frame that comes in parts', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    forgetParts();
  });

  it('is its beginning first, and the rest from there on, of the same version', async () => {
    const asked = serve(() => '"a"');
    await fetchMore(URL, 250);
    expect([partOf(URL)?.length, partOf(URL)?.total]).toEqual([250, 1000]);
    await fetchMore(URL, undefined);
    expect(whole()).toEqual(WHOLE);
    expect(asked).toEqual([
      { range: 'bytes=0-249', ifRange: undefined },
      { range: 'bytes=250-', ifRange: '"a"' },
    ]);
  });

  it('goes on behind a beginning that was sent ahead, whoever wanted all of it', async () => {
    vi.stubGlobal('window', {});
    const asked = serve(() => '"a"');
    const headers = { etag: '"a"', 'content-range': `bytes 0-249/${WHOLE.length}` };
    const response = Promise.resolve(new Response(WHOLE.slice(0, 250), { status: 206, headers }));
    offerEarly(`${URL}/progressive`, { response, abort: () => undefined });
    await fetchMore(URL, undefined);
    expect([partOf(URL)?.length, asked]).toEqual([250, []]);
    await fetchMore(URL, undefined);
    expect([whole(), asked.map(({ range }) => range)]).toEqual([WHOLE, ['bytes=250-']]);
  });

  it('is not asked for again as far as it is here', async () => {
    const asked = serve(() => '"a"');
    await fetchMore(URL, 250);
    await fetchMore(URL, 200);
    expect(asked).toHaveLength(1);
  });

  it('begins anew where it is another one by now', async () => {
    let etag = '"a"';
    serve(() => etag);
    await fetchMore(URL, 250);
    etag = '"b"';
    await fetchMore(URL, undefined);
    expect([whole(), partOf(URL)?.etag]).toEqual([WHOLE, '"b"']);
  });

  it('keeps what came before a connection broke, and goes on from there', async () => {
    let cut: number | undefined = 400;
    const asked = serve(
      () => '"a"',
      () => cut,
    );
    await expect(fetchMore(URL, undefined)).rejects.toMatchObject({ code: 'NETWORK' });
    const { length = 0 } = partOf(URL) ?? {};
    cut = undefined;
    await fetchMore(URL, undefined);
    expect(whole()).toEqual(WHOLE);
    expect(asked.at(-1)?.range).toBe(`bytes=${length}-`);
  });

  it('tells as it grows, and is fetched by one request at a time', async () => {
    const asked = serve(() => '"a"');
    const lengths: number[] = [];
    await Promise.all([fetchMore(URL, 250), fetchMore(URL, undefined, { onGrown: ({ length }) => lengths.push(length) })]);
    expect(whole()).toEqual(WHOLE);
    expect(asked.map(({ range }) => range)).toEqual(['bytes=0-249', 'bytes=250-']);
    expect(lengths.at(0)).toBe(350);
    expect(lengths.at(-1)).toBe(1000);
  });

  it('is refused as the server refuses it', async () => {
    vi.stubGlobal('fetch', async () => new Response('{}', { status: 406 }));
    await expect(fetchMore(URL, 100)).rejects.toMatchObject({ code: 'SERVER', status: 406 });
    expect(partOf(URL)).toBeUndefined();
  });

  it('is held against its own hash once it is whole: one bit is enough', async () => {
    const digest = createHash('sha256').update(WHOLE).digest('base64url');
    serve(() => `"${digest}"`);
    await fetchMore(URL, undefined);
    const part = partOf(URL);
    if (part === undefined) throw new RangeError('nothing came');
    expect(await isIntact(part)).toBe(true);
    const damaged = Uint8Array.from(WHOLE);
    damaged[500] = (damaged[500] ?? 0) ^ 1;
    expect(await isIntact({ ...part, chunks: [damaged] })).toBe(false);
    expect(await isIntact({ ...part, etag: '"v7"', chunks: [damaged] })).toBe(true);
  });
});

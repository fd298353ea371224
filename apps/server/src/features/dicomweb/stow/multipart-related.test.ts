import { describe, expect, it } from 'vitest';
import { relatedParts, relatedType } from './multipart-related.ts';

const boundary = 'abc';
const body = (text: string) => Buffer.from(text, 'latin1');

/** The same bytes in chunks of `size`, so that every delimiter is cut somewhere. */
async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, size = 7): Promise<{ headers: Record<string, string>; text: string }[]> {
  const parts: { headers: Record<string, string>; text: string }[] = [];
  for await (const part of relatedParts(chunks(bytes, size), boundary)) {
    const pieces: Uint8Array[] = [];
    for await (const piece of part.body) pieces.push(Buffer.from(piece));
    parts.push({ headers: Object.fromEntries(part.headers), text: Buffer.concat(pieces).toString('latin1') });
  }
  return parts;
}

const two = body('--abc\r\nContent-Type: application/dicom\r\n\r\nfirst\r\n--ab not yet\r\n--abc\r\n\r\nsecond\r\n--abc--\r\n');

describe('multipart/related (RFC 2046 5.1)', () => {
  it.each([1, 2, 3, 5, 8, 13, 1000])('gives the same parts whatever the chunks are (%i bytes)', async (size) => {
    expect(await read(two, size)).toEqual([
      { headers: { 'content-type': 'application/dicom' }, text: 'first\r\n--ab not yet' },
      { headers: {}, text: 'second' },
    ]);
  });

  it.each(Array.from({ length: 24 }, (_, index) => index + 1))(
    'takes no beginning of a boundary for one, nor loses it (%i bytes)',
    async (size) => {
      const text = 'x\r\r\n\r\n-\r\n--\r\n--a\r\n--ab\r\n--\r\n--ab\r';
      expect(await read(body(`--abc\r\n\r\n${text}\r\n--abc--`), size)).toEqual([{ headers: {}, text }]);
    },
  );

  it('ignores a preamble and an epilogue and accepts padding after a boundary', async () => {
    const parts = await read(body('preamble\r\n--abc  \r\nA: b\r\n\r\nx\r\n--abc--\r\nepilogue'));
    expect(parts).toEqual([{ headers: { a: 'b' }, text: 'x' }]);
  });

  it('lets others go on between thousands of small parts that are all there', async () => {
    const bytes = body(`${'--abc\r\nA: b\r\n\r\nx\r\n'.repeat(20_000)}--abc--\r\n`);
    let [turns, parts] = [0, 0];
    let isOpen = true;
    const count = (): void => {
      turns += 1;
      if (isOpen) setImmediate(count);
    };
    setImmediate(count);
    for await (const _part of relatedParts(chunks(bytes, 65_536), boundary)) parts += 1;
    isOpen = false;
    expect(parts).toBe(20_000);
    expect(turns).toBeGreaterThan(0);
  });

  it('goes on with the next part when a body was not read to its end', async () => {
    const texts: string[] = [];
    for await (const part of relatedParts(chunks(two, 4), boundary)) texts.push(part.headers.get('content-type') ?? 'none');
    expect(texts).toEqual(['application/dicom', 'none']);
  });

  it.each([
    ['a body that ends in a part', '--abc\r\n\r\nfirst'],
    ['a body without any boundary', 'nothing here'],
    ['an empty body', ''],
    ['text right behind a boundary', '--abcdef\r\n\r\nx\r\n--abc--'],
    ['an endless header', `--abc\r\n${'A: b\r\n'.repeat(5000)}\r\nx\r\n--abc--`],
  ])('refuses %s with MALFORMED_MULTIPART', async (_what, text) => {
    await expect(read(body(text), 64)).rejects.toMatchObject({ code: 'MALFORMED_MULTIPART' });
  });

  it('refuses a preamble that does not end, at once', async () => {
    let asked = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (; asked < 1000; asked += 1) yield Buffer.alloc(65_536, '-');
    }
    await expect(relatedParts(endless(), boundary).next()).rejects.toMatchObject({ code: 'MALFORMED_MULTIPART' });
    expect(asked).toBeLessThan(5);
    expect(await read(body(`${'a line\r\n'.repeat(5000)}--abc\r\n\r\nx\r\n--abc--`))).toHaveLength(1);
  });

  it('lets others go on while a long part and a long epilogue that are all there are read', async () => {
    let turns = 0;
    let isOpen = true;
    const turn = (): void => {
      turns += 1;
      if (isOpen) setImmediate(turn);
    };
    /** Turns until all is read of what never waits and takes some milliseconds a piece. */
    const turnsOf = async (start: string, piece: string, end: string): Promise<number> => {
      const before = turns;
      async function* pieces(): AsyncGenerator<Uint8Array> {
        yield body(start);
        for (let at = 0; at < 20; at += 1) {
          for (const since = performance.now(); performance.now() - since < 3; );
          yield body(piece);
        }
        yield body(end);
      }
      for await (const _part of relatedParts(pieces(), boundary));
      return turns - before;
    };
    setImmediate(turn);
    expect(await turnsOf('--abc\r\n\r\n', 'x', '\r\n--abc--')).toBeGreaterThan(2);
    expect(await turnsOf('--abc\r\n\r\nx\r\n--abc--', 'x', '')).toBeGreaterThan(2);
    isOpen = false;
  });

  it('refuses a hundred thousand and one parts', async () => {
    const many = body(`${'--abc\r\n\r\n\r\n'.repeat(100_001)}--abc--`);
    await expect(read(many, 65_536)).rejects.toMatchObject({ code: 'MALFORMED_MULTIPART' });
  });

  it('reads boundary and root type from the header, quoted or not', () => {
    expect(relatedType('multipart/related; type="application/dicom"; boundary=abc')).toEqual({
      boundary: 'abc',
      rootType: 'application/dicom',
    });
    expect(relatedType('Multipart/Related;boundary="a;b"')).toEqual({ boundary: 'a;b', rootType: 'application/dicom' });
    // Orthanc's plugin makes its boundary of two UUIDs, 3 characters over what RFC 2046 allows.
    const long = 'f522c375-62f0-4671-ab0e-15643bb41b31-f522c375-62f0-4671-ab0e-15643bb41b31';
    expect(relatedType(`multipart/related; boundary=${long}`).boundary).toBe(long);
  });

  it.each([undefined, 'application/json', 'multipart/form-data; boundary=x'])('refuses the content type %s', (type) => {
    expect(() => relatedType(type)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_MEDIA_TYPE' }));
  });

  it.each(['multipart/related', 'multipart/related; boundary=', `multipart/related; boundary=${'x'.repeat(201)}`])(
    'refuses the boundary of %s',
    (type) => {
      expect(() => relatedType(type)).toThrow(expect.objectContaining({ code: 'MALFORMED_MULTIPART' }));
    },
  );
});

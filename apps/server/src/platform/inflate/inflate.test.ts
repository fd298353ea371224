import { Readable } from 'node:stream';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflate, inflatedChunks, inflateSync } from './index.ts';

const MIB = 1024 * 1024;
const zeros = deflateRawSync(Buffer.alloc(8 * MIB));

async function gather(source: Readable, maxBytes: number): Promise<number> {
  let length = 0;
  for await (const chunk of inflatedChunks(source, maxBytes)) length += chunk.length;
  return length;
}

describe('inflating under a cap', () => {
  it('gives exactly as much as the cap allows, and refuses one byte more', async () => {
    expect((await inflate(zeros, { maxBytes: 8 * MIB })).length).toBe(8 * MIB);
    expect(inflateSync(zeros, { maxBytes: 8 * MIB, chunkSize: 8 * MIB + 1 }).length).toBe(8 * MIB);
    expect(await gather(Readable.from([zeros]), 8 * MIB)).toBe(8 * MIB);
    await expect(inflate(zeros, { maxBytes: 8 * MIB - 1 })).rejects.toThrow(RangeError);
    expect(() => inflateSync(zeros, { maxBytes: 8 * MIB - 1 })).toThrow(RangeError);
    await expect(gather(Readable.from([zeros]), 8 * MIB - 1)).rejects.toThrow(RangeError);
  });

  it('refuses what is no deflate data, and passes the fault of a source on', async () => {
    const text = Buffer.from('no deflate data, at length');
    await expect(inflate(text, { maxBytes: MIB })).rejects.toMatchObject({ code: expect.stringMatching(/^Z_/) });
    await expect(gather(Readable.from([text]), MIB)).rejects.toMatchObject({ code: expect.stringMatching(/^Z_/) });
    const broken = Readable.from(
      (function* () {
        yield zeros.subarray(0, 100);
        throw new Error('the disk is gone');
      })(),
    );
    await expect(gather(broken, 8 * MIB)).rejects.toThrow('the disk is gone');
  });

  it('reads no more of its source than is asked for, and ends it', async () => {
    let read = 0;
    const random = deflateRawSync(Buffer.from(Array.from({ length: MIB }, (_, index) => (index * 7919 * (index % 251)) & 255)));
    const source = Readable.from(
      (function* () {
        for (let at = 0; at < random.length; at += 1024) {
          read += 1024;
          yield random.subarray(at, at + 1024);
        }
      })(),
      { objectMode: false, highWaterMark: 1024 },
    );
    for await (const chunk of inflatedChunks(source, MIB)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(source.destroyed).toBe(true);
    expect(read).toBeLessThan(random.length);
  });
});

import { deflateRawSync } from 'node:zlib';
import type { ByteReader } from '@negatoscope/dicom';
import { describe, expect, test } from 'vitest';
import { supplied } from './supplied.ts';

const FILE = Buffer.from('a header of 24 characters', 'latin1');
const DATASET = Buffer.alloc(200_000, 'dataset ');
const whole = Buffer.concat([FILE, deflateRawSync(DATASET)]);
const source = (maxBytes = DATASET.length) => ({
  ...{ sizeBytes: whole.length, maxBytes },
  read: async (offset: number, length: number) => whole.subarray(offset, offset + length),
});

/** Joins what it is given from one place of a space on. */
function* reading(space: 'file' | 'inflated', from: number, length: number): ByteReader<string> {
  const pieces: Uint8Array[] = [];
  for (let at = from; at < from + length; at += pieces.at(-1)?.length ?? 0)
    pieces.push(yield { space, offset: at, length: from + length - at, inflateFrom: FILE.length });
  return Buffer.concat(pieces).subarray(0, length).toString('latin1');
}

describe('a reader whose bytes are fetched as it asks for them', () => {
  test('has those of the file by their place', async () => {
    expect(await supplied(reading('file', 2, 6), source())).toBe('header');
  });

  test('has those of a deflated dataset by their place in it (PS3.5 A.5), as far as it may inflate', async () => {
    expect(await supplied(reading('inflated', 100_000, 16), source())).toBe('dataset dataset ');
    await expect(supplied(reading('inflated', 199_990, 10), source(100_000))).rejects.toMatchObject({ code: 'INFLATE_LIMIT' });
  });

  test('fails with what it fails with', async () => {
    function* failing(): ByteReader<never> {
      yield { space: 'inflated', offset: 0, length: 8, inflateFrom: FILE.length };
      throw new RangeError('no such element');
    }
    await expect(supplied(failing(), source())).rejects.toThrow('no such element');
  });
});

import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Failure } from '../../kernel/failure.ts';
import { InflatedSpace } from './inflated-space.ts';

const BYTES = Buffer.from(Uint8Array.from({ length: 500_000 }, (_, index) => (index * index) % 251));
const deflated = deflateRawSync(BYTES);
const read = async (offset: number, length: number): Promise<Buffer> => deflated.subarray(offset, offset + length);
const open = (maxBytes = 1e9, from = read): InflatedSpace =>
  new InflatedSpace({ read: from, from: 0, sizeBytes: deflated.length, maxBytes });

test('gives the bytes of any place, forward and back', async () => {
  const space = open();
  for (const offset of [0, 100, 300_000, 5, 499_999, 0]) {
    const bytes = await space.supply(offset);
    expect(bytes.length).toBeGreaterThan(0);
    expect(BYTES.subarray(offset, offset + bytes.length).equals(bytes)).toBe(true);
  }
  expect(await space.supply(BYTES.length)).toHaveLength(0);
  await space.close();
});

test('begins again some times and not for ever', async () => {
  const space = open();
  const back = async (): Promise<void> => {
    for (let count = 0; count < 40; count += 1) {
      await space.supply(400_000);
      await space.supply(0);
    }
  };
  await expect(back()).rejects.toMatchObject({ code: 'INFLATE_FAILED' });
});

test('fails for too much, for what is no deflate data, and as the store does', async () => {
  await expect(open(1000).supply(0)).rejects.toMatchObject({ code: 'INFLATE_LIMIT' });
  await expect(open(1e9, async () => Buffer.alloc(100, 0xff)).supply(0)).rejects.toMatchObject({ code: 'INFLATE_FAILED' });
  const damaged = async (): Promise<Buffer> => {
    throw new Failure('OBJECT_DAMAGED');
  };
  await expect(open(1e9, damaged).supply(0)).rejects.toMatchObject({ code: 'OBJECT_DAMAGED' });
});

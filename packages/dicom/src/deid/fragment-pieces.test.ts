import { createPrng } from '@negatoscope/testkit';
import { describe, expect, test } from 'vitest';
import { joined } from '../../test/deid/support.ts';
import type { ByteRange } from '../frame-ranges.ts';
import { FragmentPieces } from './fragment-pieces.ts';

const prng = createPrng('fragments');
const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => prng.integer(1, 255));
const even = (bytes: Uint8Array): Uint8Array => (bytes.length % 2 === 0 ? bytes : Uint8Array.from([...bytes, 0]));
/** An item of PS3.5 A.4: its tag, its even length, its bytes. */
function itemOf(bytes: Uint8Array): Uint8Array {
  const value = even(bytes);
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint16(0, 0xfffe, true);
  view.setUint16(2, 0xe000, true);
  view.setUint32(4, value.length, true);
  return Buffer.concat([head, value]);
}

interface Frame {
  readonly bare: Uint8Array;
  /** As its fragments have it; of several fragments, where each ends. */
  readonly stored: Uint8Array;
  readonly ends?: readonly number[];
}

/** Frames as they stand in a file, one behind the other, and what is written of them. */
function written(frames: readonly Frame[]) {
  const fragments = new FragmentPieces();
  const file: Uint8Array[] = [];
  let size = 0;
  for (const { bare, stored, ends = [stored.length] } of frames) {
    const ranges: ByteRange[] = [];
    let from = 0;
    for (const end of ends) {
      const item = itemOf(stored.subarray(from, end));
      ranges.push({ offset: size + 8, length: end - from });
      file.push(item);
      size += item.length;
      from = end;
    }
    fragments.add(bare, stored, ranges);
  }
  return { fragments, bytes: Buffer.from(joined(fragments.pieces, Buffer.concat(file))) };
}
const expected = (frames: readonly Frame[]): Buffer => Buffer.concat(frames.map(({ bare }) => itemOf(bare)));
const unchanged = (length: number): Frame => {
  const bytes = noise(length);
  return { bare: bytes, stored: even(bytes) };
};
const LONG = 70_000;

describe('fragments as they are written (PS3.5 A.4)', () => {
  test('of frames that stay as they are are one run of the file, their headers included', () => {
    const frames = [unchanged(10), unchanged(7), unchanged(LONG)];
    const { fragments, bytes } = written(frames);
    expect(bytes.equals(expected(frames))).toBe(true);
    expect([fragments.pieces, fragments.isChanged]).toEqual([
      [{ offset: 0, length: 18 + 16 + 8 + LONG, swapWordBytes: 1 }],
      false,
    ]);
    expect(fragments.lengths).toEqual([10, 7, LONG]);
  });

  test.each<[string, (stored: Uint8Array) => Uint8Array]>([
    ['before', (stored) => stored.subarray(12)],
    ['behind', (stored) => stored.subarray(0, -12)],
    ['within', (stored) => Buffer.concat([stored.subarray(0, 40_000), stored.subarray(40_012)])],
    ['in the place of a byte', (stored) => stored.map((byte, at) => (at === 1234 ? (byte % 255) + 1 : byte))],
  ])('of a long frame of which something goes %s are runs around it', (_where, clean) => {
    const stored = noise(LONG);
    const frames = [unchanged(20), { bare: clean(stored), stored }, unchanged(30)];
    const { fragments, bytes } = written(frames);
    expect(bytes.equals(expected(frames))).toBe(true);
    expect(fragments.isChanged).toBe(true);
    // What is held in memory is headers and what changed.
    const held = fragments.pieces.reduce((sum, piece) => sum + ('bytes' in piece ? piece.bytes.length : 0), 0);
    expect(held).toBeLessThan(64);
  });

  test('of a long frame of one gray are as long as it is, though its beginning and its end are alike', () => {
    const stored = new Uint8Array(LONG).fill(5);
    const frame = { bare: stored.subarray(0, LONG - 12), stored };
    expect(written([frame]).bytes.equals(expected([frame]))).toBe(true);
  });

  test('of short frames are held: a run would cost more', () => {
    const stored = noise(500);
    const { fragments, bytes } = written([{ bare: stored.subarray(3), stored }]);
    expect(bytes.equals(itemOf(stored.subarray(3)))).toBe(true);
    expect(fragments.pieces.every((piece) => 'bytes' in piece)).toBe(true);
  });

  test('of a frame in several fragments are one, unchanged as it is', () => {
    const stored = noise(LONG);
    const { fragments, bytes } = written([{ bare: stored, stored, ends: [10_000, 40_000, LONG] }]);
    expect(bytes.equals(itemOf(stored))).toBe(true);
    expect([fragments.isChanged, fragments.lengths]).toEqual([false, [LONG]]);
  });

  test('a byte behind a frame that is no zero is something that went, as are two zeros', () => {
    for (const behind of [[1], [0, 0], [0, 0, 0]]) {
      const bare = noise(6);
      const { fragments, bytes } = written([{ bare, stored: Uint8Array.from([...bare, ...behind]) }]);
      expect([fragments.isChanged, bytes.equals(itemOf(bare))]).toEqual([true, true]);
    }
  });

  test('a fragment whose length is odd, which none may be, is made even', () => {
    const bytes = noise(7);
    const { fragments, bytes: made } = written([{ bare: bytes, stored: bytes }, unchanged(4)]);
    expect([made.subarray(0, 16).equals(itemOf(bytes)), fragments.isChanged, fragments.lengths]).toEqual([true, false, [7, 4]]);
  });

  test('whatever is cut out of frames of any length, the file is what its frames are', () => {
    for (let at = 0; at < 40; at += 1) {
      const frames = Array.from({ length: prng.integer(1, 5) }, (): Frame => {
        const stored = noise(2 * prng.integer(1, prng.pick([20, 400])));
        const [from, to] = [prng.integer(0, stored.length - 1), prng.integer(0, stored.length)];
        const bare = to > from ? Buffer.concat([stored.subarray(0, from), stored.subarray(to)]) : stored;
        return { bare, stored };
      });
      expect(written(frames).bytes.equals(expected(frames))).toBe(true);
    }
  });
});

import { type PixelCase, pixelElement, pixelMatrix } from '@negatoscope/testkit';
import { describe, expect, it } from 'vitest';
import { locateFrames } from '../../frames.ts';
import { parsePart10 } from '../../parse.ts';
import { frameFormatOf } from '../../pixels/describe.ts';
import { lookupTable } from '../../pixels/lookup.ts';
import { blackOf } from './black.ts';
import { masksWithin, type PixelMask } from './masks.ts';
import { paintBlack } from './paint.ts';

const MASKS: readonly PixelMask[] = [
  { left: 2, top: 1, right: 6, bottom: 4 },
  { left: 10, top: 6, right: 11, bottom: 7 },
];
/** Of a case's picture: where the masks are, what its darkest is. */
const BLACK: Record<PixelCase['photometric'], (one: PixelCase) => readonly number[]> = {
  MONOCHROME1: ({ bitsStored, isSigned }) => [isSigned ? 2 ** (bitsStored - 1) - 1 : 2 ** bitsStored - 1],
  MONOCHROME2: ({ bitsStored, isSigned }) => [isSigned ? -(2 ** (bitsStored - 1)) : 0],
  RGB: () => [0, 0, 0],
  YBR_FULL: () => [0, 128, 128],
  'PALETTE COLOR': () => [0],
};

function masked(one: PixelCase, masks: readonly PixelMask[]): number[][] {
  const black = BLACK[one.photometric](one);
  return one.expected.map((values, frame) =>
    values.map((value, at) => {
      const pixel = Math.floor(at / black.length);
      const [x, y] = [pixel % one.columns, Math.floor(pixel / one.columns)];
      const isIn = masks.some(
        (mask) => (mask.frame ?? frame) === frame && x >= mask.left && x < mask.right && y >= mask.top && y < mask.bottom,
      );
      return isIn ? (black[at % black.length] ?? 0) : value;
    }),
  );
}

function paintedBytes({ instance: { bytes } }: PixelCase, masks: readonly PixelMask[], step: number): Uint8Array {
  const parsed = parsePart10(bytes);
  const table = locateFrames(parsed, bytes);
  if (table.kind !== 'native' && table.kind !== 'packed-bits') throw new Error('not native');
  const format = frameFormatOf(parsed.json, '7FE00010');
  const pixels = bytes.slice(parsed.pixelData?.offset ?? 0);
  const black = blackOf(format, parsed.json);
  // As they are streamed: in pieces that begin and end anywhere.
  for (let at = 0; at < pixels.length; at += step) paintBlack(pixels.subarray(at, at + step), at, { format, masks, black });
  return pixels;
}

const NATIVE = [...pixelMatrix()].filter(({ syntax }) => syntax === 'explicit');
const bytesOf = (one: PixelCase, values: readonly (readonly number[])[]): Uint8Array => {
  const element = pixelElement(one, values);
  if (typeof element !== 'object' || element === null || !('value' in element) || !(element.value instanceof Uint8Array))
    throw new Error('no bytes');
  return element.value;
};

describe('native pixels are made black where they are masked, and no other bit changes', () => {
  it.each(NATIVE.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    for (const masks of [MASKS, MASKS.map((mask) => ({ ...mask, frame: one.frames - 1 }))]) {
      const wanted = bytesOf(one, masked(one, masks));
      // A black that is negative fills its cell by its sign.
      const signBits = one.isSigned && one.bitsStored === 12 ? 0xf0 : 0;
      for (const step of [1, 13, 4096]) {
        const painted = paintedBytes(one, masks, step).subarray(0, wanted.length);
        const seen = painted.map((byte, at) => (at % 2 === 1 ? byte & ~signBits : byte));
        expect(Buffer.from(seen).equals(Buffer.from(wanted.map((byte, at) => (at % 2 === 1 ? byte & ~signBits : byte))))).toBe(
          true,
        );
      }
    }
  });
});

describe('black', () => {
  const grey = {
    rows: 1,
    columns: 1,
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: 12,
    highBit: 11,
    isFloat: false,
  } as const;
  const format = { ...grey, pixelRepresentation: 1, planarConfiguration: 0, photometricInterpretation: 'MONOCHROME2' } as const;
  it('is the padding of a file that has one, in either spelling, if it can be a value of it', () => {
    expect(blackOf(format, { '00280120': { vr: 'SS', Value: [-2000] } })).toEqual([-2000]);
    expect(blackOf(format, { '00280120': { vr: 'US', Value: [63_536] } })).toEqual([-2000]);
    expect(blackOf(format, { '00280120': { vr: 'SS', Value: [-32_768] } })).toEqual([-2048]);
  });
  it('is the darkest colour of a palette', () => {
    const table = (values: number[]) => {
      const made = lookupTable([4, 0, 16], new Uint8Array(Uint16Array.from(values).buffer), false);
      if (made === undefined) throw new Error('no table');
      return made;
    };
    const palette = { red: table([9, 200, 1, 90]), green: table([90, 9, 2, 90]), blue: table([9, 9, 3, 90]) };
    const indices = { ...format, pixelRepresentation: 0, bitsStored: 8, photometricInterpretation: 'PALETTE COLOR' } as const;
    expect(blackOf(indices, {}, palette)).toEqual([2]);
  });
});

it('a rectangle is cut at the edge of the picture; one outside of it, an empty one and one of no frame are none', () => {
  const pixels = { rows: 10, columns: 20, frames: 2 };
  const box = { left: 0, top: 0, right: 5, bottom: 5 };
  expect(masksWithin([{ left: -4, top: 8, right: 400, bottom: 12, frame: 1 }], pixels)).toEqual([
    { left: 0, top: 8, right: 20, bottom: 10, frame: 1 },
  ]);
  for (const bad of [
    { left: 20, right: 30 },
    { bottom: 0 },
    { left: 5 },
    { top: 2, bottom: 1 },
    { frame: 2 },
    { frame: -1 },
    { left: 0.5 },
    { right: Number.NaN },
  ])
    expect(masksWithin([box, { ...box, ...bad }], pixels)).toBeUndefined();
});

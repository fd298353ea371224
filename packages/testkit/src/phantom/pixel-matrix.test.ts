import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeRle } from '../part10/decode-rle.ts';
import { decodeRleByDcmtk, hasDcmtk, parse, runDcmtk } from '../testing/read-back.ts';
import type { PixelCase } from './pixel-case.ts';
import { pixelMatrix } from './pixel-matrix.ts';

const CASES = Array.from(pixelMatrix());

/** A decoder for the test only, from bytes to samples by pixel. */
function decode(test: PixelCase): number[][] {
  const parsed = parse(test.instance.bytes);
  const element = parsed.elements.x7fe00010;
  if (!element) throw new Error('no pixels');
  // A deflated file is parsed from inflated bytes.
  const source = Buffer.from(parsed.byteArray);
  const samples = parsed.uint16('x00280002') ?? 1;
  const count = test.rows * test.columns * samples;
  const size = test.bitsAllocated / 8;
  return Array.from({ length: test.frames }, (_, frame) => {
    if (test.bitsAllocated === 1) {
      return Array.from({ length: count }, (__, index) => {
        const bit = frame * count + index;
        const byte = bit >> 3;
        return ((source[element.dataOffset + byte] ?? 0) >> (bit & 7)) & 1;
      });
    }
    const fragment = element.fragments?.[frame];
    const shape = {
      rows: test.rows,
      columns: test.columns,
      samplesPerPixel: samples,
      bytesPerSample: size,
      planarConfiguration: test.planarConfiguration,
    };
    const bytes = fragment
      ? decodeRle(source.subarray(fragment.position, fragment.position + fragment.length), shape)
      : source.subarray(element.dataOffset + frame * count * size, element.dataOffset + (frame + 1) * count * size);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const little = test.syntax !== 'bigEndian';
    return Array.from({ length: count }, (__, index) => {
      const place =
        test.planarConfiguration === 1 ? (index % samples) * test.rows * test.columns + Math.floor(index / samples) : index;
      const raw =
        size === 1 ? view.getUint8(place) : size === 2 ? view.getUint16(place * 2, little) : view.getUint32(place * 4, little);
      return test.isSigned && raw >= 2 ** (test.bitsStored - 1) ? raw - 2 ** test.bitsStored : raw;
    });
  });
}

describe('pixelMatrix', () => {
  it('has every corner: bits x sign x photometric x planar x frames x syntax', () => {
    const has = (part: Partial<PixelCase>): boolean =>
      CASES.some((test) => Object.entries(part).every(([key, value]) => test[key as keyof PixelCase] === value));
    for (const syntax of ['explicit', 'implicit', 'bigEndian', 'deflated', 'rle'] as const) {
      for (const frames of [1, 3]) {
        for (const isSigned of [false, true]) {
          for (const bitsStored of [8, 12, 16, 32])
            expect(has({ syntax, frames, isSigned, bitsStored, photometric: 'MONOCHROME1' })).toBe(true);
        }
        expect(has({ syntax, frames, bitsAllocated: 1 })).toBe(syntax !== 'rle');
        expect(has({ syntax, frames, photometric: 'PALETTE COLOR' })).toBe(true);
        for (const planarConfiguration of [0, 1] as const) {
          expect(has({ syntax, frames, photometric: 'RGB', planarConfiguration })).toBe(true);
          expect(has({ syntax, frames, photometric: 'YBR_FULL', planarConfiguration })).toBe(true);
        }
      }
    }
    expect(new Set(CASES.map((test) => test.name)).size).toBe(CASES.length);
    expect(new Set(CASES.map((test) => test.instance.sopInstanceUid)).size).toBe(CASES.length);
  });
  it('reaches both ends of each range', () => {
    for (const test of CASES) {
      const low = test.isSigned ? -(2 ** (test.bitsStored - 1)) : 0;
      expect(Math.min(...(test.expected[0] ?? []))).toBe(low);
      expect(Math.max(...(test.expected[0] ?? []))).toBe(low + 2 ** test.bitsStored - 1);
    }
  });
  it.each(CASES)('$name: the stored bytes decode to the expected samples', (test) => {
    expect(decode(test)).toEqual(test.expected);
  });
  it.skipIf(!hasDcmtk)('is read by dcmdump', () => {
    const files = CASES.filter((_, index) => index % 9 === 0).map(({ instance }) => instance.bytes);
    const { status, output } = runDcmtk('dcmdump', files);
    expect([status, output.match(/^# Dicom-Data-Set/gm)?.length]).toEqual([0, files.length]);
  });
  it.skipIf(!hasDcmtk)('RLE cases decode by DCMTK to the same samples (PS3.5 Annex G)', () => {
    for (const test of CASES.filter(({ syntax, bitsAllocated }) => syntax === 'rle' && bitsAllocated <= 16)) {
      const plain = {
        ...test,
        syntax: 'explicit',
        planarConfiguration: 0,
        instance: { ...test.instance, bytes: decodeRleByDcmtk(test.instance.bytes) },
      } as const;
      const planar = parse(plain.instance.bytes).uint16('x00280006') === 1 ? 1 : 0;
      expect(decode({ ...plain, planarConfiguration: planar }), test.name).toEqual(test.expected);
    }
  });
  it('deflated files inflate to the same data set as explicit ones (PS3.5 A.5)', () => {
    const deflated = CASES.find((test) => test.syntax === 'deflated');
    if (!deflated) throw new Error('no deflated case');
    const start = 132 + 12 + Buffer.from(deflated.instance.bytes).readUInt32LE(140);
    expect(inflateRawSync(deflated.instance.bytes.subarray(start)).readUInt16LE(0)).toBe(8);
  });
});

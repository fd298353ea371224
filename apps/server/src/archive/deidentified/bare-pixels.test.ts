import { encodeRle } from '@negatoscope/dicom';
import { expect, test } from 'vitest';
import { bareEncapsulated, nativeBytes } from './bare-pixels.ts';

const RLE = '1.2.840.10008.1.2.5';
const us = (...Value: number[]) => ({ vr: 'US', Value });
const JSON_OF = {
  '00280002': us(1),
  '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
  '00280008': { vr: 'IS', Value: [2] },
  '00280010': us(4),
  '00280011': us(4),
  '00280100': us(8),
  '00280101': us(8),
  '00280102': us(7),
  '00280103': us(0),
};
const FORMAT = {
  rows: 4,
  columns: 4,
  samplesPerPixel: 1,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  isFloat: false,
  pixelRepresentation: 0,
  planarConfiguration: 0,
  photometricInterpretation: 'MONOCHROME2',
} as const;
const frame = (fill: number): Buffer =>
  Buffer.from(encodeRle({ ...FORMAT, pixels: Uint8Array.from({ length: 16 }, (_, at) => at * fill) }));

function item(content: Buffer, tag = 'feff00e0'): Buffer {
  const head = Buffer.concat([Buffer.from(tag, 'hex'), Buffer.alloc(4)]);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content]);
}
const END = item(Buffer.alloc(0), 'feffdde0');
const whole = (table: Buffer, frames: readonly Buffer[]): Buffer =>
  Buffer.concat([item(table), ...frames.map((one) => item(one)), END]);

test('compressed frames leave without an offset table and what stands behind their pixels (PS3.5 A.4)', () => {
  const frames = [frame(1), frame(3)];
  const named = frames.map((one) => Buffer.concat([one, Buffer.from('DURAND^Jeanne ')]));
  const bare = bareEncapsulated(whole(Buffer.from('DURAND  '), named), JSON_OF, RLE);
  expect(bare?.includes('DURAND')).toBe(false);
  expect(bare).toEqual(whole(Buffer.alloc(0), frames));
});

test.each([
  ['as many fragments as frames are not there', whole(Buffer.alloc(0), [frame(1)]), JSON_OF, RLE],
  ['an item is longer than the file', Buffer.from('feff00e0ffffff7f', 'hex'), JSON_OF, RLE],
  [
    'an extended offset table says where frames are',
    whole(Buffer.alloc(0), [frame(1), frame(3)]),
    { ...JSON_OF, '7FE00001': us() },
    RLE,
  ],
  ['it is video', whole(Buffer.alloc(0), [frame(1), frame(3)]), JSON_OF, '1.2.840.10008.1.2.4.102'],
])('nothing is given when %s', (_why, bytes, json, syntax) => {
  expect(bareEncapsulated(bytes, json, syntax)).toBeUndefined();
});

test('native pixels take what the header says, made even', () => {
  expect(nativeBytes({ ...JSON_OF, '00280010': us(3), '00280011': us(3), '00280008': { vr: 'IS', Value: [1] } })).toBe(10);
});

import {
  type DecodedFrame,
  type DicomJsonObject,
  deidentifyPart10,
  type EncodedFrame,
  locateFrames,
  parsePart10,
  runReader,
  writeDataset,
} from '@negatoscope/dicom';
import { afterAll, expect, test } from 'vitest';
import { CodecPool } from '../../platform/codecs/pool.ts';
import { onceHash, substitutesOf } from './substitutes.ts';

const pool = new CodecPool();
afterAll(() => pool.close());
const NAME = 'DUPONTEL^Marie-Zoe';
const implementation = { classUid: '1.2.3', version: 'TEST' };
const FORMAT = {
  rows: 32,
  columns: 48,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  pixelRepresentation: 0,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  isFloat: false,
} as const;
const pixelsOf = (seed: number): Buffer => {
  const pixels = Buffer.alloc(FORMAT.rows * FORMAT.columns * 2);
  for (let at = 0; at < pixels.length; at += 2) pixels.writeUInt16LE((at * seed + (at % 96) * 7) % 4096, at);
  return pixels;
};

/** A segment with the name, behind the first marker; in a JPEG 2000 stream behind SIZ, which is the second. */
function withName(stream: Buffer, marker: number, prefix: Buffer): Buffer {
  const content = Buffer.concat([prefix, Buffer.from(NAME)]);
  const head = Buffer.from([0xff, marker, 0, content.length + 2]);
  const at = marker === 0x64 ? 4 + stream.readUInt16BE(4) : 2;
  return Buffer.concat([stream.subarray(0, at), head, content, stream.subarray(at)]);
}

const items = (parts: readonly Buffer[]): Buffer =>
  Buffer.concat([
    ...[Buffer.alloc(0), ...parts].map((part) => {
      const head = Buffer.from('feff00e000000000', 'hex');
      head.writeUInt32LE(part.length + (part.length % 2), 4);
      return Buffer.concat([head, part, Buffer.alloc(part.length % 2)]);
    }),
    Buffer.from('feffdde000000000', 'hex'),
  ]);

function fileOf(frames: readonly Buffer[], transferSyntaxUid: string): Buffer {
  const us = (value: number) => ({ vr: 'US', Value: [value] });
  const json: DicomJsonObject = {
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
    '00080018': { vr: 'UI', Value: ['1.2.3.4'] },
    '00280002': us(1),
    '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
    '00280008': { vr: 'IS', Value: [frames.length] },
    '00280010': us(FORMAT.rows),
    '00280011': us(FORMAT.columns),
    '00280100': us(16),
    '00280101': us(12),
    '00280102': us(11),
    '00280103': us(0),
  };
  const parts = writeDataset(json, { transferSyntaxUid, implementation, bulk: () => undefined });
  const open = Buffer.from('e07f10004f420000ffffffff', 'hex');
  return Buffer.concat([...parts.filter((part) => part instanceof Uint8Array), open, items(frames)]);
}

function deidentified(file: Buffer): Buffer {
  const substitutes = substitutesOf(onceHash(), '1');
  const reader = deidentifyPart10(file.length, { profile: { options: new Set() }, substitutes, implementation });
  const { pieces } = runReader(reader, file, () => file);
  return Buffer.concat(pieces.map((one) => ('bytes' in one ? one.bytes : file.subarray(one.offset, one.offset + one.length))));
}

async function decodedOf(file: Buffer, transferSyntaxUid: string): Promise<DecodedFrame['pixels'][]> {
  const table = locateFrames(parsePart10(file), file);
  if (table.kind !== 'encapsulated') throw new Error('no fragments');
  const frames = [...table.fragmentOffsets].map((offset, index): EncodedFrame => {
    const bytes = file.subarray(offset, offset + (table.fragmentLengths[index] ?? 0));
    return { ...FORMAT, transferSyntaxUid, bytes };
  });
  return Promise.all(frames.map(async (frame) => Buffer.from((await pool.decodeFrame(frame)).pixels)));
}

test.each([
  ['JPEG-LS, comment and application segment', '1.2.840.10008.1.2.4.80', [0xfe, 0xe4], Buffer.alloc(0)],
  ['JPEG 2000, comment', '1.2.840.10008.1.2.4.90', [0x64], Buffer.from([0, 1])],
  ['HTJ2K, comment', '1.2.840.10008.1.2.4.201', [0x64], Buffer.from([0, 1])],
])(
  'what a file says beside its pixels does not leave, its pixels do: %s',
  { timeout: 30_000 },
  async (_what, syntax, markers, prefix) => {
    const wanted = [pixelsOf(3), pixelsOf(11)];
    const stored = wanted.map(async (pixels) => {
      const native = { ...FORMAT, transferSyntaxUid: '1.2.840.10008.1.2.1', bytes: pixels };
      const { bytes } = await pool.encodeFrame(native, syntax);
      return markers.reduce<Buffer>((stream, marker) => withName(stream, marker, prefix), Buffer.from(bytes));
    });
    const file = fileOf(await Promise.all(stored), syntax);
    expect(file.includes('DUPONTEL')).toBe(true);
    expect(await decodedOf(file, syntax)).toEqual(wanted);
    const left = deidentified(file);
    expect(left.includes('DUPONTEL')).toBe(false);
    expect(await decodedOf(left, syntax)).toEqual(wanted);
  },
);

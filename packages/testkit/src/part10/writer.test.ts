import { describe, expect, it } from 'vitest';
import { smallDataset } from '../hostile/small.ts';
import { hasDcmtk, parse, runDcmtk } from '../testing/read-back.ts';
import type { Dataset } from './dataset.ts';
import { TransferSyntax } from './transfer-syntax.ts';
import { decimalString } from './values.ts';
import { writePart10 } from './writer.ts';

const SEQUENCES: Dataset = {
  ReferencedImageSequence: {
    vr: 'SQ',
    value: [{ ReferencedSOPInstanceUID: '1.2.3', ProcedureCodeSequence: { vr: 'SQ', value: [{ CodeMeaning: 'Thorax côté' }] } }],
  },
};

const SYNTAXES = [
  ['implicit VR little endian (PS3.5 A.1)', TransferSyntax.implicitVrLittleEndian],
  ['explicit VR little endian (PS3.5 A.2)', TransferSyntax.explicitVrLittleEndian],
  ['explicit VR big endian (PS3.5 A.3)', TransferSyntax.explicitVrBigEndian],
  ['deflated explicit VR little endian (PS3.5 A.5)', TransferSyntax.deflatedExplicitVrLittleEndian],
] as const;

describe.each(SYNTAXES)('writePart10 in %s', (_, transferSyntaxUid) => {
  const dataset: Dataset = {
    ...smallDataset('writer'),
    ...SEQUENCES,
    '00090010': 'TESTKIT',
    '00091001': { vr: 'LO', value: 'privé' },
    PixelData: { vr: 'OW', value: Uint8Array.from({ length: 64 }, (__, index) => index) },
  };
  it.each([false, true])('is read by dicom-parser with undefined lengths %s', (undefinedLengths) => {
    const parsed = parse(writePart10(dataset, { transferSyntaxUid, undefinedLengths }));
    expect(parsed.string('x0020000d')).toBe(dataset.StudyInstanceUID);
    expect(parsed.uint16('x00280010')).toBe(8);
    expect(parsed.elements.x7fe00010?.length).toBe(64);
    if (transferSyntaxUid === TransferSyntax.implicitVrLittleEndian) return;
    const item = parsed.elements.x00081140?.items?.[0]?.dataSet;
    expect(item?.string('x00081155')).toBe('1.2.3');
  });
  it.skipIf(!hasDcmtk)('is read by dcmdump without a word of complaint', () => {
    const { status, output } = runDcmtk(
      'dcmdump',
      [writePart10(dataset, { transferSyntaxUid, undefinedLengths: true })],
      ['+U8', '+L'],
    );
    expect(status).toBe(0);
    expect(output).not.toMatch(/^[WEF]: /m);
    expect(output).toContain('Thorax côté');
  });
});

describe('writePart10', () => {
  const options = { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian };
  it('writes the bytes of PS3.10 7.1 and PS3.5 7.1.2 exactly', () => {
    const file = Buffer.from(writePart10({ Rows: 258, PatientName: 'A^B', '00091001': { vr: 'OB', value: [1, 2, 3] } }, options));
    expect(file.subarray(128, 140).toString('hex')).toBe('4449434d' + '02000000' + '554c0400');
    expect(file.readUInt32LE(140)).toBe(file.length - 144 - 38);
    const elements = [
      '09000110' + '4f420000' + '04000000' + '01020300',
      '10001000' + '504e0400' + '415e4220',
      '28001000' + '55530200' + '0201',
    ];
    expect(file.subarray(-38).toString('hex')).toBe(elements.join(''));
  });
  it('writes text of ISO_IR 100 as Latin-1 and of ISO_IR 192 as UTF-8 (PS3.5 6.1)', () => {
    const bytes = (set: string): string =>
      Buffer.from(writePart10({ SpecificCharacterSet: set, PatientName: 'É' }, options))
        .subarray(-2)
        .toString('hex');
    expect(bytes('ISO_IR 100')).toBe('c920');
    expect(bytes('ISO_IR 192')).toBe('c389');
    expect(() => writePart10({ PatientName: 'É' }, options)).toThrow(RangeError);
  });
  it('leaves out preamble and meta information on request', () => {
    const bare = writePart10({ PatientID: 'X' }, { ...options, preamble: false, meta: false });
    expect(Buffer.from(bare).toString('hex')).toBe('100020004c4f02005820');
  });
  it('writes decimal strings of at most 16 bytes (PS3.5 6.2, DS)', () => {
    for (const value of [380 / 512, -190.0000000001, 1 / 3e7, -123456789.123456, 1e-20]) {
      expect(decimalString(value).length).toBeLessThanOrEqual(16);
      expect(Math.abs(Number(decimalString(value)) / value - 1)).toBeLessThan(1e-8);
    }
  });
  it('refuses a value that its length field cannot say', () => {
    expect(() => writePart10({ PatientName: 'A'.repeat(70_000) }, options)).toThrow(RangeError);
  });
});

describe('encapsulated pixel data (PS3.5 A.4)', () => {
  const fragments = (count: number): Uint8Array[] =>
    Array.from({ length: count }, (_, index) => new Uint8Array(31 + index).fill(index + 1));
  const write = (frames: readonly (readonly Uint8Array[])[], offsetTable: 'basic' | 'empty' | 'extended'): Uint8Array =>
    writePart10(
      { ...smallDataset('fragments'), NumberOfFrames: frames.length, PixelData: { frames, offsetTable } },
      { transferSyntaxUid: TransferSyntax.jpegBaseline },
    );
  it('fills the Basic Offset Table with each frame of several fragments', () => {
    const pixels = parse(write([fragments(2), fragments(3)], 'basic')).elements.x7fe00010;
    expect(pixels?.basicOffsetTable).toEqual([0, 8 + 32 + 8 + 32]);
    expect(pixels?.fragments?.length).toBe(5);
  });
  it('leaves the table empty on request', () => {
    const pixels = parse(write([fragments(1), fragments(1)], 'empty')).elements.x7fe00010;
    expect(pixels?.basicOffsetTable).toEqual([]);
    expect(pixels?.fragments?.map((fragment) => fragment.length)).toEqual([32, 32]);
  });
  it('adds the Extended Offset Table with the true lengths (PS3.3 C.7.6.3)', () => {
    const file = write([fragments(1), fragments(1)], 'extended');
    // dicom-parser takes OV for a VR with a 16-bit length, so the bytes are looked at.
    const table = (element: string, first: string, second: string): string => `e07f${element}4f56000010000000${first}${second}`;
    const hex = Buffer.from(file).toString('hex');
    expect(hex).toContain(table('0100', '0000000000000000', '2800000000000000'));
    expect(hex).toContain(table('0200', '1f00000000000000', '1f00000000000000'));
    expect(() => write([fragments(2)], 'extended')).toThrow(RangeError);
  });
});

import { describe, expect, it } from 'vitest';
import {
  type DicomJsonElement,
  parsePart10,
  type ReencodedFile,
  reencodePart10,
  runReader,
  swapWords,
  TRANSFER_SYNTAXES,
} from '../src/index.ts';
import {
  ascii,
  concat,
  encapsulated,
  explicit,
  ITEM_END,
  implicit,
  item,
  part10,
  SEQUENCE_END,
  seeded,
  UNDEFINED,
  u16,
  u32,
} from './build.ts';

const [IMPLICIT, EXPLICIT, BIG] = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2'];
const noInflater = (): Uint8Array => {
  throw new Error('not deflated');
};

function reencode(
  file: Uint8Array,
  to: string,
  replaced: Readonly<Record<string, DicomJsonElement | undefined>> = {},
): ReencodedFile {
  const options = {
    transferSyntaxUid: to,
    isExplicit: TRANSFER_SYNTAXES.get(to)?.isExplicitVr === true,
    replacements: new Map(Object.entries(replaced)),
    implementation: { classUid: '1.2.3', version: 'TEST' },
  };
  return runReader(reencodePart10(file.length, options), file, noInflater);
}

/** The file up to its Pixel Data. */
function rewritten(
  file: Uint8Array,
  to: string,
  replaced: Readonly<Record<string, DicomJsonElement | undefined>> = {},
): Uint8Array {
  const bytes = reencode(file, to, replaced).pieces.map((piece) => {
    if ('bytes' in piece) return piece.bytes;
    const stored = file.subarray(piece.offset, piece.offset + piece.length);
    return piece.swapWordBytes > 1 ? swapWords(stored, piece.swapWordBytes) : stored;
  });
  return concat(...bytes);
}

const uids = concat(explicit('00080016', 'UI', '1.2.840.10008.5.1.4.1.1.7\0'), explicit('00080018', 'UI', '1.2.3\0'));
const read = (file: Uint8Array) => parsePart10(file);

describe('writing a dataset in another transfer syntax (PS3.5 7, A.1, A.2)', () => {
  it('makes file meta information anew and clears the preamble (PS3.10 7.1)', () => {
    const file = part10(uids);
    file.set(ascii('MZ'), 0);
    const sent = rewritten(file, IMPLICIT);
    expect(sent.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
    expect(read(sent).fileMeta).toMatchObject({
      '00020002': { Value: ['1.2.840.10008.5.1.4.1.1.7'] },
      '00020003': { Value: ['1.2.3'] },
      '00020010': { Value: [IMPLICIT] },
      '00020012': { Value: ['1.2.3'] },
    });
    expect(read(sent).warnings).toEqual([]);
  });

  it('keeps values byte for byte, sequences within sequences too, whatever their lengths were', () => {
    const inner = explicit('00081199', 'SQ', item(explicit('00081155', 'UI', '1.2.3.4\0')));
    const open = concat(explicit('00081140', 'SQ', new Uint8Array(0), UNDEFINED), item(inner, UNDEFINED), ITEM_END, SEQUENCE_END);
    const file = part10(
      concat(uids, open, explicit('00181164', 'DS', '1.50\\2.0 '), explicit('00189073', 'FD', new Uint8Array(8).fill(63))),
    );
    for (const to of [EXPLICIT, IMPLICIT]) {
      const sent = read(rewritten(file, to));
      expect(sent.json).toEqual(read(file).json);
      expect(sent.warnings).toEqual([]);
    }
    expect(Buffer.from(rewritten(file, EXPLICIT)).includes('1.50\\2.0 ')).toBe(true);
  });

  it('turns the words of big endian round, of short values and of skipped ones', () => {
    const be = (tag: string, vr: string, value: Uint8Array): Uint8Array => {
      const header = new DataView(new ArrayBuffer(vr === 'OW' ? 12 : 8));
      header.setUint32(0, Number.parseInt(tag, 16));
      header.setUint8(4, vr.charCodeAt(0));
      header.setUint8(5, vr.charCodeAt(1));
      if (vr === 'OW') header.setUint32(8, value.length);
      else header.setUint16(6, value.length);
      return concat(new Uint8Array(header.buffer), value);
    };
    const words = Uint8Array.from({ length: 4000 }, (_, index) => index % 251);
    const file = part10(concat(be('00280010', 'US', Uint8Array.of(1, 2)), be('00281201', 'OW', words)), BIG);
    const sent = rewritten(file, EXPLICIT);
    expect(read(sent).json['00280010']).toEqual({ vr: 'US', Value: [258] });
    expect(Buffer.from(sent).includes(Buffer.from(swapWords(words, 2)))).toBe(true);
  });

  it('gives implicit elements the VR of the dictionary, and UN to what has no room behind a short header (PS3.5 6.2.2)', () => {
    const file = part10(
      concat(
        implicit('00100010', 'A^B '),
        implicit('00102160', 'x'.repeat(70_000)),
        implicit('00110010', 'MAKER '),
        implicit('00111001', Uint8Array.of(1, 2, 3, 4)),
      ),
      IMPLICIT,
    );
    const { json } = read(rewritten(file, EXPLICIT));
    expect(json).toMatchObject({
      '00100010': { vr: 'PN' },
      '00110010': { vr: 'LO', Value: ['MAKER'] },
      '00111001': { vr: 'UN', InlineBinary: 'AQIDBA==' },
    });
    expect(Buffer.from(rewritten(file, EXPLICIT)).includes('UN')).toBe(true);
    const back = read(rewritten(rewritten(file, EXPLICIT), IMPLICIT)).json;
    // The long value is told by its place, which file meta information moved.
    expect({ ...back, '00102160': undefined }).toEqual({ ...read(file).json, '00102160': undefined });
    expect(back['00102160']).toMatchObject({ vr: 'SH', BulkDataURI: expect.stringMatching(/:70000$/) });
  });

  it('replaces, adds and leaves out elements at their places, sequences and group lengths too', () => {
    const icon = explicit('00880200', 'SQ', item(concat(explicit('00280010', 'US', u16(9)), encapsulated([new Uint8Array(8)]))));
    const file = part10(
      concat(
        explicit('00080000', 'UL', u32(5)),
        uids,
        explicit('00280004', 'CS', 'YBR_RCT '),
        explicit('00280010', 'US', u16(4)),
        icon,
        encapsulated([Uint8Array.of(1, 2)]),
      ),
    );
    const sent = rewritten(file, EXPLICIT, {
      '00280004': { vr: 'CS', Value: ['RGB'] },
      '00280006': { vr: 'US', Value: [0] },
      '00282110': { vr: 'CS', Value: ['01'] },
      '00880200': undefined,
    });
    const { json, warnings } = read(sent);
    expect(Object.keys(json)).toEqual(['00080016', '00080018', '00280004', '00280006', '00280010', '00282110']);
    expect([json['00280004'], json['00282110'], warnings]).toEqual([
      { vr: 'CS', Value: ['RGB'] },
      { vr: 'CS', Value: ['01'] },
      [],
    ]);
    expect(reencode(file, EXPLICIT).pixelData).toMatchObject({ tag: '7FE00010', encapsulated: true });
  });

  it('refuses fragments where no VR would tell them from a sequence (PS3.5 A.1)', () => {
    const icon = explicit('00880200', 'SQ', item(encapsulated([new Uint8Array(8)])));
    const file = part10(concat(uids, icon));
    expect(() => rewritten(file, IMPLICIT)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_TRANSFER_SYNTAX' }));
    expect(read(rewritten(file, EXPLICIT)).json).toHaveProperty('00880200');
    expect(read(rewritten(file, IMPLICIT, { '00880200': undefined })).json).not.toHaveProperty('00880200');
  });

  it('fills odd values up: text with a space, UIDs and bytes with zero', () => {
    const odd = (tag: string, vr: string, text: string): Uint8Array => explicit(tag, vr, Buffer.from(text, 'latin1'));
    const sent = Buffer.from(rewritten(part10(concat(odd('00080018', 'UI', '1.2'), odd('00100020', 'LO', 'abc'))), EXPLICIT));
    expect(sent.includes('1.2\0')).toBe(true);
    expect(sent.includes('abc ')).toBe(true);
  });

  it('does not run for ever or past its input on damage: a result that can be read, or the error of the reader', () => {
    const whole = part10(
      concat(
        uids,
        explicit('00081140', 'SQ', item(explicit('00081155', 'UI', '1.2\0'))),
        explicit('00280010', 'US', u16(4)),
        encapsulated([u16(1)]),
      ),
    );
    const random = seeded(7);
    for (let round = 0; round < 400; round += 1) {
      const file = whole.slice(0, round % 4 === 0 ? Math.floor(random() * whole.length) : whole.length);
      for (let i = 0; i < 3; i += 1)
        file[132 + Math.floor(random() * Math.max(1, file.length - 132))] = Math.floor(random() * 256);
      try {
        const sent = rewritten(file, round % 2 === 0 ? EXPLICIT : IMPLICIT);
        expect(() => read(sent)).not.toThrow();
      } catch (error) {
        expect(error).toMatchObject({ name: 'DicomError' });
      }
    }
  });
});

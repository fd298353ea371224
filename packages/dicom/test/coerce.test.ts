import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { type Dataset, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import dicomParser from 'dicom-parser';
import { describe, expect, it } from 'vitest';
import {
  type CoercedFile,
  type CoercedPiece,
  coercePart10,
  DicomError,
  type DicomJsonObject,
  jsonItems,
  parsePart10,
  runReader,
} from '../src/index.ts';
import { ascii, concat, explicit, ITEM_END, implicit, item, part10, SEQUENCE_END, UNDEFINED, u32 } from './build.ts';
import { HAS_CORPUS, inflateRaw, manifest, NO_CORPUS, readCorpus } from './corpus.ts';
import { drive, exact } from './drive.ts';

const NAME = '00100010';
const named = (text: string): DicomJsonObject => ({ [NAME]: { vr: 'PN', Value: [{ Alphabetic: text }] } });
const optionsOf = (replacements: DicomJsonObject) => ({
  replacements: () => replacements,
  modifiedAt: '20260102030405+0000',
  modifyingSystem: 'NEGATOSCOPE',
  implementation: { classUid: '1.2.3', version: 'TEST' },
});

function piecesOf(space: Uint8Array, pieces: readonly CoercedPiece[]): Uint8Array {
  return Buffer.concat(
    pieces.map((piece) => {
      if ('bytes' in piece) return piece.bytes;
      return space.subarray(piece.offset, piece.length === undefined ? undefined : piece.offset + piece.length);
    }),
  );
}

function coerced(file: Uint8Array, replacements: DicomJsonObject): { bytes: Uint8Array; result: CoercedFile } {
  let dataset: Uint8Array = file;
  const inflate = (from: number) => {
    dataset = inflateRaw(file.subarray(from), 1e9);
    return dataset;
  };
  const result = runReader(coercePart10(file.length, optionsOf(replacements)), file, inflate);
  const body = piecesOf(dataset, result.pieces);
  const bytes = result.space === 'file' ? body : Buffer.concat([piecesOf(file, result.head), deflateRawSync(body)]);
  return { bytes: new Uint8Array(bytes), result };
}

/** The values without places in the file, which move. */
const unplaced = { bulkDataUri: (ref: { length: number | undefined }) => `bulk of ${ref.length}`, inflateRaw };
const readBack = (file: Uint8Array): DicomJsonObject => parsePart10(file, unplaced).json;

/** The stored dataset as the coerced one must read: the new values and nothing else. */
function expectOnly(file: Uint8Array, sent: Uint8Array, replacements: DicomJsonObject): void {
  const [before, after] = [readBack(file), readBack(sent)];
  for (const tag of new Set([...Object.keys(before), ...Object.keys(after)]))
    if (!['00080001', '00080005', '04000561'].includes(tag)) expect(after[tag], tag).toEqual(replacements[tag] ?? before[tag]);
  const items = jsonItems(after, '04000561');
  const old = jsonItems(before, '04000561');
  expect(items.slice(0, -1)).toEqual(old);
  const modified = jsonItems(items.at(-1) ?? {}, '04000550')[0] ?? {};
  for (const [tag, value] of Object.entries(replacements)) expect(modified[tag]).toEqual(before[tag] ?? { vr: value.vr });
}

const base: Dataset = {
  SpecificCharacterSet: 'ISO_IR 100',
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
  SOPInstanceUID: '1.2.3.4',
  StudyDescription: 'Genou',
  '00081110': { vr: 'SQ', value: [{ '00081155': { vr: 'UI', value: '1.2.3' } }] },
  PatientName: 'Ancien^Nom',
  PatientID: 'P1',
  PatientBirthDate: '19700101',
  PatientSex: 'F',
  StudyInstanceUID: '1.2.3',
  Rows: 2,
  Columns: 2,
  BitsAllocated: 8,
  PixelData: { vr: 'OB', value: Uint8Array.of(1, 2, 3, 4) },
};
const PREVIOUS = {
  vr: 'SQ',
  value: [{ '04000550': { vr: 'SQ', value: [{ PatientID: 'P0' }] }, '04000563': { vr: 'LO', value: 'OTHER' } }],
} as const;
const ALL: DicomJsonObject = {
  '00081030': { vr: 'LO', Value: ['Épaule gauche'] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Lefèvre^Zoé' }] },
  '00100020': { vr: 'LO', Value: ['NG-2026-000001'] },
  '00100030': { vr: 'DA', Value: ['19710203'] },
  '00100040': { vr: 'CS', Value: ['M'] },
};
const SYNTAXES = {
  explicit: TransferSyntax.explicitVrLittleEndian,
  implicit: TransferSyntax.implicitVrLittleEndian,
  'big endian': TransferSyntax.explicitVrBigEndian,
  deflated: TransferSyntax.deflatedExplicitVrLittleEndian,
};
const dcmdump = ['/usr/bin/dcmdump', '/usr/local/bin/dcmdump', '/opt/homebrew/bin/dcmdump'].find(existsSync);

function dump(file: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'negatoscope-coerce-'));
  try {
    writeFileSync(join(folder, 'file.dcm'), file);
    return execFileSync(dcmdump ?? '', ['-q', '+L', join(folder, 'file.dcm')], { encoding: 'latin1' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.each(Object.entries(SYNTAXES))('a file in %s is sent with what the index says', (name, transferSyntaxUid) => {
  const variants: [string, Dataset, boolean][] = [
    ['all attributes', base, false],
    [
      'none of the attributes',
      {
        ...base,
        PatientName: undefined,
        PatientID: undefined,
        PatientBirthDate: undefined,
        PatientSex: undefined,
        StudyDescription: undefined,
      },
      false,
    ],
    ['sequences of undefined length', base, true],
    [
      'group lengths',
      {
        ...base,
        '00080000': { vr: 'UL', value: 10 },
        '00080001': { vr: 'UL', value: 500 },
        '00100000': { vr: 'UL', value: 40 },
        '04000000': { vr: 'UL', value: 1 },
      },
      false,
    ],
    ['no pixel data', { ...base, PixelData: undefined }, false],
    ['an Original Attributes Sequence', { ...base, '04000561': PREVIOUS }, false],
    ['an Original Attributes Sequence of undefined length', { ...base, '04000561': PREVIOUS }, true],
    ['an empty Original Attributes Sequence', { ...base, '04000561': { vr: 'SQ', value: [] } }, false],
  ];
  it.each(variants)('and had %s (PS3.3 C.12.1.1.9)', (_what, dataset, undefinedLengths) => {
    const file = writePart10(dataset, { transferSyntaxUid, undefinedLengths });
    const { bytes, result } = coerced(file, ALL);
    expect(result).toMatchObject({ changed: Object.keys(ALL), approximated: [] });
    expectOnly(file, bytes, ALL);
    const last = jsonItems(readBack(bytes), '04000561').at(-1);
    expect(last).toMatchObject({
      '04000562': { vr: 'DT', Value: ['20260102030405+0000'] },
      '04000563': { vr: 'LO', Value: ['NEGATOSCOPE'] },
      '04000564': { vr: 'LO' },
      '04000565': { vr: 'CS', Value: ['COERCE'] },
    });
    if (name !== 'deflated') {
      const other = dicomParser.parseDicom(bytes);
      expect(other.string('x00100020')).toBe('NG-2026-000001');
      expect(Object.keys(other.elements)).not.toContain('x00100000');
      const tags = Object.keys(other.elements).filter((tag) => !tag.startsWith('x0002'));
      expect(tags).toEqual([...tags].sort());
    }
    if (dcmdump !== undefined) {
      const text = dump(bytes);
      expect(text).toContain('PN [Lef\u00e8vre^Zo\u00e9]');
      expect(text).not.toMatch(/^[EW]:/m);
    }
  });

  it('gives the same through windows of any size', () => {
    const file = writePart10({ ...base, '04000561': PREVIOUS }, { transferSyntaxUid, undefinedLengths: true });
    const whole = coerced(file, ALL).result;
    const start = parsePart10(file, { inflateRaw }).datasetOffset;
    const spaces = whole.space === 'file' ? { file } : { file, inflated: inflateRaw(file.subarray(start), 1e9) };
    for (const windowBytes of [1, 7, 64])
      expect(drive(coercePart10(file.length, optionsOf(ALL), { windowBytes }), spaces, exact).result).toEqual(whole);
  });
});

const charset = (term: string | undefined, more: Dataset = {}): Uint8Array =>
  writePart10({ ...base, SpecificCharacterSet: term, ...more }, { transferSyntaxUid: SYNTAXES.explicit });
const nameIn = (file: Uint8Array) => readBack(file)[NAME]?.Value?.[0];

describe('text follows the Specific Character Set (PS3.3 C.12.1.1.2)', () => {
  it.each([
    ['ISO_IR 192', 'Łukasz^山田', 'Łukasz^山田'],
    ['ISO_IR 100', 'Zo\u0065\u0301^Été', 'Zoé^Été'],
    ['ISO_IR 100', 'Łukasz^Œuvré山', 'Lukasz^OEuvré?'],
    ['\\ISO 2022 IR 87', 'Lefèvre^Zoé', 'Lefevre^Zoe'],
    ['ISO 2022 IR 6\\ISO 2022 IR 87', 'Nguyễn^Văn', 'Nguyen^Van'],
    ['ISO 2022 IR 100\\ISO 2022 IR 126', 'Lefèvre^Zoé', 'Lefèvre^Zoé'],
    ['ISO_IR 144', 'Lefèvre^Zoé', 'Lefevre^Zoe'],
    ['GB18030', 'Lefèvre', 'Lefevre'],
    ['ISO_IR 100', 'A\\B\nC', 'A/B C'],
  ])('%s: %s is written %s', (term, wanted, written) => {
    const { bytes, result } = coerced(charset(term), named(wanted));
    expect(nameIn(bytes)).toEqual({ Alphabetic: written });
    expect(result.approximated).toEqual(wanted.normalize('NFC') === written ? [] : [NAME]);
    expect(readBack(bytes)['00080005']).toEqual({ vr: 'CS', Value: term.split('\\') });
  });

  it('a file that is all ASCII gets ISO_IR 192 when the value needs it, and says that it had none', () => {
    const { bytes, result } = coerced(charset(undefined), named('Łukasz^山田'));
    expect(nameIn(bytes)).toEqual({ Alphabetic: 'Łukasz^山田' });
    expect(result).toMatchObject({ changed: [NAME], approximated: [] });
    const after = readBack(bytes);
    expect(after['00080005']).toEqual({ vr: 'CS', Value: ['ISO_IR 192'] });
    expect(jsonItems(jsonItems(after, '04000561')[0] ?? {}, '04000550')[0]).toEqual({
      '00080005': { vr: 'CS' },
      [NAME]: { vr: 'PN', Value: [{ Alphabetic: 'Ancien^Nom' }] },
    });
    expect(readBack(coerced(charset(undefined), named('Plain')).bytes)['00080005']).toBeUndefined();
  });

  it('a file without a character set that holds other bytes keeps them as they read', () => {
    const file = charset(undefined, { InstitutionName: { vr: 'LO', value: Uint8Array.of(0x48, 0xf4, 0x70, 0x2e) } });
    const { bytes, result } = coerced(file, named('Zoé'));
    expect(nameIn(bytes)).toEqual({ Alphabetic: 'Zoe' });
    expect(result.approximated).toEqual([NAME]);
    expect(readBack(bytes)['00080080']).toEqual(readBack(file)['00080080']);
  });

  it('a group of the name in another script is left out where the set lacks it', () => {
    const wanted: DicomJsonObject = {
      [NAME]: { vr: 'PN', Value: [{ Alphabetic: 'Yamada', Ideographic: '山田', Phonetic: 'x' }] },
    };
    expect(nameIn(coerced(charset('ISO_IR 100'), wanted).bytes)).toEqual({ Alphabetic: 'Yamada', Phonetic: 'x' });
    expect(nameIn(coerced(charset('ISO_IR 192'), wanted).bytes)).toEqual(wanted[NAME]?.Value?.[0]);
  });
});

describe('odd files', () => {
  it('nothing to replace is the stored file, whole', () => {
    const file = charset('ISO_IR 100');
    expect(coerced(file, {}).result).toEqual({
      changed: [],
      isCompleted: false,
      approximated: [],
      space: 'file',
      datasetOffset: expect.any(Number),
      head: [],
      pieces: [{ offset: 0, length: file.length }],
    });
  });

  it('has no run of nothing, also where what is added stands last', () => {
    const { pieces } = coerced(part10(explicit(NAME, 'PN', 'Old^Name')), named('New')).result;
    const lengths = pieces.map((piece) => ('bytes' in piece ? piece.bytes.length : piece.length));
    expect(lengths.length).toBeGreaterThan(2);
    expect(lengths.filter((length) => length === 0)).toEqual([]);
  });

  const bare = concat(
    explicit('00080016', 'UI', '1.2.840.10008.5.1.4.1.1.7\0'),
    explicit('00080018', 'UI', '1.2.3\0'),
    explicit(NAME, 'PN', 'DOE'),
  );
  it.each([
    ['no preamble and no meta information', bare],
    ['a prefix alone', concat(ascii('DICM'), bare)],
    ['a preamble, and no meta information', concat(new Uint8Array(128), ascii('DICM'), bare)],
    ['meta information without preamble', part10(bare).subarray(132)],
  ])('a file with %s leaves as one of PS3.10 7.1, its dataset untouched', (_what, file) => {
    for (const replacements of [{}, named('ROE')]) {
      const { bytes, result } = coerced(file, replacements);
      expect(result.isCompleted).toBe(true);
      expect(Buffer.from(bytes.subarray(0, 132)).toString('latin1')).toBe(`${'\0'.repeat(128)}DICM`);
      const parsed = parsePart10(bytes);
      expect([parsed.hasPreamble, parsed.hasMeta, parsed.transferSyntaxUid]).toEqual([true, true, '1.2.840.10008.1.2.1']);
      if (NAME in replacements) expect(parsed.json[NAME]).toEqual(replacements[NAME]);
      else expect(bytes.subarray(-bare.length)).toEqual(new Uint8Array(bare));
    }
  });

  it('an empty value empties, a second occurrence goes, an odd length is evened among the old values', () => {
    const file = part10(
      concat(explicit(NAME, 'PN', 'One'), explicit(NAME, 'PN', Buffer.from('Two'), 3), explicit('00100020', 'LO', 'P')),
    );
    const { bytes } = coerced(file, { [NAME]: { vr: 'PN' } });
    const after = readBack(bytes);
    expect(after[NAME]).toEqual({ vr: 'PN' });
    expect(after['00100020']).toEqual({ vr: 'LO', Value: ['P'] });
    expect(jsonItems(jsonItems(after, '04000561')[0] ?? {}, '04000550')[0]?.[NAME]).toEqual({
      vr: 'PN',
      Value: [{ Alphabetic: 'Two' }],
    });
  });

  it('attributes sent as UN are replaced by their VR; a sequence sent as UN stays implicit (PS3.5 6.2.2)', () => {
    const sequence = explicit('04000561', 'UN', concat(item(implicit('04000563', 'OTHER')), SEQUENCE_END), UNDEFINED);
    const file = part10(concat(explicit(NAME, 'UN', 'Old^Name'), sequence, explicit('7FE00010', 'OW', u32(1))));
    const { bytes } = coerced(file, named('New'));
    expectOnly(file, bytes, named('New'));
    expect(jsonItems(readBack(bytes), '04000561')).toHaveLength(2);
  });

  it.each([
    ['an Original Attributes Sequence that is none', concat(explicit(NAME, 'PN', 'A'), explicit('04000561', 'LO', 'text'))],
    ['two Original Attributes Sequences', concat(explicit('04000561', 'SQ'), explicit('04000561', 'SQ'))],
    ['a name that is a sequence', concat(explicit(NAME, 'SQ', concat(item(), SEQUENCE_END), UNDEFINED))],
    [
      'a sequence without its delimiter',
      explicit('04000561', 'SQ', concat(item(new Uint8Array(0), UNDEFINED), ITEM_END), UNDEFINED),
    ],
  ])('%s is refused, not sent with a wrong name', (_what, dataset) => {
    expect(() => coerced(part10(concat(explicit('00080060', 'CS', 'CT'), dataset)), named('New'))).toThrow(DicomError);
  });

  it('a value too long for its VR is refused', () => {
    expect(() => coerced(charset('ISO_IR 100'), named('x'.repeat(70_000)))).toThrow(
      expect.objectContaining({ code: 'BAD_LENGTH' }),
    );
  });
});

describe.skipIf(!HAS_CORPUS)(`every good file of the test data, with a new name${NO_CORPUS}`, () => {
  const files = manifest().filter((row) => row.expected === 'ok' || row.expect === 'ok' || row.status === 'ok');

  it('is asked about most of them', () => expect(files.length).toBeGreaterThan(200));
  it.each(files.map((row) => row.file ?? ''))('%s', (file) => {
    const bytes = readCorpus(file);
    const wanted = { ...named('Coerced^Name'), '00100020': { vr: 'LO', Value: ['X-1'] } };
    const { bytes: sent, result } = coerced(bytes, wanted);
    expectOnly(bytes, sent, wanted);
    const [before, after] = [parsePart10(bytes, unplaced), parsePart10(sent, unplaced)];
    expect(after.fileMeta).toEqual(before.fileMeta);
    if (before.pixelData === undefined || result.space === 'inflated') return;
    expect(Buffer.compare(sent.subarray(after.pixelData?.offset), bytes.subarray(before.pixelData.offset))).toBe(0);
  });
});

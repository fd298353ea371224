import { type Dataset, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import { describe, expect, it } from 'vitest';
import { type DicomJsonObject, glimpse, parsePart10, readGlimpse } from '../src/index.ts';
import { concat, explicit, ITEM_END, implicit, item, part10, SEQUENCE_END, seeded, UNDEFINED } from './build.ts';
import { HAS_CORPUS, inflateRaw, manifest, NO_CORPUS, readCorpus } from './corpus.ts';

const TAGS = [0x00080005, 0x00081030, 0x00100010, 0x00100020, 0x00100030, 0x00100040];
const KEYS = TAGS.map((tag) => tag.toString(16).padStart(8, '0').toUpperCase());
const IMPLICIT = '1.2.840.10008.1.2';

const among = (json: DicomJsonObject): DicomJsonObject =>
  Object.fromEntries(KEYS.flatMap((key) => (json[key] === undefined ? [] : [[key, json[key]]])));
const whole = (file: Uint8Array): DicomJsonObject => among(parsePart10(file, { inflateRaw }).json);
const seen = (file: Uint8Array, start = file): DicomJsonObject | undefined => {
  const found = glimpse(start, file.length, TAGS);
  return found && readGlimpse(found);
};

const dataset: Dataset = {
  SpecificCharacterSet: 'ISO_IR 100',
  StudyDescription: 'Genou gauche é',
  '00081110': { vr: 'SQ', value: [{ '00081155': { vr: 'UI', value: '1.2.3' } }, { PatientName: 'Inside^Item' }] },
  PatientName: 'Lefèvre^Zoé',
  PatientID: 'P1',
  PatientBirthDate: '19700101',
  PatientSex: 'F',
  Rows: 1,
  Columns: 1,
  PixelData: { vr: 'OB', value: Uint8Array.of(1, 2) },
};
const name = explicit('00100010', 'PN', 'A^B');
const inImplicit = implicit('00100010', 'A^B');

describe('a glimpse of some attributes tells what the reader of whole headers tells (PS3.5 7.1)', () => {
  const syntaxes = [TransferSyntax.explicitVrLittleEndian, TransferSyntax.implicitVrLittleEndian];
  it.each(syntaxes.flatMap((uid) => [true, false].map((undefinedLengths): [string, boolean] => [uid, undefinedLengths])))(
    'in %s, sequences of undefined length: %s',
    (transferSyntaxUid, undefinedLengths) => {
      const file = writePart10(dataset, { transferSyntaxUid, undefinedLengths });
      expect(seen(file)).toEqual(whole(file));
      expect(Object.keys(seen(file) ?? {})).toEqual(KEYS);
      const bare = writePart10({ Rows: 1, PatientSex: 'O' }, { transferSyntaxUid });
      expect(seen(bare)).toEqual({ '00100040': { vr: 'CS', Value: ['O'] } });
    },
  );

  it('of files that carry the same attributes the bytes are the same', () => {
    const of = (more: Dataset) =>
      glimpse(writePart10({ ...dataset, ...more }, { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian }), 1e6, TAGS);
    expect(of({ InstanceNumber: 1 })?.bytes).toEqual(of({ InstanceNumber: 200, Modality: 'CT' })?.bytes);
    expect(of({ PatientID: 'P2' })?.bytes).not.toEqual(of({})?.bytes);
  });

  it.each<[string, Uint8Array]>([
    ['a name behind a greater tag', part10(concat(explicit('00280010', 'US', Uint8Array.of(1, 0)), name))],
    ['two names', part10(concat(name, explicit('00100010', 'PN', 'C^D')))],
    ['a VR that there is not', part10(concat(explicit('00080050', 'ZZ', 'x'), name))],
    ['implicit VR where explicit was announced', part10(inImplicit)],
    ['explicit VR where implicit was announced', part10(name, IMPLICIT)],
    ['big endian', part10(name, '1.2.840.10008.1.2.2')],
    ['an unknown transfer syntax', part10(name, '1.2.3')],
    ['no preamble', part10(name).subarray(132)],
    ['a value beyond the end', part10(explicit('00100010', 'PN', 'A^B', 400))],
    ['a name of 2 KiB', part10(explicit('00100010', 'PN', 'A'.repeat(2048)))],
    ['bytes behind the last element', part10(concat(name, Uint8Array.of(1, 2, 3)))],
    ['a sequence without its end', part10(concat(explicit('00081110', 'SQ', new Uint8Array(0), UNDEFINED), item()))],
    ['text of undefined length', part10(explicit('00100010', 'PN', 'A^B', UNDEFINED))],
    [
      'an item of undefined length in which its end is missing',
      part10(concat(explicit('00081110', 'SQ', new Uint8Array(0), UNDEFINED), item(name, UNDEFINED), SEQUENCE_END, name)),
    ],
    ['less than the header in memory', part10(name).subarray(0, 140)],
    ['nothing', new Uint8Array(0)],
  ])('does not judge %s', (_what, file) => {
    expect(glimpse(file, Math.max(file.length, 141), TAGS)).toBeUndefined();
  });

  it('a sequence as UN of undefined length is stepped over in implicit VR (PS3.5 6.2.2)', () => {
    const unknown = concat(
      explicit('00091110', 'UN', new Uint8Array(0), UNDEFINED),
      item(implicit('00100010', 'No^Name'), UNDEFINED),
      ITEM_END,
      SEQUENCE_END,
    );
    const file = part10(concat(unknown, name));
    expect(seen(file)).toEqual({ '00100010': { vr: 'PN', Value: [{ Alphabetic: 'A^B' }] } });
    expect(seen(file)).toEqual(whole(file));
  });

  it('of damaged files it tells the same or nothing', () => {
    const random = seeded(7);
    const originals = syntaxes.map((transferSyntaxUid) => writePart10(dataset, { transferSyntaxUid, undefinedLengths: true }));
    let told = 0;
    for (let round = 0; round < 4000; round += 1) {
      const file = Uint8Array.from(originals[round % 2] ?? []);
      for (let i = 0; i <= round % 3; i += 1) file[128 + Math.floor(random() * (file.length - 128))] = Math.floor(random() * 256);
      const found = seen(file);
      if (found === undefined) continue;
      let expected: DicomJsonObject;
      try {
        expected = whole(file);
      } catch {
        // What stands inside sequences is stepped over: damage there is for those to find who read it.
        continue;
      }
      told += 1;
      expect(found).toEqual(expected);
    }
    expect(told).toBeGreaterThan(500);
  });

  it.skipIf(!HAS_CORPUS)(`agrees with every file of the corpus${NO_CORPUS}`, () => {
    let told = 0;
    for (const { file = '' } of manifest()) {
      const bytes = readCorpus(file);
      const found = seen(bytes, bytes.subarray(0, 1_048_576));
      if (found === undefined) continue;
      told += 1;
      expect(found, file).toEqual(whole(bytes));
    }
    expect(told).toBeGreaterThan(100);
  });
});

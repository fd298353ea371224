import { DatasetForm, DatasetRun, type DicomJsonObject, vrOf, writeBareDataset } from '@negatoscope/dicom';
import { describe, expect, test } from 'vitest';
import { INDEXED, isOfLevel } from '../../../archive/search/attributes.ts';
import type { QidoRow } from '../../../archive/search/qido-repository.ts';
import { qidoResult } from './answer.ts';
import { columnOf } from './elements.ts';
import { parseQidoQuery } from './query.ts';
import { BARE, FULL } from './rows-fixture.ts';

/** Attributes beside those with a column, and one that nobody keeps. */
const OTHERS = [
  '00080051',
  '00081190',
  '00080056',
  '00081032',
  '00101010',
  '00101030',
  '00080021',
  '00181030',
  '00400275',
  '00104000',
];

const KEPT = {
  '00080051': { vr: 'SQ', Value: [{ '00400032': { vr: 'UT', Value: ['Hôpital\ud800'] } }, {}] },
  '00081032': { vr: 'SQ' },
  '00101010': { vr: 'AS', Value: ['040Y'] },
  '00101030': { vr: 'DS', Value: [0.1 + 0.2, null, -1e30] },
  '00181030': { vr: 'LO', Value: ['of the study'] },
};
/** Values as files and people have them, beside those that are usual. */
const ROWS: Record<string, QidoRow> = {
  usual: FULL,
  unknown: BARE,
  'kept attributes': {
    ...FULL,
    study_attributes: KEPT,
    series_attributes: {
      '00080021': { vr: 'DA', InlineBinary: 'MjAyNA==' },
      '00181030': { vr: 'LO', Value: ['of the series', 'é'] },
      // Of another VR than its dictionary's: a file may say so.
      '00400275': { vr: 'UN', InlineBinary: 'AAE=' },
    },
  },
  'names of one group that is not the first': {
    ...FULL,
    family_name: '',
    given_name: '',
    person_name: '=山田^太郎',
    referrer: '==x',
  },
  'names with empty groups behind them': { ...FULL, person_name: 'Dupont^Jean^Paul==', referrer: 'Dr^House=' },
  'names of more groups than there are': { ...FULL, person_name: 'Dupont^Jean^Paul=b=c=d=e', referrer: '=' },
  'edited names': { ...FULL, family_name: 'Lefèvre', given_name: '' },
  'separators and control characters': {
    ...FULL,
    study_description: 'a\\b\u001b$B\tc',
    accession_number: '\u007f',
    study_id: ' ',
  },
  'characters of every length in UTF-8': {
    ...FULL,
    study_description: 'aé山🫁\udc00',
    series_description: '🫁'.repeat(30),
    patient_id: 'é',
  },
  'several values': { ...FULL, modalities: ['CT', 'SR', 'ÄÖ'] },
  'numbers at their ends': {
    ...FULL,
    study_instances: 0,
    series_number: -2_147_483_648,
    rows: 65_535,
    columns: 0,
    frames: 2_147_483_647,
  },
  'numbers beyond their VR': { ...FULL, rows: 65_536, columns: -1 },
  'texts that are too long': {
    ...FULL,
    study_description: 'é'.repeat(40_000),
    person_name: 'x'.repeat(70_000),
    series_description: 'x'.repeat(65_534),
  },
};

/** The bytes, or why there are none. */
function written(write: () => Uint8Array): string {
  try {
    return Buffer.from(write()).toString('latin1');
  } catch (error) {
    return `fails with ${(error as Error).message}`;
  }
}

describe.each(['studies', 'series', 'instances'] as const)('of %s', (level) => {
  const tags = [...INDEXED.filter((attribute) => isOfLevel(attribute, level)).map(({ tag }) => tag), ...OTHERS];

  test.each([true, false])(
    'C-FIND answers with the values that QIDO-RS has, explicit VR %s (PS3.4 C.4.1, PS3.18 10.6.3)',
    (isExplicit) => {
      for (const [what, row] of Object.entries(ROWS))
        for (const tag of tags) {
          const asked = vrOf(tag) ?? 'UN';
          const query = parseQidoQuery(level, new URLSearchParams({ [tag]: '' }));
          const json = qidoResult(row, query, '', true)[tag] ?? { vr: asked };
          const form = new DatasetForm(new Map([[tag, { vr: asked, ...columnOf(level, tag) }]]), {}, { isExplicit });
          const byColumn = written(() => {
            const run = new DatasetRun(form);
            run.write(form, row);
            return run.bytes;
          });
          expect([what, tag, byColumn]).toEqual([
            what,
            tag,
            written(() => writeBareDataset({ [tag]: json } as DicomJsonObject, { isExplicit })),
          ]);
        }
    },
  );

  test('all attributes of a row stand together as they stand alone, in the order of their tags (PS3.5 7.1)', () => {
    const query = parseQidoQuery(level, new URLSearchParams('includefield=all'));
    for (const row of [FULL, BARE, ROWS['kept attributes'] ?? FULL]) {
      const json = qidoResult(row, query, '', true);
      const columns = Object.keys(json).map((tag) => [tag, { vr: vrOf(tag) ?? 'UN', ...columnOf(level, tag) }] as const);
      const form = new DatasetForm(new Map(columns), {}, { isExplicit: true });
      const run = new DatasetRun(form);
      run.write(form, row);
      expect(Buffer.from(run.bytes)).toEqual(Buffer.from(writeBareDataset(json as DicomJsonObject, { isExplicit: true })));
    }
  });
});

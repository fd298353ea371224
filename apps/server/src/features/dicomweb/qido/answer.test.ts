import { describe, expect, it } from 'vitest';
import type { QidoRow } from '../../../archive/search/qido-repository.ts';
import { dicomJsonText, qidoResult, qidoResultText } from './answer.ts';
import { levelElements, levelText } from './elements.ts';
import { parseQidoQuery } from './query.ts';

const BASE = 'http://localhost:3000/dicom-web';
const FULL: QidoRow = {
  group_id: null,
  record_number: 'NG-2026-000001',
  patient_id: 'P "1" \\ 2',
  family_name: 'Dupont',
  given_name: 'Jean Paul',
  person_name: 'Dupont^Jean^Paul=山田^太郎=やまだ^たろう',
  birth_date: '1970-01-31',
  sex: 'M',
  patient_row: '019a0000-0000-7000-8000-00000000000a',
  study_row: '019a0000-0000-7000-9000-000000000001',
  study_instance_uid: '1.2.3',
  study_date: '2026-01-31',
  study_time: '10:11:12.5',
  study_id: 'S1',
  accession_number: 'A\u0001',
  study_description: 'Thorax 🫁 \ud800',
  referrer: 'Dr^House',
  modalities: ['CT', 'SR'],
  study_series: 2,
  study_instances: 300,
  series_instance_uid: '1.2.3.4',
  modality: 'CT',
  series_number: -1,
  series_description: 'Axial',
  body_part: 'CHEST',
  series_instances: 299,
  sop_instance_uid: '1.2.3.4.5',
  sop_class_uid: '1.2.840.10008.5.1.4.1.1.2',
  transfer_syntax_uid: '1.2.840.10008.1.2.1',
  instance_number: 0,
  rows: 512,
  columns: 512,
  frames: 1,
  bits_allocated: 16,
};
const BARE: QidoRow = {
  ...FULL,
  patient_id: null,
  family_name: '',
  given_name: '',
  person_name: '',
  birth_date: null,
  sex: 'U',
  study_date: null,
  study_time: null,
  study_id: null,
  accession_number: '',
  study_description: null,
  referrer: null,
  modalities: [],
  series_number: null,
  series_description: null,
  body_part: null,
  instance_number: null,
  rows: null,
  columns: null,
  frames: 0,
  bits_allocated: null,
};

describe.each(['studies', 'series', 'instances'] as const)('an answer of %s', (level) => {
  it.each([true, false])('is the same text put together at once and from its elements (PS3.18 F.2), identity %s', (identity) => {
    for (const row of [FULL, BARE, { ...FULL, person_name: 'Dupont^Jean Paul' }]) {
      const json = levelElements(row, level, BASE, identity);
      expect(levelText(row, level, BASE, identity)).toBe(dicomJsonText(json));
      expect(JSON.parse(levelText(row, level, BASE, identity))).toEqual(json);
    }
  });

  it('has RetrieveURL of its own level', () => {
    const text = levelText(FULL, level, BASE, true);
    const end = { studies: '1.2.3', series: '1.2.3/series/1.2.3.4', instances: '1.2.3/series/1.2.3.4/instances/1.2.3.4.5' };
    expect(text.match(/"00081190":[^}]*/g)).toEqual([`"00081190":{"vr":"UR","Value":["${BASE}/studies/${end[level]}"]`]);
  });

  it('names nobody to who sees pseudonyms, whatever is asked for', () => {
    const row = { ...FULL, study_attributes: { '00100030': { vr: 'DA', Value: ['19700131'] } }, series_attributes: {} };
    const query = parseQidoQuery(level, new URLSearchParams('includefield=all'));
    for (const text of [levelText(row, level, BASE, false), qidoResultText(row, query, BASE, false)]) {
      expect(text).not.toMatch(/Dupont|19700131|House|"P |A\\u0001|S1/);
      expect(JSON.parse(text)['00100020']).toEqual({ vr: 'LO', Value: ['NG-2026-000001'] });
    }
  });

  it('has the kept attributes that are asked for, in the order of tags', () => {
    const row = { ...FULL, study_attributes: { '00081032': { vr: 'SQ' }, '00080005': { vr: 'CS', Value: ['ISO_IR 192'] } } };
    const query = parseQidoQuery(level, new URLSearchParams('includefield=all'));
    const text = qidoResultText(row, query, BASE, true);
    expect(text).toBe(dicomJsonText(qidoResult(row, query, BASE, true)));
    const tags = [...text.matchAll(/"([0-9A-F]{8})":/g)].map(([, tag]) => tag);
    expect(tags).toEqual([...tags].sort());
    expect(tags).toEqual(expect.arrayContaining(['00080005', '00081032']));
  });
});

import type { DicomJsonObject } from '@negatoscope/dicom';
import { describe, expect, test } from 'vitest';
import { differences, shownName } from './index-values.ts';
import type { IndexValues } from './read-overlay.ts';

const VALUES: IndexValues = {
  record_number: 'NG-2026-000001',
  external_id: 'P1',
  family_name: 'Lefèvre',
  given_name: 'Zoé Marie',
  person_name: 'Lefèvre^Zoé^Marie^Dr',
  birth_date: '1970-01-02',
  sex: 'F',
  description: 'Genou',
  modified_at: '20260102030405+0000',
};
const STORED: DicomJsonObject = {
  '00081030': { vr: 'LO', Value: [' Genou '] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Lefèvre^Zoé ^Marie^Dr^^' }, { Alphabetic: 'Second' }] },
  '00100020': { vr: 'LO', Value: ['P1 '] },
  '00100030': { vr: 'DA', Value: ['19700102'] },
  '00100040': { vr: 'CS', Value: ['f'] },
};
const without = (tag: string): DicomJsonObject => Object.fromEntries(Object.entries(STORED).filter(([key]) => key !== tag));

describe('where a stored header differs from the index', () => {
  test('padding, trailing delimiters, further values and the case of codes are no differences (PS3.5 6.2)', () => {
    expect(differences(STORED, VALUES)).toEqual({});
  });

  test.each<[string, DicomJsonObject, Partial<IndexValues>, DicomJsonObject]>([
    [
      'an edited name has no middle name or prefix of old',
      STORED,
      { given_name: 'Anne' },
      { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Lefèvre^Anne' }] } },
    ],
    ['a name without given name', STORED, { given_name: '' }, { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Lefèvre' }] } }],
    [
      'the record number in the place of an id that is no longer the patient’s',
      STORED,
      { external_id: null },
      { '00100020': { vr: 'LO', Value: ['NG-2026-000001'] } },
    ],
    ['no id where the file has none and nobody gave one', without('00100020'), { external_id: null }, {}],
    ['a birth date that was cleared', STORED, { birth_date: null }, { '00100030': { vr: 'DA' } }],
    ['a birth date that is no date stays', { ...STORED, '00100030': { vr: 'DA', Value: ['1970'] } }, { birth_date: null }, {}],
    ['sex U leaves the file its own', STORED, { sex: 'U' }, {}],
    ['another sex', without('00100040'), { sex: 'O' }, { '00100040': { vr: 'CS', Value: ['O'] } }],
    ['no description leaves the file its own', STORED, { description: null }, {}],
    ['an edited description', STORED, { description: 'Épaule' }, { '00081030': { vr: 'LO', Value: ['Épaule'] } }],
    ['an id that a file sends as a number', { ...STORED, '00100020': { vr: 'IS', Value: [12] } }, { external_id: '12' }, {}],
    [
      'an id longer than the index keeps',
      { ...STORED, '00100020': { vr: 'LO', Value: ['x'.repeat(300)] } },
      { external_id: 'x'.repeat(256) },
      {},
    ],
  ])('%s', (_what, stored, values, expected) => {
    expect(differences(stored, { ...VALUES, ...values })).toEqual(expected);
  });

  test('the received name is shown in its scripts as long as the columns agree with it', () => {
    const japanese = {
      ...VALUES,
      family_name: 'Yamada',
      given_name: 'Tarou',
      person_name: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
    };
    expect(shownName(japanese)).toBe(japanese.person_name);
    expect(shownName({ ...japanese, given_name: 'Jirou' })).toBe('Yamada^Jirou');
    expect(shownName({ ...japanese, family_name: '山田', given_name: '太郎', person_name: '=山田^太郎' })).toBe('=山田^太郎');
    expect(shownName({ ...japanese, person_name: '' })).toBe('Yamada^Tarou');
  });
});

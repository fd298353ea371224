import { describe, expect, test } from 'vitest';
import type { DicomJsonObject } from '../types.ts';
import { recordTypeOf } from './record-types.ts';
import { instanceKeys, patientKeys, seriesKeys, studyKeys } from './records.ts';

const text = (vr: string, ...Value: string[]) => ({ vr, Value });
const SR = '1.2.840.10008.5.1.4.1.1.88.33';
const type = recordTypeOf(SR, {}) ?? { name: '', keys: [] };
const keysOf = (json: DicomJsonObject, number = 1) =>
  instanceKeys(
    type,
    { path: ['A'], json, sopClassUid: SR, sopInstanceUid: '1.2', transferSyntaxUid: '1.2.840.10008.1.2.1' },
    number,
  );

describe('keys of a record (PS3.3 F.5)', () => {
  test('of a patient are their name, number, birth date and sex; a number where there is none', () => {
    const json = {
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'A^B' }] },
      '00100020': text('LO', 'P'),
      '00101040': text('LO', 'Rue'),
    };
    expect(patientKeys(json)).toEqual({
      '00100010': json['00100010'],
      '00100020': json['00100020'],
      '00100030': { vr: 'DA' },
      '00100040': { vr: 'CS' },
    });
    expect(patientKeys({ '00100020': text('LO', '') })['00100020']).toEqual(text('LO', '1'));
  });
  test.each([
    [{ '00080020': text('DA', '20260101'), '00080021': text('DA', '20260102') }, '20260101'],
    [{ '00080020': { vr: 'DA' }, '00080021': text('DA', '20260102') }, '20260102'],
    [{ '00080022': text('DA', '20260103'), '00080023': text('DA', '20260104') }, '20260103'],
    [{ '00080023': text('DA', '20260104') }, '20260104'],
    [{}, undefined],
  ])('of a study take its date, else that of series, acquisition or content: %j', (json: DicomJsonObject, date) => {
    expect(studyKeys(json, 3)['00080020']?.Value?.[0]).toBe(date);
  });
  test('of a study have an identifier, and what may be empty so', () => {
    expect(studyKeys({ '0020000D': text('UI', '1.2') }, 3)).toMatchObject({
      '00200010': text('SH', '3'),
      '00080050': { vr: 'SH' },
      '0020000D': text('UI', '1.2'),
    });
    expect(studyKeys({ '00200010': text('SH', 'X') }, 3)['00200010']).toEqual(text('SH', 'X'));
  });
  test('of a series have a modality and a number', () => {
    expect(seriesKeys({}, 4)).toMatchObject({ '00080060': text('CS', 'OT'), '00200011': { vr: 'IS', Value: [4] } });
    expect(seriesKeys({ '00080060': text('CS', 'MR'), '00200011': { vr: 'IS', Value: [9] } }, 4)).toMatchObject({
      '00080060': text('CS', 'MR'),
      '00200011': { vr: 'IS', Value: [9] },
    });
  });
  test('of a report have its flags and title; a time of verification only where it was verified', () => {
    const title = { vr: 'SQ', Value: [{ '00080100': text('SH', '18747-6') }] };
    const json: DicomJsonObject = { '0040A491': text('CS', 'COMPLETE'), '0040A493': text('CS', 'VERIFIED'), '0040A043': title };
    expect(keysOf(json)).toMatchObject({
      '00041430': text('CS', 'SR DOCUMENT'),
      '0040A491': text('CS', 'COMPLETE'),
      '0040A043': title,
    });
    expect(keysOf(json)).not.toHaveProperty('0040A030');
    expect(keysOf({ ...json, '0040A030': text('DT', '20260101') })['0040A030']).toEqual(text('DT', '20260101'));
  });
  test('are no values that lie elsewhere, and none under another VR', () => {
    expect(keysOf({ '0040A491': { vr: 'UN', InlineBinary: 'AAAA' } })['0040A491']).toEqual({ vr: 'CS' });
    expect(patientKeys({ '00100010': { vr: 'PN', BulkDataURI: 'x' } })['00100010']).toEqual({ vr: 'PN' });
    expect(keysOf({ '00200013': text('LO', '7') }, 5)['00200013']).toEqual({ vr: 'IS', Value: [5] });
  });
  test('name the file and what it is', () => {
    expect(keysOf({})).toMatchObject({
      '00041500': text('CS', 'A'),
      '00041510': text('UI', SR),
      '00041511': text('UI', '1.2'),
      '00041512': text('UI', '1.2.840.10008.1.2.1'),
    });
  });
});

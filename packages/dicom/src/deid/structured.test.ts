import { describe, expect, test } from 'vitest';
import type { DicomJsonObject } from '../types.ts';
import { DUMMY_CONTENT, isKeptContent, keptTextValue } from './structured.ts';
import type { DeidOption } from './types.ts';

const none = new Set<DeidOption>();
const nobody = { naming: new Set<string>(), numbers: new Set<string>() };
const item = (type: string, more: DicomJsonObject = {}): DicomJsonObject => ({
  '0040A040': { vr: 'CS', Value: [type] },
  ...more,
});
const concept = (value: string): DicomJsonObject => ({
  '0040A043': { vr: 'SQ', Value: [{ '00080100': { vr: 'SH', Value: [value] } }] },
});
const said = (value: string) => ({ '0040A160': { vr: 'UT', Value: [value] } });

describe('an item of content (PS3.3 C.17.3)', () => {
  test.each(['CONTAINER', 'NUM', 'CODE', 'IMAGE', 'COMPOSITE', 'WAVEFORM', 'SCOORD', 'SCOORD3D', 'TCOORD', 'UIDREF'])(
    '%s stays',
    (type) => {
      expect(isKeptContent(item(type), none, nobody)).toBe(true);
    },
  );
  test.each(['PNAME', 'TABLE', 'Dupont', ''])('%j goes', (type) => {
    expect(isKeptContent(item(type), none, nobody)).toBe(false);
  });
  test('without a type goes', () => {
    expect(isKeptContent({}, none, nobody)).toBe(false);
  });
  test.each(['DATE', 'TIME', 'DATETIME'])('%s stays where an option keeps or moves dates alone', (type) => {
    expect(isKeptContent(item(type), none, nobody)).toBe(false);
    expect(isKeptContent(item(type), new Set<DeidOption>(['cleanDescriptors']), nobody)).toBe(false);
    for (const option of ['retainFullDates', 'retainModifiedDates'] as const)
      expect(isKeptContent(item(type), new Set([option]), nobody)).toBe(true);
  });
  test.each(['121031', '121033'])('of the subject (%s) goes whatever its type and the options', (code) => {
    for (const type of ['DATE', 'NUM', 'TEXT'])
      expect(isKeptContent(item(type, concept(code)), new Set<DeidOption>(['retainFullDates']), nobody)).toBe(false);
    expect(isKeptContent(item('NUM', concept('121401')), none, nobody)).toBe(true);
  });
  test('TEXT stays where all its words are known', () => {
    expect(isKeptContent(item('TEXT', said('CT CHEST')), none, nobody)).toBe(true);
    expect(isKeptContent(item('TEXT', said('Seen by Dupont')), none, nobody)).toBe(false);
    expect(isKeptContent(item('TEXT', said('CT CHEST')), none, { ...nobody, naming: new Set(['CHEST']) })).toBe(false);
    expect(isKeptContent(item('TEXT'), none, nobody)).toBe(false);
    expect(keptTextValue(undefined, nobody)).toBeUndefined();
  });
});

test('the item that stands for a removed content is one of text that tells nothing', () => {
  const [only, another] = (DUMMY_CONTENT.Value ?? []) as DicomJsonObject[];
  expect(another).toBeUndefined();
  expect(only?.['0040A040']?.Value).toEqual(['TEXT']);
  expect(only?.['0040A160']?.Value).toEqual(['ANONYMIZED']);
});

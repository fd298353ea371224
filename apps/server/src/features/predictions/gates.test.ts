import type { DicomJsonObject } from '@negatoscope/dicom';
import { describe, expect, test } from 'vitest';
import { ageOf, ageOfHeader, gateOfHeader, isLateral, yearsBetween } from './gates.ts';
import type { Manifest } from './models/manifest.ts';

const GATES = { minAgeYears: 15, modalities: ['CR', 'DX', 'RG', 'SC'] } as unknown as Manifest['gates']; // What is asked of them.
const of = (values: Readonly<Record<string, readonly unknown[]>>): DicomJsonObject =>
  Object.fromEntries(Object.entries(values).map(([tag, Value]) => [tag, { vr: 'CS', Value }])) as DicomJsonObject;
const FILM = { '00080060': ['DX'], '00080016': ['1.2.840.10008.5.1.4.1.1.1.1'] };
const ADULT = { birthDate: '1970-01-02', studyDate: '2026-03-01' };

describe('years between two dates', () => {
  test.each([
    ['2011-03-01', '2026-03-01', 15],
    ['2011-03-02', '2026-03-01', 14],
    ['2011-02-28', '2026-03-01', 15],
    ['20110301', '20260301', 15],
    ['2004-02-29', '2019-02-28', 14],
    ['2004-02-29', '2019-03-01', 15],
    [null, '2026-03-01', undefined],
    ['2011-03-01', undefined, undefined],
    ['2027-01-01', '2026-03-01', undefined],
    ['1800-01-01', '2026-03-01', undefined],
    ['not a date', '2026-03-01', undefined],
  ])('%s to %s: %s', (birth, on, years) => expect(yearsBetween(birth, on)).toBe(years));
});

describe('the age', () => {
  test.each([
    ['014Y', 14],
    ['179M', 179 / 12],
    ['005D', 5 / 365.25],
    ['14Y', undefined],
    ['', undefined],
  ])('%s of Patient’s Age is %s years', (text, years) => expect(ageOfHeader(of({ '00101010': [text] }))).toBe(years));

  test('is the youngest of what contradicts, so that no child is taken for an adult', () => {
    expect(ageOf(of({ '00101010': ['012Y'] }), ADULT)).toBe(12);
    expect(ageOf(of({ '00100030': ['20150101'] }), ADULT)).toBe(11);
    expect(ageOf(of({}), { birthDate: null, studyDate: null })).toBeUndefined();
    expect(ageOf(of({ '00080020': ['20260301'] }), { birthDate: '2012-01-01', studyDate: null })).toBe(14);
  });
});

describe('a lateral film', () => {
  const coded = (code: string, meaning: string) => of({ '00540220': [of({ '00080100': [code], '00080104': [meaning] })] });
  test.each<[string, DicomJsonObject, boolean]>([
    ['View Position LL', of({ '00185101': ['LL'] }), true],
    ['View Position RLD', of({ '00185101': ['rld '] }), true],
    ['View Position PA, whatever else is said', of({ '00185101': ['PA'], '0008103E': ['Thorax profil'] }), false],
    ['its coded view', coded('R-10236', ''), true],
    ['its coded view, in words', coded('x', 'Left lateral'), true],
    ['a coded frontal view', coded('R-10214', 'postero-anterior'), false],
    ['Patient Orientation A\\F', of({ '00200020': ['A', 'F'] }), true],
    ['Patient Orientation L\\F', of({ '00200020': ['L', 'F'], '0008103E': ['lateral'] }), false],
    ['words of the series', of({ '0008103E': ['THORAX_LAT'] }), true],
    ['words that only begin so', of({ '0008103E': ['Latium'] }), false],
    ['nothing', of({}), false],
  ])('%s', (_what, json, expected) => expect(isLateral(json)).toBe(expected));
});

describe('what is known of a film', () => {
  test.each<[string, Readonly<Record<string, readonly unknown[]>>, string | undefined]>([
    ['a DX', FILM, undefined],
    ['of a chest', { ...FILM, '00180015': ['CHEST'] }, undefined],
    ['of a thorax, in French', { ...FILM, '00180015': ['Thorax'] }, undefined],
    ['of a hand', { ...FILM, '00180015': ['HAND'] }, 'NOT_A_CHEST'],
    ['a CT', { ...FILM, '00080060': ['CT'] }, 'NOT_A_CHEST'],
    ['a capture of another kind', { '00080060': ['OT'], '00080016': ['1.2.840.10008.5.1.4.1.1.7'] }, undefined],
    ['another kind that is no capture', { '00080060': ['OT'], '00080016': ['1.2.840.10008.5.1.4.1.1.2'] }, 'NOT_A_CHEST'],
    ['several frames', { ...FILM, '00280008': [2] }, 'NOT_A_CHEST'],
    ['from the side', { ...FILM, '00185101': ['LL'] }, 'LATERAL'],
    ['of a child, before all else', { ...FILM, '00101010': ['009Y'], '00185101': ['LL'] }, 'UNDER_AGE'],
  ])('%s', (_what, values, refusal) => expect(gateOfHeader(of(values), ADULT, GATES).refusal).toBe(refusal));

  test('an unknown age is warned of', () => {
    expect(gateOfHeader(of(FILM), { birthDate: null, studyDate: null }, GATES)).toEqual({
      refusal: undefined,
      warnings: ['AGE_UNKNOWN'],
    });
    expect(gateOfHeader(of(FILM), ADULT, GATES).warnings).toEqual([]);
  });
});

import type { DeidExportDetails } from '@negatoscope/contract';
import { expect, it } from 'vitest';
import { deid as en } from '../../i18n/en/deid.ts';
import { deid as fr } from '../../i18n/fr/deid.ts';
import type { Text } from '../../i18n/index.ts';
import { groupedRefusals, isFromGroup, reasonText } from './because.ts';
import { pictureAddress } from './picture-address.ts';

const textsOf = (texts: Readonly<Record<string, unknown>>): Text<'deid'> => {
  const write = (key: string, { code = '' }: Readonly<Record<string, string | number>> = {}): string =>
    String(texts[key]).replace('{{code}}', String(code));
  return write;
};
const refusal = (because: string, path: string) => ({ because, path }) as DeidExportDetails['refusals'][number]; // What is read of one.

it('refused files stand by their reason, those of which there are most first, each with its paths in their order', () => {
  const refusals = [refusal('UNREADABLE', 'a'), refusal('BURNED_IN', 'b'), refusal('BURNED_IN', 'c'), refusal('UNREADABLE', 'd')];
  expect(groupedRefusals([...refusals, refusal('BURNED_IN', '<img>')])).toEqual([
    { because: 'BURNED_IN', paths: ['b', 'c', '<img>'] },
    { because: 'UNREADABLE', paths: ['a', 'd'] },
  ]);
  expect(groupedRefusals([])).toEqual([]);
});

it('a reason is told in words, and one that a later version gives by its code', () => {
  for (const texts of [fr, en]) {
    const t = textsOf(texts);
    expect(reasonText('BURNED_IN', t)).toBe(texts.because_BURNED_IN);
    expect(reasonText('<b>NEW</b>', t)).toContain('<b>NEW</b>');
    expect(reasonText('toString', t)).toContain('toString');
  }
});

it('what the group of an export refused is told apart from what may not leave', () => {
  expect(['SAME_UID_OTHER_CONTENT', 'STUDY_PATIENT_MISMATCH', 'WITHDRAWN', 'BURNED_IN', '', 'length'].map(isFromGroup)).toEqual([
    ...[true, true, true, false, false, false],
  ]);
});

it('a frame of a file is asked for as the server draws it, by its number from 1', () => {
  const place = { studyInstanceUid: '1.2', seriesInstanceUid: '1.2.3', sopInstanceUid: '1.2.3.4' };
  expect(pictureAddress(place, 0)).toBe(
    '/dicom-web/studies/1.2/series/1.2.3/instances/1.2.3.4/frames/1/rendered?viewport=1600,1600',
  );
});

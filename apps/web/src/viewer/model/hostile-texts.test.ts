import { expect, test } from 'vitest';
import { type DicomJson, readPersonName, readString, readStrings, TAG } from './dicom-json.ts';

const OVERRIDE = '\u202e';
const of = (tag: string, value: string | { Alphabetic: string }): DicomJson => ({ [tag]: { vr: 'LO', Value: [value] } });

test.each([
  ['a reversal that is never ended', `Sow${OVERRIDE}^Anna`, 'Sow^Anna'],
  ['an isolate that is never ended', 'Sow\u2067^Anna', 'Sow^Anna'],
  ['lines and bells', 'Sow\r\n^Anna\u0007', 'Sow ^Anna'],
  ['nothing but such', `${OVERRIDE}\u0000`, undefined],
  ['Arabic, Hebrew and marks of direction that end by themselves', 'محمد \u200f^דוד', 'محمد \u200f^דוד'],
  ['markup, which is text', '<b>Sow</b>', '<b>Sow</b>'],
])('%s in a text acts on nothing around it', (_, value, shown) => {
  expect(readString(of(TAG.SeriesDescription, value), TAG.SeriesDescription)).toBe(shown);
  expect(readPersonName(of(TAG.PatientName, { Alphabetic: value }), TAG.PatientName)).toBe(shown);
  expect(readStrings(of(TAG.PatientOrientation, value), TAG.PatientOrientation)).toEqual([shown ?? '']);
});

import { expect, test } from 'vitest';
import { documentKindOf, documentLabel } from './document-kind.ts';

const ROOT = '1.2.840.10008.5.1.4.1.1.';

test.each([
  ['104.1', 'pdf', 'PDF'],
  ['104.2', 'cda', 'CDA'],
  ['104.3', 'model', '3D'],
  ['104.5', 'model', '3D'],
  ['88.11', 'report', 'SR'],
  ['88.59', 'report', 'SR'],
  ['9.1.1', 'waveform', 'SR'],
  ['9.4.2', 'waveform', 'SR'],
  ['11.1', 'presentation', 'PR'],
  ['481.3', 'structures', 'RTSTRUCT'],
  ['481.5', 'plan', 'RTPLAN'],
  ['481.8', 'plan', 'RTPLAN'],
  ['2', 'other', 'SR'],
  ['104.10', 'other', 'SR'],
  ['1104.1', 'other', 'SR'],
] as const)('…%s is %s, in capitals %s (PS3.4 B.5)', (uid, kind, label) => {
  expect(documentKindOf(ROOT + uid)).toBe(kind);
  expect(documentLabel(ROOT + uid, 'SR')).toBe(label);
});

test('a private class is of no kind, whatever it ends in', () => {
  for (const uid of ['1.2.276.0.104.1', '104.1', '', `x${ROOT}104.1`]) expect(documentKindOf(uid)).toBe('other');
});

test('what names nothing is DICOM, and no text of a file becomes a label', () => {
  for (const modality of [undefined, '', '<script>', 'ecg', 'A B', 'X'.repeat(17)])
    expect(documentLabel('1.2', modality)).toBe('DICOM');
  expect(documentLabel('1.2', 'ECG')).toBe('ECG');
});

import { describe, expect, test } from 'vitest';
import { recordTypeOf } from './record-types.ts';

const ROOT = '1.2.840.10008.5.1.4.1.1.';
const PICTURE = { '00280010': { vr: 'US', Value: [4] } };

/** Table F.4-1 of PS3.3 and the SOP classes of PS3.4 B.5, as a reader expects them. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  IMAGE: ['2', '4', '6.1', '3.1', '1.1', '1.2', '12.1', '7', '20', '128', '481.1', '77.1.1', '66.4', '30'],
  WAVEFORM: ['9.1.1', '9.1.2', '9.1.3', '9.2.1', '9.3.1', '9.4.1', '9.5.1', '9.6.1'],
  'SR DOCUMENT': ['88.11', '88.22', '88.33', '88.34', '88.50', '88.65', '88.67', '88.71'],
  'KEY OBJECT DOC': ['88.59'],
  'ENCAP DOC': ['104.1', '104.2', '104.3'],
  PRESENTATION: ['11.1', '11.2', '11.3', '11.4', '11.8'],
  REGISTRATION: ['66.1', '66.3'],
  FIDUCIAL: ['66.2'],
  SURFACE: ['66.5'],
  TRACT: ['66.6'],
  'RAW DATA': ['66'],
  'VALUE MAP': ['67'],
  SPECTROSCOPY: ['4.2'],
  'RT DOSE': ['481.2'],
  'RT STRUCTURE SET': ['481.3'],
  'RT PLAN': ['481.5', '481.8'],
  'RT TREAT RECORD': ['481.4', '481.6', '481.7', '481.9'],
  STEREOMETRIC: ['77.1.5.3'],
};

describe.each(Object.entries(EXPECTED))('a record of type %s', (name, classes) => {
  test.each(classes)('names instances of …%s', (uid) => {
    expect(recordTypeOf(ROOT + uid, name === 'IMAGE' ? PICTURE : {})?.name).toBe(name);
  });
});

test('a class that nobody knows is an image where it has rows, and stands in no directory where it has none', () => {
  expect(recordTypeOf('1.2.276.0.1', PICTURE)?.name).toBe('IMAGE');
  expect(recordTypeOf('1.2.276.0.1', {})).toBeUndefined();
  expect(recordTypeOf(`${ROOT}2`, {})).toBeUndefined();
});

test('keys of a type have a tag and a VR, and none twice', () => {
  for (const [, classes] of Object.entries(EXPECTED))
    for (const uid of classes) {
      const tags = recordTypeOf(ROOT + uid, PICTURE)?.keys.map(([tag, vr]) => `${tag} ${vr}`) ?? [];
      for (const tag of tags) expect(tag).toMatch(/^[0-9A-F]{8} [A-Z]{2}$/);
      expect(new Set(tags).size).toBe(tags.length);
    }
});

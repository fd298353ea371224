import { describe, expect, it } from 'vitest';
import { keywordOf, tagOf, vrOf } from '../index.ts';

describe('dictionary (PS3.6)', () => {
  it.each([
    ['00100010', 'PatientName', 'PN'],
    ['00080008', 'ImageType', 'CS'],
    ['0020000D', 'StudyInstanceUID', 'UI'],
    ['00280030', 'PixelSpacing', 'DS'],
    ['7FE00010', 'PixelData', 'OB'],
    ['00281050', 'WindowCenter', 'DS'],
    ['00280106', 'SmallestImagePixelValue', 'US'],
    ['52009230', 'PerFrameFunctionalGroupsSequence', 'SQ'],
    ['7FE00001', 'ExtendedOffsetTable', 'OV'],
    ['FFFEE000', 'Item', undefined],
  ])('knows %s as %s', (tag, keyword, vr) => {
    expect([keywordOf(tag), vrOf(tag), tagOf(keyword)]).toEqual([keyword, vr, tag]);
  });

  it('knows repeating groups by their first one (PS3.6 section 6)', () => {
    expect([keywordOf('60003000'), keywordOf('60023000'), keywordOf('60FE3000')]).toEqual([
      'OverlayData',
      'OverlayData',
      'OverlayData',
    ]);
    expect([keywordOf('60013000'), keywordOf('61003000')]).toEqual([undefined, undefined]);
  });

  it('knows no private, unknown or malformed tag', () => {
    expect(['00091001', '00100011', '0010', 'ZZZZZZZZ', '', '__proto__'].map(vrOf)).toEqual(
      Array.from({ length: 6 }, () => undefined),
    );
    expect(['NoSuchKeyword', '', 'constructor'].map(tagOf)).toEqual([undefined, undefined, undefined]);
  });

  it('takes tags in lower case', () => expect(keywordOf('0020000d')).toBe('StudyInstanceUID'));
});

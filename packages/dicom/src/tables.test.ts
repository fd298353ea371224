import { describe, expect, it } from 'vitest';
import { isImageStorageSopClass, isUid, SOP_CLASSES, TRANSFER_SYNTAXES } from './index.ts';

describe('transfer syntaxes (PS3.5 annex A, PS3.18 8.7.3)', () => {
  it('are keyed by valid UIDs', () => {
    for (const [uid, syntax] of TRANSFER_SYNTAXES) expect([isUid(uid), syntax.uid]).toEqual([true, uid]);
    expect(TRANSFER_SYNTAXES.size).toBeGreaterThan(50);
  });

  it('only one is implicit and only one is big endian', () => {
    const all = [...TRANSFER_SYNTAXES.values()];
    expect(all.filter((syntax) => !syntax.isExplicitVr).map(({ uid }) => uid)).toEqual(['1.2.840.10008.1.2']);
    expect(all.filter((syntax) => syntax.isBigEndian).map(({ uid }) => uid)).toEqual(['1.2.840.10008.1.2.2']);
    expect(all.filter((syntax) => syntax.isEncapsulated && syntax.isDeflated)).toEqual([]);
  });

  it.each([
    ['1.2.840.10008.1.2.1', 'application/octet-stream', false, false],
    ['1.2.840.10008.1.2.4.50', 'image/jpeg', true, true],
    ['1.2.840.10008.1.2.4.70', 'image/jpeg', true, false],
    ['1.2.840.10008.1.2.4.80', 'image/jls', true, false],
    ['1.2.840.10008.1.2.4.91', 'image/jp2', true, true],
    ['1.2.840.10008.1.2.4.201', 'image/jphc', true, false],
    ['1.2.840.10008.1.2.5', 'image/dicom-rle', true, false],
  ])('%s is %s', (uid, mediaType, isEncapsulated, isLossy) => {
    expect(TRANSFER_SYNTAXES.get(uid)).toMatchObject({ mediaType, isEncapsulated, isLossy });
  });
});

describe('SOP classes (PS3.4 B.5)', () => {
  it('are keyed by valid UIDs and named', () => {
    for (const [uid, sopClass] of SOP_CLASSES) expect([isUid(uid), sopClass.name.length > 5]).toEqual([true, true]);
  });

  it.each([
    ['1.2.840.10008.5.1.4.1.1.2', true],
    ['1.2.840.10008.5.1.4.1.1.66.4', true],
    ['1.2.840.10008.5.1.4.1.1.481.2', true],
    ['1.2.840.10008.5.1.4.1.1.88.11', false],
    ['1.2.840.10008.5.1.4.1.1.104.1', false],
    ['1.2.840.10008.1.3.10', false],
    ['1.2.3', false],
  ])('%s has frames: %s', (uid, isImage) => expect(isImageStorageSopClass(uid)).toBe(isImage));
});

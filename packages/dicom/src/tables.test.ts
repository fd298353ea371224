import { describe, expect, it } from 'vitest';
import { isUid, TRANSFER_SYNTAXES } from './index.ts';

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

describe('compressed transfer syntaxes', () => {
  const all = [...TRANSFER_SYNTAXES.values()].filter(({ isEncapsulated }) => isEncapsulated);
  const suffixes = (list: typeof all): string[] => list.map(({ uid }) => uid.replace('1.2.840.10008.1.2.', ''));

  it('are explicit VR little endian, and deflated by frame at most (PS3.5 A.4)', () => {
    for (const syntax of all) expect(syntax).toMatchObject({ isExplicitVr: true, isBigEndian: false, isDeflated: false });
  });

  it('that lose nothing are those that PS3.6 table A-1 calls lossless, uncompressed and deflated', () => {
    expect(suffixes(all.filter(({ isLossy }) => !isLossy))).toEqual(
      '1.98 4.57 4.58 4.65 4.66 4.70 4.80 4.90 4.92 4.110 4.201 4.202 5 8.1'.split(' '),
    );
    for (const { name, isLossy } of all) if (/(?<!Near-)Lossless/.test(name)) expect([name, isLossy]).toEqual([name, false]);
  });

  it('that are streams and no frames are MPEG-2, H.264 and HEVC (PS3.5 8.2.5 to 8.2.9)', () => {
    const videos = all.filter(({ mediaType }) => mediaType.startsWith('video/'));
    expect(videos.every(({ name }) => /MPEG|HEVC/.test(name))).toBe(true);
    expect(suffixes(videos)).toEqual(
      '4.100 4.100.1 4.101 4.101.1 4.102 4.102.1 4.103 4.103.1 4.104 4.104.1 4.105 4.105.1 4.106 4.106.1 4.107 4.108'.split(' '),
    );
  });

  it.each([
    ['image/jpeg', /^JPEG (?!2000|XL)/],
    ['image/jls', /^JPEG-LS /],
    ['image/jp2', /^JPEG 2000(?! Part 2)/],
    ['image/jpx', /^JPEG 2000 Part 2/],
    ['image/jphc', /^High-Throughput JPEG 2000/],
    ['image/jxl', /^JPEG XL/],
  ])('of %s are those of that name (PS3.18 8.7.3)', (mediaType, named) => {
    const own = all.filter((syntax) => syntax.mediaType === mediaType);
    expect(suffixes(own)).toEqual(suffixes(all.filter(({ name }) => named.test(name))));
    expect(own.length).toBeGreaterThan(1);
  });
});

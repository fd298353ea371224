import { describe, expect, it } from 'vitest';
import type { DicomJson } from './dicom-json.ts';
import { readyForLibrary, storedBytes } from './stored-frame.ts';

const el = (...Value: unknown[]) => ({ Value });
const dataset = (bits: number, photometric: string, samples = 1): DicomJson => ({
  '00280002': el(samples),
  '00280004': el(photometric),
  '00280010': el(2),
  '00280011': el(5),
  '00280100': el(bits),
});
const NATIVE = '1.2.840.10008.1.2.1';
const JPEG = '1.2.840.10008.1.2.4.50';

describe('storedBytes', () => {
  it('counts two samples a pixel for YBR_FULL_422, and rounds single bits up (PS3.3 C.7.6.3.1.2, PS3.5 8.1.1)', () => {
    expect(storedBytes(dataset(8, 'RGB', 3))).toBe(30);
    expect(storedBytes(dataset(8, 'YBR_FULL_422', 3))).toBe(20);
    expect(storedBytes(dataset(1, 'MONOCHROME2'))).toBe(2);
  });
});

describe('readyForLibrary', () => {
  it('unpacks single bits, the lowest first (PS3.5 8.1.1)', () => {
    const unpacked = readyForLibrary(Uint8Array.of(0b1000_0101, 0b10), NATIVE, dataset(1, 'MONOCHROME2'));
    expect([...unpacked]).toEqual([1, 0, 1, 0, 0, 0, 0, 1, 0, 1]);
  });

  it('turns native YBR_FULL_422 into RGB, one pair of chroma for two pixels (PS3.3 C.7.6.3.1.2)', () => {
    const grey = [200, 100, 128, 128];
    const red = [76, 76, 85, 255];
    const bytes = Uint8Array.from([...grey, ...red, ...grey, ...grey, ...grey]);
    const rgb = [...readyForLibrary(bytes, NATIVE, dataset(8, 'YBR_FULL_422', 3))];
    expect(rgb).toHaveLength(30);
    expect(rgb.slice(0, 6)).toEqual([200, 200, 200, 100, 100, 100]);
    expect(rgb.slice(6, 9)).toEqual([254, 0, 0]);
  });

  it('says RGB in a silent JPEG stream of an RGB image, and leaves one that names its colours (PS3.5 8.2.1)', () => {
    const silent = Uint8Array.of(0xff, 0xd8, 0xff, 0xdb, 0, 3, 0, 0xff, 0xda, 0, 2);
    const told = readyForLibrary(silent, JPEG, dataset(8, 'RGB', 3));
    expect(String.fromCharCode(...told.subarray(6, 11))).toBe('Adobe');
    expect([...told.subarray(18)]).toEqual([...silent.subarray(2)]);
    const jfif = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xda, 0, 2);
    expect(readyForLibrary(jfif, JPEG, dataset(8, 'RGB', 3))).toBe(jfif);
    expect(readyForLibrary(silent, JPEG, dataset(8, 'YBR_FULL_422', 3))).toBe(silent);
  });

  it('leaves broken JPEG streams to the decoder', () => {
    const cut = Uint8Array.of(0xff, 0xd8, 0xff);
    expect(readyForLibrary(cut, JPEG, dataset(8, 'RGB', 3)).length).toBeGreaterThanOrEqual(cut.length);
    expect(readyForLibrary(Uint8Array.of(), JPEG, dataset(8, 'RGB', 3))).toHaveLength(0);
  });
});

import type { DicomElement } from './dicom-json.ts';
import { type DicomJson, readNumbers, readString, TAG } from './dicom-json.ts';
import { expandSegments } from './segmented-palette.ts';

/** Lookup tables of the three colours, in order red, green, blue: descriptor, data and segments (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6, C.7.9.2). */
export const PALETTE_TAGS = [
  { descriptor: '00281101', data: '00281201', segments: '00281221' },
  { descriptor: '00281102', data: '00281202', segments: '00281222' },
  { descriptor: '00281103', data: '00281203', segments: '00281223' },
] as const;

export const isPalette = (dataset: DicomJson): boolean => readString(dataset, TAG.PhotometricInterpretation) === 'PALETTE COLOR';

/** Bytes of a binary attribute that came with the metadata, or undefined when they have to be fetched or are malformed. */
export function inlineBytes(element: DicomElement | undefined): Uint8Array | undefined {
  if (element?.InlineBinary === undefined) return undefined;
  try {
    return Uint8Array.from(atob(element.InlineBinary), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/**
 * One lookup table as 8-bit levels. `bytes` hold little-endian words, or single bytes when there are only enough for that
 * (8-bit entries). 16-bit entries keep their upper byte.
 */
export function paletteLevels(bytes: Uint8Array, dataset: DicomJson, descriptorTag: string): number[] | undefined {
  const descriptor = readNumbers(dataset, descriptorTag);
  // Zero stands for 65 536 entries.
  const entries = descriptor?.[0] === 0 ? 65_536 : descriptor?.[0];
  if (entries === undefined || bytes.length < entries) return undefined;
  if (bytes.length < entries * 2) return [...bytes.subarray(0, entries)];
  const view = new DataView(bytes.buffer, bytes.byteOffset, entries * 2);
  const words = Array.from({ length: entries }, (_, index) => view.getUint16(index * 2, true));
  return eightBit(words);
}

const eightBit = (words: readonly number[]): number[] =>
  words.some((word) => word > 255) ? words.map((word) => word >> 8) : [...words];

/** One lookup table given in segments as 8-bit levels; undefined when they don't make one. */
export function segmentedLevels(bytes: Uint8Array): number[] | undefined {
  const words = expandSegments(bytes);
  return words === undefined ? undefined : eightBit(words);
}

import { readItems, readNumber, readNumbers, readString } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';
import { colorOfLab, ownColor, type Rgb } from './color.ts';
import { groupItem, type PixelPlane, pixelPlaneOf, thicknessOf } from './plane.ts';

/** Segmentation Image Module (PS3.3 C.8.20.2). */
const TAG = {
  sopInstanceUid: '00080018',
  referencedUid: '00081155',
  referencedFrames: '00081160',
  sources: '00082112',
  derivations: '00089124',
  frameOfReference: '00200052',
  frames: '00280008',
  rows: '00280010',
  columns: '00280011',
  bits: '00280100',
  type: '00620001',
  segments: '00620002',
  number: '00620004',
  label: '00620005',
  identification: '0062000A',
  referencedSegment: '0062000B',
  lab: '0062000D',
  maximum: '0062000E',
  shared: '52009229',
  perFrame: '52009230',
} as const;

export interface Segment {
  readonly number: number;
  readonly name: string | undefined;
  readonly color: Rgb;
}

/** One frame: where it lies, and what of which segment it shows. */
export interface SegmentFrame {
  /** From 1. */
  readonly frame: number;
  /** Undefined in a label map, whose pixels are the numbers of their segments. */
  readonly segment: number | undefined;
  readonly plane: PixelPlane | undefined;
  readonly thicknessMm: number | undefined;
  /** The images that it was drawn on. */
  readonly sources: readonly { readonly sopInstanceUid: string; readonly frames: readonly number[] }[];
}

export interface Segmentation {
  readonly sopInstanceUid: string;
  readonly type: 'BINARY' | 'FRACTIONAL' | 'LABELMAP';
  /** The stored value that is all of a pixel. */
  readonly maximum: number;
  readonly bitsAllocated: number;
  readonly rows: number;
  readonly columns: number;
  readonly frameOfReferenceUid: string | undefined;
  readonly segments: readonly Segment[];
  readonly frames: readonly SegmentFrame[];
}

const CLASSES = new Set(['1.2.840.10008.5.1.4.1.1.66.4', '1.2.840.10008.5.1.4.1.1.66.7']);
export const isSegmentation = (sopClassUid: string | undefined): boolean => CLASSES.has(sopClassUid ?? '');
const MOST_FRAMES = 50_000;
const TYPES = ['BINARY', 'FRACTIONAL', 'LABELMAP'] as const;

const segmentOf = (item: DicomJsonObject, place: number): Segment => {
  const number = readNumber(item, TAG.number) ?? place + 1;
  return { number, name: readString(item, TAG.label), color: colorOfLab(item, TAG.lab) ?? ownColor(number - 1) };
};

function sourcesOf(item: DicomJsonObject): SegmentFrame['sources'] {
  return readItems(item, TAG.derivations).flatMap((derivation) =>
    readItems(derivation, TAG.sources).flatMap((source) => {
      const sopInstanceUid = readString(source, TAG.referencedUid);
      return sopInstanceUid === undefined ? [] : [{ sopInstanceUid, frames: readNumbers(source, TAG.referencedFrames) ?? [] }];
    }),
  );
}

/** Where a frame lies and what it was drawn on, by its functional groups. */
export function segmentFrameOf(
  dataset: DicomJsonObject,
  shared: DicomJsonObject | undefined,
  own: DicomJsonObject | undefined,
  frame: number,
): SegmentFrame {
  const groups = { dataset, shared, own };
  return {
    frame,
    segment: readNumber(groupItem(groups, TAG.identification), TAG.referencedSegment),
    plane: pixelPlaneOf(groups),
    thicknessMm: thicknessOf(groups),
    sources: [...sourcesOf(own ?? {}), ...sourcesOf(shared ?? {})],
  };
}

/** What a segmentation says of its segments and frames; undefined for what is none, or none that can be read. */
export function segmentationOf(dataset: DicomJsonObject): Segmentation | undefined {
  const type = TYPES.find((one) => one === readString(dataset, TAG.type));
  const [rows, columns] = [readNumber(dataset, TAG.rows) ?? 0, readNumber(dataset, TAG.columns) ?? 0];
  const sopInstanceUid = readString(dataset, TAG.sopInstanceUid);
  if (type === undefined || sopInstanceUid === undefined || rows < 1 || columns < 1) return undefined;
  const count = Math.min(MOST_FRAMES, Math.max(1, Math.trunc(readNumber(dataset, TAG.frames) ?? 1)));
  const [shared] = readItems(dataset, TAG.shared);
  const perFrame = readItems(dataset, TAG.perFrame);
  return {
    ...{ sopInstanceUid, type, rows, columns },
    maximum: type === 'FRACTIONAL' ? Math.max(1, readNumber(dataset, TAG.maximum) ?? 255) : 1,
    bitsAllocated: readNumber(dataset, TAG.bits) ?? 1,
    frameOfReferenceUid: readString(dataset, TAG.frameOfReference),
    segments: readItems(dataset, TAG.segments).map(segmentOf),
    frames: Array.from({ length: count }, (_, index) => segmentFrameOf(dataset, shared, perFrame[index], index + 1)),
  };
}

type Pixels = Pick<Segmentation, 'type' | 'maximum' | 'bitsAllocated' | 'rows' | 'columns'>;

function storedAt(bytes: Uint8Array, bits: number): (pixel: number) => number {
  if (bits === 1) return (pixel) => ((bytes[pixel >> 3] ?? 0) >> (pixel & 7)) & 1;
  if (bits === 16) return (pixel) => (bytes[pixel * 2] ?? 0) | ((bytes[pixel * 2 + 1] ?? 0) << 8);
  return (pixel) => bytes[pixel] ?? 0;
}

/**
 * How much of each pixel of a frame a segment fills, 0 to 255, from its decoded bytes: single bits lowest first (PS3.5 8.1.1), fractions of the maximum
 * (C.8.20.2.3), or the numbers of a label map.
 */
export function segmentMask(bytes: Uint8Array, pixels: Pixels, segment: number): Uint8ClampedArray {
  const { type, maximum, bitsAllocated, rows, columns } = pixels;
  const at = storedAt(bytes, bitsAllocated);
  const mask = new Uint8ClampedArray(rows * columns);
  for (let pixel = 0; pixel < mask.length; pixel += 1) {
    const stored = at(pixel);
    mask[pixel] = type === 'LABELMAP' ? (stored === segment ? 255 : 0) : (stored / maximum) * 255;
  }
  return mask;
}

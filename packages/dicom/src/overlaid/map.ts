import { jsonItems, jsonString } from '../json-access.ts';
import { readItems, readNumber, readString } from '../json-readers.ts';
import { frameFormatOf, pixelTagOf } from '../pixels/describe.ts';
import type { FrameFormat } from '../pixels/frame-format.ts';
import { frameSources } from '../pixels/functional-groups.ts';
import { modalityFunction } from '../pixels/modality.ts';
import { isParametricMap, realWorldOf, realWorldWindow } from '../pixels/real-world.ts';
import { cellsOf } from '../pixels/samples.ts';
import { storedFunction } from '../pixels/values.ts';
import { storedWindow, type Window } from '../pixels/voi.ts';
import type { DicomJsonObject } from '../types.ts';
import { type SegmentFrame, segmentFrameOf } from './segmentation.ts';

/** One of the quantities that a map holds, as ADC and the error of its fit. */
export interface MapQuantity {
  /** From 1. */
  readonly number: number;
  readonly name: string | undefined;
  /** UCUM; undefined where it has none. */
  readonly unit: string | undefined;
  /** That is stored, in the quantity's own values. */
  readonly window: Window | undefined;
}

/** A parametric map (PS3.3 A.75): where each frame lies, and of which quantity it is. */
export interface ParametricMap {
  readonly sopInstanceUid: string;
  readonly frameOfReferenceUid: string | undefined;
  readonly rows: number;
  readonly columns: number;
  readonly quantities: readonly MapQuantity[];
  /** `segment` is the number of the quantity. */
  readonly frames: readonly SegmentFrame[];
  readonly format: FrameFormat;
  readonly dataset: DicomJsonObject;
}

const MOST_FRAMES = 5000;
const MOST_QUANTITIES = 20;

/** What the values of a frame are called: LUT Label, or nothing. */
function labelOf(dataset: DicomJsonObject, frame: number): { readonly key: string; readonly name: string | undefined } {
  const [item] = frameSources(dataset, frame, '00409096');
  const key = item === undefined ? '' : (jsonString(item, '00409210') ?? '');
  const [quantity] = item === undefined ? [] : jsonItems(item, '00409220');
  const [concept] = quantity === undefined ? [] : jsonItems(quantity, '0040A168');
  return { key, name: readString(concept, '00080104') ?? readString(item, '00283003') ?? (key || undefined) };
}

function windowOf(dataset: DicomJsonObject, frame: number): Window | undefined {
  for (const source of frameSources(dataset, frame, '00289132')) {
    const window = storedWindow(readNumber(source, '00281050'), readNumber(source, '00281051'), readString(source, '00281056'));
    if (window === undefined) continue;
    const real = realWorldOf(dataset, frame);
    return real === undefined ? window : realWorldWindow(window, real);
  }
  return undefined;
}

/** What a map holds; undefined for what is none, or can't be read. */
export function parametricMapOf(dataset: DicomJsonObject): ParametricMap | undefined {
  const sopInstanceUid = readString(dataset, '00080018');
  const format = frameFormatOf(dataset, pixelTagOf(dataset));
  const { rows, columns } = format;
  if (!isParametricMap(dataset) || sopInstanceUid === undefined || rows < 1 || columns < 1) return undefined;
  const count = Math.min(MOST_FRAMES, Math.max(1, Math.trunc(readNumber(dataset, '00280008') ?? 1)));
  const [shared] = readItems(dataset, '52009229');
  const perFrame = readItems(dataset, '52009230');
  const quantities = new Map<string, MapQuantity>();
  const frames = Array.from({ length: count }, (_, index): SegmentFrame => {
    const { key, name } = labelOf(dataset, index);
    const known = quantities.get(key);
    if (known === undefined && quantities.size < MOST_QUANTITIES) {
      const unit = realWorldOf(dataset, index)?.unit;
      quantities.set(key, { number: quantities.size + 1, name, unit, window: windowOf(dataset, index) });
    }
    const own = segmentFrameOf(dataset, shared, perFrame[index], index + 1);
    return { ...own, segment: quantities.get(key)?.number ?? 0 };
  });
  return {
    ...{ sopInstanceUid, rows, columns, frames, format, dataset },
    frameOfReferenceUid: readString(dataset, '00200052'),
    quantities: [...quantities.values()],
  };
}

/** The values of a frame, from 1, from its decoded bytes; NaN is none. */
export function mapValues(bytes: Uint8Array, { format, dataset }: ParametricMap, frame: number): Float32Array {
  const decoded = { ...format, pixels: bytes };
  const real = realWorldOf(dataset, frame - 1);
  const toValue = modalityFunction(real?.transform ?? { kind: 'rescale', slope: 1, intercept: 0 });
  const toStored = storedFunction(decoded);
  return Float32Array.from(cellsOf(decoded), (cell) => toValue(toStored(cell)));
}

import type { DicomJson } from './dicom-json.ts';
import { buildFrames, type FrameModel } from './study-model.ts';

/** Slices for tests: where each lies and what it says of itself. */
export interface SliceOptions {
  readonly position: readonly [number, number, number];
  readonly number?: number;
  readonly thicknessMm?: number | undefined;
  readonly side?: number;
  readonly spacingMm?: readonly [number, number];
  readonly orientation?: readonly number[];
  readonly frameOfReference?: string;
  /** More attributes, by tag. */
  readonly more?: DicomJson;
}

const numbers = (vr: string, ...Value: readonly number[]) => ({ vr, Value: [...Value] });
const text = (vr: string, ...Value: readonly string[]) => ({ vr, Value: [...Value] });

export function sliceOf({ position, number = 1, side = 16, spacingMm = [1, 1], ...options }: SliceOptions): FrameModel {
  const dataset: DicomJson = {
    '00080018': text('UI', `1.2.${number}.${position.map((mm) => Math.round(Math.abs(mm) * 1000)).join('.')}`),
    '00080060': text('CS', 'CT'),
    ...(options.thicknessMm !== undefined && { '00180050': numbers('DS', options.thicknessMm) }),
    '00200013': numbers('IS', number),
    '00200032': numbers('DS', ...position),
    '00200037': numbers('DS', ...(options.orientation ?? [1, 0, 0, 0, 1, 0])),
    '00200052': text('UI', options.frameOfReference ?? '1.2.3'),
    '00280002': numbers('US', 1),
    '00280004': text('CS', 'MONOCHROME2'),
    '00280010': numbers('US', side),
    '00280011': numbers('US', side),
    '00280030': numbers('DS', ...spacingMm),
    ...options.more,
  };
  const [frame] = buildFrames(dataset, '/series');
  if (frame === undefined) throw new RangeError('The slice has no pixels.');
  return frame;
}

/** Slices at these places along z, numbered as they come. */
export const slicesAt = (places: readonly number[], options: Omit<SliceOptions, 'position' | 'number'> = {}): FrameModel[] =>
  places.map((z, index) => sliceOf({ ...options, position: [0, 0, z], number: index + 1 }));

export const every = (count: number, mm: number, from = 0): number[] =>
  Array.from({ length: count }, (_, index) => from + index * mm);

import type { Types } from '@cornerstonejs/core';
import { type DecodedFrame, renderFrame, renderPlanFor, suvOf, valueAt } from '@negatoscope/dicom';
import { type Measurement, measureAngle, measureLength, type PixelPoint } from '../model/calibration.ts';
import { formatNumber, formatValue } from '../model/format.ts';
import type { FrameModel } from '../model/study-model.ts';
import { type PlannedFrame, planOf } from './frame-plans.ts';
import { frameStore } from './frame-store.ts';
import { toImage } from './library.ts';

/** Words that measurements show on the image, in the reader's language. */
export interface MeasurementLabels {
  readonly language: string;
  readonly uncalibrated: string;
  readonly outside: string;
  readonly detector: string;
  readonly estimated: string;
  readonly pixels: string;
  readonly padding: string;
  /** Stands beside a value of a frame that is not here without loss yet. */
  readonly provisional: string;
}

export interface MeasurementContext {
  readonly labels: () => MeasurementLabels;
  readonly frameOf: (imageId: string) => FrameModel | undefined;
}

interface MeasuredData {
  readonly handles?: { readonly points?: readonly Types.Point3[] };
}

const TARGET_PREFIX = 'imageId:';

const pixelPoints = (data: MeasuredData, frame: FrameModel | undefined): PixelPoint[] =>
  frame === undefined ? [] : (data.handles?.points ?? []).map((world) => toImage(frame, world));

/** Red, green and blue of one pixel as they are drawn, by the pipeline that draws the whole frame. */
function colourAt(frame: DecodedFrame, { plan }: PlannedFrame, index: number): number[] {
  const size = frame.pixels.length / (frame.rows * frame.columns);
  const pixels = frame.pixels.slice(index * size, (index + 1) * size);
  return [...renderFrame({ ...frame, rows: 1, columns: 1, pixels }, renderPlanFor(plan, undefined)).pixels];
}

/** The value of the pixel that holds a point, with its unit; nothing outside the frame or before it is loaded. */
function probeLine(model: FrameModel, [x, y]: PixelPoint, words: MeasurementLabels): string | undefined {
  const [frame, planned] = [frameStore.get(model.imageId), planOf(model.imageId)];
  const [column, row] = [Math.floor(x), Math.floor(y)];
  if (frame === undefined || planned === undefined) return undefined;
  if (column < 0 || row < 0 || column >= frame.columns || row >= frame.rows) return undefined;
  const index = row * frame.columns + column;
  if (planned.plan.kind !== 'gray') return colourAt(frame, planned, index).join(' ');
  const value = valueAt(frame, planned.plan, index);
  if (value === undefined) return words.padding;
  const text = [formatValue(value, words.language), planned.plan.unit].filter(Boolean).join(' ');
  const suv = suvOf(model.dataset);
  return suv.kind === 'suv' ? `SUV ${formatValue(value * suv.factor, words.language)} · ${text}` : text;
}

const imageIdOf = (targetId: string): string =>
  targetId.startsWith(TARGET_PREFIX) ? targetId.slice(TARGET_PREFIX.length) : targetId;

function noteOf({ kind }: Measurement, words: MeasurementLabels): string[] {
  if (kind === 'calibrated') return [];
  return [kind === 'none' ? words.uncalibrated : words[kind]];
}

/**
 * Texts beside the measurements. Distances and values are our own rather than the library's, which takes a spacing at the detector for one in
 * the patient; without a spacing they are in pixels and say so.
 */
export function measurementTexts({ labels, frameOf }: MeasurementContext) {
  const number = (value: number, digits: number): string => formatNumber(value, labels().language, digits);
  return {
    length: (data: MeasuredData, targetId: string): string[] => {
      const frame = frameOf(imageIdOf(targetId));
      const [a, b] = pixelPoints(data, frame);
      if (a === undefined || b === undefined || frame === undefined) return [];
      const measured = measureLength(a, b, frame.calibration);
      const { value, unit } = measured;
      const text = unit === 'px' ? `${number(value, 0)} ${labels().pixels}` : `${number(value, value < 10 ? 2 : 1)} mm`;
      return [text, ...noteOf(measured, labels())];
    },
    angle: (data: MeasuredData, targetId: string): string[] => {
      const frame = frameOf(imageIdOf(targetId));
      const [a, vertex, b] = pixelPoints(data, frame);
      if (a === undefined || vertex === undefined || b === undefined || frame === undefined) return [];
      const { rowMm, columnMm } = frame.drawingSpacing;
      return [`${number(measureAngle(a, vertex, b, frame.calibration, rowMm / columnMm), 1)}°`];
    },
    probe: (data: MeasuredData, targetId: string): string[] => {
      const frame = frameOf(imageIdOf(targetId));
      const [point] = pixelPoints(data, frame);
      if (point === undefined || frame === undefined) return [];
      const place = `x ${Math.floor(point[0])}  y ${Math.floor(point[1])}`;
      const value = probeLine(frame, point, labels());
      const note = value === undefined || frameStore.isWhole(frame.imageId) ? undefined : labels().provisional;
      return [value, note, place].filter((line) => line !== undefined);
    },
  };
}

import { cache, metaData, type Types, utilities } from '@cornerstonejs/core';
import { type Calibration, measureAngle, measureLength, type PixelPoint } from '../model/calibration.ts';
import { formatNumber } from '../model/format.ts';

/** Words that measurements show on the image, in the reader's language. */
export interface MeasurementLabels {
  readonly language: string;
  readonly uncalibrated: string;
  readonly detector: string;
  readonly estimated: string;
  readonly pixels: string;
}

export interface MeasurementContext {
  readonly labels: () => MeasurementLabels;
  readonly calibrationOf: (imageId: string) => Calibration;
}

interface MeasuredData {
  readonly handles?: { readonly points?: readonly Types.Point3[] };
  readonly cachedStats?: Readonly<Record<string, { readonly modalityUnit?: string } | undefined>>;
}

const TARGET_PREFIX = 'imageId:';

function pixelPoints(data: MeasuredData, imageId: string): PixelPoint[] {
  if (metaData.get('imagePlaneModule', imageId) === undefined) return [];
  return (data.handles?.points ?? []).flatMap((world) => {
    const [x, y] = utilities.worldToImageCoords(imageId, world) ?? [];
    return x === undefined || y === undefined ? [] : [[x, y] as const];
  });
}

/** Samples of the pixel that holds a point, in displayed units; none outside the frame or before it is loaded. */
function valuesAt(imageId: string, [x, y]: PixelPoint): number[] {
  const image = cache.getImage(imageId);
  const column = Math.floor(x);
  const row = Math.floor(y);
  if (image === undefined || column < 0 || row < 0 || column >= image.columns || row >= image.rows) return [];
  const samples: ArrayLike<number> = image.voxelManager?.getScalarData() ?? image.getPixelData();
  const count = Math.max(1, Math.round(samples.length / (image.columns * image.rows)));
  const start = (row * image.columns + column) * count;
  return Array.from({ length: Math.min(3, count) }, (_, channel) => samples[start + channel] ?? 0);
}

const imageIdOf = (targetId: string): string =>
  targetId.startsWith(TARGET_PREFIX) ? targetId.slice(TARGET_PREFIX.length) : targetId;

/**
 * Texts beside the measurements. Distances come from our own calibration rather than the library's, which takes a spacing at the
 * detector for one in the patient; without a spacing they are in pixels and say so.
 */
export function measurementTexts({ labels, calibrationOf }: MeasurementContext) {
  const number = (value: number, digits: number): string => formatNumber(value, labels().language, digits);
  return {
    length: (data: MeasuredData, targetId: string): string[] => {
      const imageId = imageIdOf(targetId);
      const [a, b] = pixelPoints(data, imageId);
      if (a === undefined || b === undefined) return [];
      const { value, unit, kind } = measureLength(a, b, calibrationOf(imageId));
      const words = labels();
      if (unit === 'px') return [`${number(value, 0)} ${words.pixels}`, words.uncalibrated];
      const note = kind === 'detector' ? words.detector : kind === 'estimated' ? words.estimated : undefined;
      const text = `${number(value, value < 10 ? 2 : 1)} mm`;
      return note === undefined ? [text] : [text, note];
    },
    angle: (data: MeasuredData, targetId: string): string[] => {
      const imageId = imageIdOf(targetId);
      const [a, vertex, b] = pixelPoints(data, imageId);
      if (a === undefined || vertex === undefined || b === undefined) return [];
      return [`${number(measureAngle(a, vertex, b, calibrationOf(imageId)), 1)}°`];
    },
    probe: (data: MeasuredData, targetId: string): string[] => {
      const imageId = imageIdOf(targetId);
      const [point] = pixelPoints(data, imageId);
      if (point === undefined) return [];
      const values = valuesAt(imageId, point);
      const unit = values.length === 1 && data.cachedStats?.[targetId]?.modalityUnit === 'HU' ? ' HU' : '';
      return [
        `${values.map((value) => number(value, 2)).join(' ')}${unit}`,
        `x ${Math.floor(point[0])}  y ${Math.floor(point[1])}`,
      ];
    },
  };
}

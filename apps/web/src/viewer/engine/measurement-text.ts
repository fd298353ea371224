import { metaData, type Types, utilities } from '@cornerstonejs/core';
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
  readonly cachedStats?: Readonly<Record<string, { readonly value?: unknown; readonly modalityUnit?: string } | undefined>>;
}

const TARGET_PREFIX = 'imageId:';

function pixelPoints(data: MeasuredData, imageId: string): PixelPoint[] {
  if (metaData.get('imagePlaneModule', imageId) === undefined) return [];
  return (data.handles?.points ?? []).flatMap((world) => {
    const [x, y] = utilities.worldToImageCoords(imageId, world) ?? [];
    return x === undefined || y === undefined ? [] : [[x, y] as const];
  });
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
      const [point] = pixelPoints(data, imageIdOf(targetId));
      const stats = data.cachedStats?.[targetId];
      if (point === undefined || stats === undefined) return [];
      const values = (Array.isArray(stats.value) ? stats.value : [stats.value]).filter((value) => typeof value === 'number');
      const unit = stats.modalityUnit === 'HU' ? ' HU' : '';
      return [
        `${values.map((value) => number(value, 2)).join(' ')}${unit}`,
        `x ${Math.floor(point[0])}  y ${Math.floor(point[1])}`,
      ];
    },
  };
}

import { describe, expect, test } from 'vitest';
import type { DicomJsonObject } from '../types.ts';
import { scaleOf } from './frame-scale.ts';

const decimal = (...Value: (number | string)[]) => ({ vr: 'DS', Value });
const spacing = (mm: number): DicomJsonObject => ({ '00289110': { vr: 'SQ', Value: [{ '00280030': decimal(mm, mm) }] } });

describe('the scale of a frame', () => {
  test('is that of its own functional group before the shared one (PS3.3 C.7.6.16.1)', () => {
    const dataset: DicomJsonObject = {
      '52009229': { vr: 'SQ', Value: [spacing(2)] },
      '52009230': { vr: 'SQ', Value: [{}, spacing(0.5)] },
    };
    const spacingOf = (frame: number) => {
      const { calibration } = scaleOf(dataset, frame);
      return calibration.kind === 'calibrated' ? calibration.spacing : calibration.kind;
    };
    expect([spacingOf(1), spacingOf(2), spacingOf(3)]).toEqual([
      { rowMm: 2, columnMm: 2 },
      { rowMm: 0.5, columnMm: 0.5 },
      { rowMm: 2, columnMm: 2 },
    ]);
  });

  test('of an image without groups is its Pixel Spacing, as a number or as text; without one there is none', () => {
    expect(scaleOf({ '00280030': decimal('0.25', '0.5') }, 1).calibration).toEqual({
      kind: 'calibrated',
      spacing: { rowMm: 0.25, columnMm: 0.5 },
    });
    expect(scaleOf({ '00280030': decimal('x', '0.5') }, 1).calibration).toEqual({ kind: 'none' });
    expect(scaleOf({}, 1).calibration).toEqual({ kind: 'none' });
  });

  test('at the detector is said to be so (PS3.3 10.7.1.3)', () => {
    const image: DicomJsonObject = { '00080060': { vr: 'CS', Value: ['DX'] }, '00181164': decimal(0.15, 0.15) };
    expect(scaleOf(image, 1).calibration).toMatchObject({ kind: 'detector' });
  });
});

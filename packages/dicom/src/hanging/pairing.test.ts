import { describe, expect, it } from 'vitest';
import { likenessOf, mostLike } from './pairing.ts';
import { featuresOf, planeOf, type SeriesFeatures, type SeriesImages } from './series-features.ts';
import type { SeriesSummary } from './series-list.ts';

const series = (modality: string, description: string, instanceCount = 100, bodyPart?: string): SeriesSummary => ({
  seriesInstanceUid: `1.${description}`,
  modality,
  seriesNumber: 1,
  description,
  instanceCount,
  bodyPart,
});
const of = (modality: string, description: string, count?: number, bodyPart?: string): SeriesFeatures =>
  featuresOf(series(modality, description, count, bodyPart));
const pairOf = (wanted: SeriesFeatures, ...others: SeriesFeatures[]): string | undefined =>
  mostLike(wanted, others, (one) => one)?.text;

describe('what a description says', () => {
  it('in French and in English', () => {
    expect(of('CT', 'Thorax injecté 2,5 mm Poumon')).toMatchObject({ contrast: 'with', kernel: 'lung', thicknessMm: 2.5 });
    expect(of('CT', 'Chest w/o, without contrast 5mm SOFT')).toMatchObject({
      contrast: 'without',
      kernel: 'soft',
      thicknessMm: 5,
    });
    expect(of('CT', 'Abdomen sans injection')).toMatchObject({ contrast: 'without' });
    expect(of('CT', 'ABD C- AX')).toMatchObject({ contrast: 'without', plane: 'axial' });
    expect(of('CT', 'ABD C+ Portal')).toMatchObject({ contrast: 'with', phase: 'portal' });
    expect(of('CT', 'Temps artériel COR')).toMatchObject({ phase: 'arterial', plane: 'coronal' });
    expect(of('MR', 'Sag T2 FLAIR')).toMatchObject({ plane: 'sagittal', weighting: 'flair' });
    expect(of('MR', 'T1 3D Gado')).toMatchObject({ weighting: 't1', contrast: 'with' });
    expect(of('MR', 'ep2d_diff_b1000')).toMatchObject({ weighting: 'dwi' });
    expect(of('MG', 'R CC')).toMatchObject({ side: 'right', view: 'cc' });
    expect(of('MG', 'LMLO')).toMatchObject({ side: 'left', view: 'mlo' });
    expect(of('DX', 'Thorax face')).toMatchObject({ view: 'frontal' });
  });

  it('nothing that it does not say', () => {
    expect(of('CT', 'Thorax')).toEqual({ modality: 'CT', count: 100, text: 'thorax' });
    // Letters name no side of slices, and a dose is no thickness.
    expect(of('CT', 'Series R D 120 mmHg')).not.toHaveProperty('side');
    expect(of('CT', '120mm')).not.toHaveProperty('thicknessMm');
    expect(of('CT', 'Postmortem')).not.toHaveProperty('contrast');
  });

  it('the images say the plane where they are here', () => {
    const stack = (row: readonly number[], column: readonly number[]) =>
      ({ isSpatial: true, frames: [{ orientation: { row, column } }] }) as unknown as SeriesImages;
    expect(planeOf(stack([1, 0, 0], [0, 1, 0]))).toBe('axial');
    expect(planeOf(stack([1, 0, 0], [0, 0, -1]))).toBe('coronal');
    expect(planeOf(stack([0, 1, 0], [0, 0, -1]))).toBe('sagittal');
    expect(planeOf(stack([1, 0, 0], [0, 0.94, 0.34]))).toBe('axial');
    expect(featuresOf(series('CT', 'Cor'), stack([1, 0, 0], [0, 1, 0])).plane).toBe('axial');
  });
});

describe('the series that is laid beside another', () => {
  it('has its modality, above all', () => {
    expect(likenessOf(of('CT', 'Thorax'), of('MR', 'Thorax'))).toBeUndefined();
    expect(likenessOf(of('CR', 'Thorax face'), of('DX', 'Thorax face'))).toBeGreaterThan(0);
  });

  it('has its plane, rather than its words', () => {
    expect(pairOf(of('CT', 'Thorax poumon axial'), of('CT', 'Thorax poumon coronal'), of('CT', 'Chest 5mm axial'))).toBe(
      'chest 5mm axial',
    );
  });

  it('has its kernel, its contrast and its weighting', () => {
    const lung = of('CT', 'Thorax 1 mm poumon');
    expect(pairOf(lung, of('CT', 'Thorax 1 mm médiastin'), of('CT', 'Thorax 3 mm lung'))).toBe('thorax 3 mm lung');
    expect(pairOf(of('CT', 'Foie portal C+'), of('CT', 'Foie C-'), of('CT', 'Foie artériel C+'), of('CT', 'Liver venous'))).toBe(
      'liver venous',
    );
    expect(pairOf(of('MR', 'Ax FLAIR'), of('MR', 'Ax T2'), of('MR', 'Ax T1'), of('MR', 'FLAIR 3D'))).toBe('flair 3d');
    expect(pairOf(of('MG', 'R MLO', 1), of('MG', 'L MLO', 1), of('MG', 'R CC', 1), of('MG', 'RMLO', 1))).toBe('rmlo');
  });

  it('is no localizer beside a stack, and of two alike the one of the same thickness', () => {
    expect(pairOf(of('CT', 'Thorax', 120), of('CT', 'Thorax scout', 2), of('CT', 'Chest', 60))).toBe('chest');
    expect(pairOf(of('CT', 'Thorax 5 mm'), of('CT', 'Chest 1 mm'), of('CT', 'Chest 5 mm'))).toBe('chest 5 mm');
  });

  it('is none where all contradict', () => {
    expect(pairOf(of('MR', 'Sag T1', 30), of('MR', 'Ax T2', 30), of('MR', 'Cor STIR', 30))).toBeUndefined();
  });
});

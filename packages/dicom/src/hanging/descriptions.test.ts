import { describe, expect, test } from 'vitest';
import { featuresOf, plain, wordsOf } from './series-features.ts';

const said = (modality: string, description: string) =>
  featuresOf({ ...{ seriesInstanceUid: '1', modality, seriesNumber: 1, instanceCount: 60, bodyPart: undefined }, description });

describe('what a description says of contrast', () => {
  test.each([
    'CT HEAD W/O CONTRAST',
    'CT HEAD WO CONTRAST',
    'Chest without contrast',
    'T1 pre-contrast',
    'T1 pre contrast',
    'T1 pre gado',
    'AX T1 PRE-GADOLINIUM',
    'No contrast',
    'Non-contrast',
    'Noncontrast chest',
    'Abdomen sans injection',
    'Abdomen sans produit',
    'Non injecté',
    'Unenhanced',
    'C-',
  ])('%s: without', (text) => expect(said('CT', text).contrast).toBe('without'));

  test.each([
    'CT HEAD W CONTRAST',
    'Chest with contrast',
    'T1 post-contrast',
    'T1 post gado',
    'T1 3D Gado',
    'Abdomen avec injection',
    'Injecté',
    'C+',
    'Enhanced',
  ])('%s: with', (text) => expect(said('CT', text).contrast).toBe('with'));

  test.each(['C-spine', 'Two views', 'Women', 'Sangle', 'Precursor', 'Novel'])('%s: nothing', (text) => {
    expect(said('CT', text).contrast).toBeUndefined();
  });
});

describe('what a description says of weighting', () => {
  test.each([
    ['AX T2* GRE', 'swi'],
    ['AX T2 *', 'swi'],
    ['t2-star', 'swi'],
    ['SWAN', 'swi'],
    ['AX T2', 't2'],
    ['T2W TSE', 't2'],
    ['T2 FLAIR', 'flair'],
    ['T1 MPRAGE', 't1'],
    ['ep2d_diff_b1000_ADC', 'adc'],
    ['b1000', 'dwi'],
    ['STIR COR', 'stir'],
    ['3D TOF', 'tof'],
    ['DP FS', 'pd'],
  ])('%s: %s', (text, weighting) => expect(said('MR', text).weighting).toBe(weighting));

  test('is of an MR alone', () => expect(said('CT', 'T2').weighting).toBeUndefined());
});

describe('what a description says of thickness, mm', () => {
  test.each([
    ['Chest 0.625mm', 0.625],
    ['Thorax 1,25 mm', 1.25],
    ['5mm SOFT', 5],
    ['10.0 MM', 10],
    ['2.5mm x 2.5mm', 2.5],
    ['120 mmHg', undefined],
    ['1000mm', undefined],
    ['v1.2.3 mm', undefined],
    ['5 cm', undefined],
  ])('%s: %s', (text, mm) => expect(said('CT', text).thicknessMm).toBe(mm));
});

describe('what a description says of side and view', () => {
  test.each([
    ['MG', 'RCC', 'right', 'cc'],
    ['MG', 'L MLO', 'left', 'mlo'],
    ['MG', 'Face crâniocaudale gauche', 'left', 'cc'],
    ['DX', 'Genou droit profil', 'right', 'lateral'],
    ['DX', 'Thorax PA', undefined, 'frontal'],
    ['CR', 'Left hand AP', 'left', 'frontal'],
  ])('%s %s: %s, %s', (modality, text, side, view) => {
    expect(said(modality, text)).toMatchObject({ ...(side === undefined ? {} : { side }), view });
    expect('side' in said(modality, text)).toBe(side !== undefined);
  });

  test('is of projections alone: letters of a CT name anything', () => {
    expect(wordsOf('r l pa lat', 'CT')).toEqual({});
    expect(wordsOf('', 'MG')).toEqual({});
  });
});

test('texts are compared in small letters, without accents and marks that say nothing', () => {
  expect(plain('  Médiastin_2,5mm / C+ (ÉTÉ)  ')).toBe('mediastin 2,5mm c+ ete');
});

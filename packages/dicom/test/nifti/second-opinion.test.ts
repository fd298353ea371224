import { describe, expect, test } from 'vitest';
import { mrSeries, SopClass, volumeSeries } from '../../../testkit/src/index.ts';
import { HAS_CORPUS, manifest, NO_CORPUS, readCorpus } from '../corpus.ts';
import { byDcm2niix, flipped, flipsOf, HAS_DCM2NIIX, NO_DCM2NIIX } from './dcm2niix.ts';
import { enhancedCt } from './enhanced.ts';
import { niftiOf } from './make.ts';
import { type ReadNifti, readNifti } from './read.ts';

const valueAt = ([x, y, z]: readonly [number, number, number]): number => Math.round(3 * x - 5 * y + 7 * z) % 900;

/** Both say the same of the same place: the matrix within 1e-4 (of mm, or of a step), every voxel to the last digit of its type. */
function expectSame(ours: ReadNifti, theirs: ReadNifti): void {
  expect(ours.dims).toEqual(theirs.dims);
  const flips = flipsOf(ours, theirs);
  const turned = flipped(ours, flips);
  for (const [line, row] of theirs.sform.entries())
    for (const [index, value] of row.entries())
      expect(Math.abs((turned[line]?.[index] ?? 0) - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
  const [ni, nj, nk, nt] = ours.dims;
  const at = (index: number, axis: 0 | 1 | 2): number => (flips[axis] ? ours.dims[axis] - 1 - index : index);
  let different = 0;
  for (let t = 0; t < nt; t += 1)
    for (let k = 0; k < nk; k += 1)
      for (let j = 0; j < nj; j += 1)
        for (let i = 0; i < ni; i += 1) {
          const [a, b] = [ours.valueAt(at(i, 0), at(j, 1), at(k, 2), t), theirs.valueAt(i, j, k, t)];
          if (Math.abs(a - b) > 1e-5 * Math.max(1, Math.abs(b))) different += 1;
        }
  expect(different).toBe(0);
}

async function expectAgreement(files: readonly Uint8Array[]): Promise<ReadNifti> {
  const { bytes } = await niftiOf(files);
  const ours = readNifti(bytes);
  const [theirs] = byDcm2niix(files);
  if (theirs === undefined) throw new Error('dcm2niix made nothing');
  expectSame(ours, theirs);
  for (const [line, row] of ours.qform.entries())
    for (const [index, value] of row.entries())
      expect(Math.abs(value - (ours.sform[line]?.[index] ?? Number.NaN))).toBeLessThan(1e-3);
  return ours;
}

const axial = (count: number, step = 2.5) => Array.from({ length: count }, (_, index) => [-20, -30, index * step] as const);
const bytesOf = (series: Iterable<{ readonly bytes: Uint8Array }>): Uint8Array[] => [...series].map(({ bytes }) => bytes);
const tilt = (40 * Math.PI) / 180;
const OBLIQUE = [Math.cos(tilt), Math.sin(tilt), 0, 0, 0, -1] as const;

describe.skipIf(!HAS_DCM2NIIX)(`NIfTI as dcm2niix makes it${NO_DCM2NIIX}`, () => {
  const volume = { seed: 'nifti', side: 24, spacingMm: 1.25, thicknessMm: 2.5, valueAt };

  test('an axial CT whose files come in any order', async () => {
    const files = bytesOf(volumeSeries({ ...volume, positions: axial(7) }));
    await expectAgreement([...files].reverse());
    await expectAgreement([...files.slice(3), ...files.slice(0, 3)]);
  });

  test('slices from top to bottom, and an oblique coronal', async () => {
    await expectAgreement(bytesOf(volumeSeries({ ...volume, positions: axial(6, -3) })));
    const positions = Array.from(
      { length: 5 },
      (_, index) => [-20 + index * 2 * Math.sin(tilt), -30 - index * 2 * Math.cos(tilt), 40] as const,
    );
    await expectAgreement(bytesOf(volumeSeries({ ...volume, positions, orientation: OBLIQUE })));
  });

  test.each(['axial', 'sagittal', 'coronal'] as const)('an MR of signed 16 bits, %s', async (orientation) => {
    const dataset = { PixelRepresentation: 1, RepetitionTime: 500, EchoTime: 12 };
    await expectAgreement(bytesOf(mrSeries({ seed: 2, orientation, slices: 5, rows: 32, columns: 40, dataset })));
  });

  test('slopes that differ are applied', async () => {
    const elementsOf = (index: number) => ({ RescaleSlope: 0.5 + index / 8, RescaleIntercept: -index });
    const files = bytesOf(volumeSeries({ ...volume, positions: axial(5), elementsOf }));
    const ours = await expectAgreement(files);
    expect(ours.valueAt(0, 23, 1)).toBeCloseTo((1024 + valueAt([-20, -30, 2.5])) * 0.625 - 1, 3);
  });

  test('several time points by acquisition', async () => {
    const series = [0, 1, 2].flatMap((time) =>
      bytesOf(
        volumeSeries({
          ...volume,
          positions: axial(4),
          valueAt: (point) => valueAt(point) + 100 * time,
          dataset: {
            SOPClassUID: SopClass.mr,
            Modality: 'MR',
            '00200100': { vr: 'IS', value: time + 1 },
            '00200105': { vr: 'IS', value: 3 },
            AcquisitionNumber: time + 1,
            RepetitionTime: 2000,
          },
          elementsOf: (index) => ({
            SOPInstanceUID: `2.25.77${time}${index}`,
            InstanceNumber: time * 4 + index + 1,
          }),
        }),
      ),
    );
    const ours = await expectAgreement(series);
    expect(ours.dims).toEqual([24, 24, 4, 3]);
  });

  test('an enhanced CT whose frames come in any order', async () => {
    const ours = await expectAgreement([enhancedCt([0, 3, 1, 4, 2])]);
    expect(ours.dims).toEqual([16, 12, 5, 1]);
    expect(ours.valueAt(0, 11, 3)).toBe(3 * 50 - 1024);
  });

  test.skipIf(!HAS_CORPUS).each(['dcm_qa_ct/series-CT-phantom/'])(`a real series: %s${NO_CORPUS}`, async (folder) => {
    const files = manifest().flatMap(({ file = '' }) => (file.startsWith(folder) ? [readCorpus(file)] : []));
    expect(files).toHaveLength(28);
    await expectAgreement(files);
  });
});

test('nothing but numbers stands in a file', async () => {
  const { bytes } = await niftiOf(bytesOf(volumeSeries({ seed: 1, side: 8, spacingMm: 1, positions: axial(3), valueAt })));
  expect(readNifti(bytes).texts).toMatch(/^\0+$/);
});

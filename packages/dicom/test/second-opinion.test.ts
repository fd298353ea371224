import dicomParser from 'dicom-parser';
import { describe, expect, it } from 'vitest';
import { type BulkDataRef, DicomError, parsePart10 } from '../src/index.ts';
import { HAS_CORPUS, inflateRaw, manifest, NO_CORPUS, readCorpus } from './corpus.ts';

/** Every value as a reference: where it is, instead of what it says. */
const everywhere = { bulkDataThresholdBytes: 0, textThresholdBytes: 0, inflateRaw };

/** Where dicom-parser has the value; `inside` when it keeps the whole sequence as one value because it has no dictionary. */
function locate(
  dataset: dicomParser.DataSet,
  path: string,
): { dataOffset: number; length: number; isInside: boolean } | undefined {
  const parts = path.split('/');
  let current = dataset;
  for (let index = 0; index < parts.length; index += 2) {
    const element = current.elements[`x${(parts[index] ?? '').toLowerCase()}`];
    if (element === undefined) return undefined;
    const { dataOffset, length } = element;
    if (index === parts.length - 1) return { dataOffset, length, isInside: false };
    const next = element.items?.[Number(parts[index + 1])]?.dataSet;
    if (next === undefined) return { dataOffset, length, isInside: true };
    current = next;
  }
  return undefined;
}

function disagrees(dataset: dicomParser.DataSet, ref: BulkDataRef): boolean {
  const other = locate(dataset, ref.path);
  if (other === undefined) return true;
  if (other.isInside) return ref.offset < other.dataOffset || ref.offset + (ref.length ?? 0) > other.dataOffset + other.length;
  return other.dataOffset !== ref.offset || (!ref.encapsulated && other.length !== ref.length);
}

describe.skipIf(!HAS_CORPUS)(`dicom-parser${NO_CORPUS}`, () => {
  const counted = { files: 0, values: 0 };

  it.each(manifest().map((row) => row.file ?? ''))('finds the values of %s at the same offsets', (file) => {
    const bytes = readCorpus(file);
    let theirs: dicomParser.DataSet;
    let ours: ReturnType<typeof parsePart10>;
    try {
      theirs = dicomParser.parseDicom(bytes, { untilTag: 'x7fe00010' });
      ours = parsePart10(bytes, everywhere);
    } catch (error) {
      return expect(
        typeof error === 'string' || error instanceof Error || error instanceof DicomError || 'exception' in Object(error),
      ).toBe(true);
    }
    if (ours.pixelData?.space === 'inflated' || ours.bulkData.some(({ space }) => space === 'inflated')) return;
    const wrong = ours.bulkData.filter((ref) => ref.path !== '7FE00010' && disagrees(theirs, ref));
    expect(wrong.map(({ path, offset, length }) => ({ path, offset, length }))).toEqual([]);
    counted.files += 1;
    counted.values += ours.bulkData.length;
  });

  it('was asked about most of the files', () => {
    expect(counted.files).toBeGreaterThan(220);
    expect(counted.values).toBeGreaterThan(10_000);
  });
});

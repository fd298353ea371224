import { parsePart10 } from '@negatoscope/dicom';
import { ctVolume, type Dataset, dicomdirCd, SopClass, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import { describe, expect, test } from 'vitest';
import type { HeaderDigest } from '../types.ts';
import { headerDigest } from './header-digest.ts';

function digest(bytes: Uint8Array): HeaderDigest {
  const reader = headerDigest(bytes.length, {});
  let step = reader.next();
  while (step.done !== true) step = reader.next(bytes.subarray(step.value.offset));
  return step.value;
}
const RECORDS: Dataset = { DirectoryRecordSequence: { vr: 'SQ', value: [] } };
function ct(dataset: Dataset): Uint8Array {
  for (const { bytes } of ctVolume({ seed: 'no directory', slices: 1, rows: 32, columns: 32, dataset })) return bytes;
  throw new Error('The phantom has no instance.');
}
const written = (dataset: Dataset, media: string | undefined): Uint8Array =>
  writePart10(dataset, {
    transferSyntaxUid: TransferSyntax.explicitVrLittleEndian,
    metaElements: { MediaStorageSOPClassUID: media },
  });
const UIDS: Dataset = { SOPInstanceUID: '2.25.41', StudyInstanceUID: '2.25.42', SeriesInstanceUID: '2.25.43', Modality: 'OT' };

describe('a DICOMDIR', () => {
  test('is known by its Media Storage SOP Class UID, and names itself', () => {
    const [directory] = dicomdirCd({ seed: 'known' }).files;
    const bytes = directory?.bytes ?? new Uint8Array(0);
    const { fileMeta } = parsePart10(bytes);
    expect(digest(bytes)).toMatchObject({
      kind: 'dicomdir',
      named: { sopClassUid: SopClass.mediaStorageDirectory, sopInstanceUid: fileMeta['00020003']?.Value?.[0] },
    });
  });

  test('without file meta information is what has records and no SOP Class', () => {
    expect(digest(written(RECORDS, undefined)).kind).toBe('dicomdir');
    expect(digest(written({ ...RECORDS, SOPClassUID: SopClass.ct, ...UIDS }, undefined)).kind).toBe('instance');
  });

  test('is no image that carries records as well, whatever its file meta information says', () => {
    expect(digest(ct(RECORDS)).kind).toBe('instance');
    expect(digest(written({ SOPClassUID: SopClass.ct, ...UIDS, ...RECORDS }, SopClass.mediaStorageDirectory)).kind).toBe(
      'instance',
    );
    expect(digest(written({ ...RECORDS, ...UIDS }, SopClass.ct)).kind).toBe('instance');
  });
});

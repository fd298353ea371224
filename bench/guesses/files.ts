import { type Dataset, smallDataset, writePart10 } from '@negatoscope/testkit';

/** Numbers of one length, so that no size tells one file from another. */
const digits = (number: number): string => String(10_000_000 + number);
let last = 0;
const newUid = (): string => `1.2.826.0.1.900.${digits(++last)}`;

/** Who is in a file, and what it is called: all that a guess may have in common with a stored one. */
export interface Subject {
  readonly PatientID: string;
  readonly PatientName: string;
  readonly PatientBirthDate: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
}

/** Somebody who is in no other file. */
export function somebody(): Subject {
  const number = ++last;
  return {
    PatientID: `Z${digits(number)}`,
    PatientName: `Leroux${digits(number)}^Anna`,
    PatientBirthDate: `19${String(20 + (number % 70))}0606`,
    StudyInstanceUID: newUid(),
    SeriesInstanceUID: newUid(),
    SOPInstanceUID: newUid(),
  };
}

/** A small CT; `comment` makes two files of one subject differ. */
export function fileOf(subject: Subject, comment = 'none'): Buffer {
  const dataset: Dataset = {
    ...smallDataset('guess'),
    Modality: 'CT',
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    ConversionType: undefined,
    ImageComments: comment,
    ...subject,
  };
  return Buffer.from(writePart10(dataset, { transferSyntaxUid: '1.2.840.10008.1.2.1' }));
}

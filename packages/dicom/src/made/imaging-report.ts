import type { DicomJsonObject } from '../types.ts';
import { commonOf, type MadeInstance } from './common.ts';
import { type Code, code, dcm, rootOf, templateOf } from './content.ts';
import { empty, text } from './elements.ts';
import { fileOf } from './file.ts';
import { evidenceOf, type InstanceReference, type Predecessor, predecessorsOf } from './references.ts';

export interface ImagingReport extends MadeInstance {
  /** The document that this one takes the place of. */
  readonly predecessor?: Predecessor;
  /** Of the texts. */
  readonly language: Code;
}

const IMAGING_PROCEDURE: Code = { value: '363679005', scheme: 'SCT', meaning: 'Imaging procedure' };

/** A Comprehensive SR with an Imaging Measurement Report (PS3.3 A.35.3, PS3.16 TID 1500), complete. Fails with DatasetWriteError. */
export function imagingReport(
  report: ImagingReport,
  {
    by,
    observers,
    images,
    parts,
  }: {
    /** Who made it, and who stands for it (PS3.3 C.17.2). */
    readonly by: DicomJsonObject;
    readonly observers: readonly DicomJsonObject[];
    readonly images: readonly InstanceReference[];
    readonly parts: readonly DicomJsonObject[];
  },
): Uint8Array {
  return fileOf(report, {
    ...commonOf(report, '1.2.840.10008.5.1.4.1.1.88.33', 'SR'),
    '00081111': empty('SQ'),
    '0040A372': empty('SQ'),
    '0040A491': text('CS', 'COMPLETE'),
    ...by,
    ...predecessorsOf(report, report.predecessor),
    ...evidenceOf(report, images),
    ...templateOf('1500'),
    ...rootOf(dcm('126000', 'Imaging Measurement Report'), [
      code('HAS CONCEPT MOD', dcm('121049', 'Language of Content Item and Descendants'), report.language),
      ...observers,
      code('HAS CONCEPT MOD', dcm('121058', 'Procedure reported'), IMAGING_PROCEDURE),
      ...parts,
    ]),
  });
}

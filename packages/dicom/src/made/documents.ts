import type { DicomJsonObject } from '../types.ts';
import {
  type Code,
  commonOf,
  empty,
  evidenceOf,
  fileOf,
  type InstanceReference,
  imageItem,
  type MadeInstance,
  rootOf,
  text,
  textItem,
} from './common.ts';

/** A part of a report: a text under a name, with the images that it speaks of. */
export interface ReportPart {
  readonly name: Code;
  readonly text: string;
  readonly images?: readonly InstanceReference[];
}

export interface MadeReport extends MadeInstance {
  readonly title: Code;
  readonly parts: readonly ReportPart[];
}

/** A Basic Text SR, complete and not verified (PS3.3 A.35.1): each part a text, followed by its images. Fails with DatasetWriteError. */
export function basicTextReport(report: MadeReport): Uint8Array {
  const items = report.parts.flatMap(({ name, text: words, images = [] }) => [
    textItem('CONTAINS', name, words),
    ...images.map((image) => imageItem(image)),
  ]);
  return fileOf(report, {
    ...commonOf(report, '1.2.840.10008.5.1.4.1.1.88.11', 'SR'),
    '00081111': empty('SQ'),
    '0040A372': empty('SQ'),
    '0040A491': text('CS', 'COMPLETE'),
    '0040A493': text('CS', 'UNVERIFIED'),
    ...evidenceOf(
      report,
      report.parts.flatMap(({ images = [] }) => images),
    ),
    ...rootOf(report.title, items),
  });
}

export interface MadePdf extends MadeInstance {
  readonly documentTitle: string;
  readonly pdf: Uint8Array;
}

/** An Encapsulated PDF (PS3.3 A.45.1). Fails with DatasetWriteError. */
export function encapsulatedPdf(document: MadePdf): Uint8Array {
  const json: DicomJsonObject = {
    ...commonOf(document, '1.2.840.10008.5.1.4.1.1.104.1', 'DOC'),
    '0008002A': empty('DT'),
    '00080064': text('CS', 'WSD'),
    '00280301': text('CS', 'YES'),
    '0040A043': empty('SQ'),
    '00420010': text('ST', document.documentTitle),
    '00420011': { vr: 'OB', BulkDataURI: 'pdf' },
    '00420012': text('LO', 'application/pdf'),
    '00420015': { vr: 'UL', Value: [document.pdf.length] },
  };
  return fileOf(document, json, { pdf: document.pdf });
}

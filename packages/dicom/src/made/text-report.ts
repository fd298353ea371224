import { commonOf, type MadeInstance } from './common.ts';
import { type Code, imageItem, rootOf, textItem } from './content.ts';
import { empty, text } from './elements.ts';
import { fileOf } from './file.ts';
import { evidenceOf, type InstanceReference } from './references.ts';

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

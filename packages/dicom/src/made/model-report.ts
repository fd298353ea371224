import type { DicomJsonObject } from '../types.ts';
import { authorDevice, type Verified, verifierOf } from './authors.ts';
import { type Code, code, container, dcm, imageItem, textItem } from './content.ts';
import { type ImagingReport, imagingReport } from './imaging-report.ts';
import { groupsOf, type MadeCode, type ModelGroups } from './model-items.ts';
import { deviceItems, type MadeDevice, observerItems } from './observers.ts';
import type { InstanceReference } from './references.ts';

export interface MadeModelReport extends ImagingReport, ModelGroups {
  readonly device: MadeDevice;
  readonly verified: Verified;
  /** Images that were made of it. */
  readonly pictures: readonly InstanceReference[];
  /** What the person who stands for it says. */
  readonly conclusions: readonly (MadeCode | { readonly concept: Code; readonly text: string })[];
  /** What is to be known of all of it. */
  readonly comments: readonly string[];
}

const partsOf = (report: MadeModelReport): DicomJsonObject[] => [
  container(dcm('111028', 'Image Library'), '1600', [
    container(
      dcm('126200', 'Image Library Group'),
      undefined,
      [report.image, ...report.pictures].map((image) => imageItem(image)),
    ),
  ]),
  container(dcm('126010', 'Imaging Measurements'), undefined, groupsOf(report)),
  container({ value: 'C0034375', scheme: 'UMLS', meaning: 'Qualitative Evaluations' }, undefined, [
    ...report.conclusions.map((one) =>
      'text' in one ? textItem('CONTAINS', one.concept, one.text) : code('CONTAINS', one.concept, one.value),
    ),
    ...report.comments.map((words) => textItem('CONTAINS', dcm('121106', 'Comment'), words)),
  ]),
];

/**
 * An imaging measurement report of a model (PS3.16 TID 1500 with TID 4019), made by a device, and verified by who stands for it. Fails with
 * DatasetWriteError.
 */
export function modelReport(report: MadeModelReport): Uint8Array {
  const { image, pictures, device, verified } = report;
  return imagingReport(report, {
    by: { ...verifierOf(verified), ...authorDevice(device) },
    observers: [...deviceItems(device), ...observerItems(verified.by)],
    images: [image, ...pictures],
    parts: partsOf(report),
  });
}

import type { DicomJsonObject } from '../types.ts';
import { authorDevice, deviceItems, type MadeDevice, observerItems } from './authors.ts';
import { type Code, code, container, dcm, empty, type InstanceReference, imageItem, sequence, text, textItem } from './common.ts';
import { type ImagingReport, imagingReport } from './imaging-report.ts';
import { coordinates, type MadeValue, numberItem, trackingItems } from './measurement-report.ts';

/** A model by the names that PS3.16 TID 4019 asks for. */
export interface MadeAlgorithm {
  readonly name: string;
  readonly version: string;
  readonly parameters: readonly string[];
}

/** A name and its coded value. */
export interface MadeCode {
  readonly concept: Code;
  readonly value: Code;
}

/** A part of the image that speaks for what was asked, as the model has it. */
export interface MadeRegion {
  readonly trackingId: string;
  readonly trackingUid: string;
  readonly site: Code;
  /** Corners in turn, column and row each, as Graphic Data (0070,0022). */
  readonly corners: readonly number[];
  readonly value: MadeValue;
}

export interface MadeModelReport extends ImagingReport {
  readonly algorithm: MadeAlgorithm;
  readonly device: MadeDevice;
  /** Who stands for it: a PN value, of what organisation, and when (VR DT). */
  readonly verified: { readonly by: string; readonly organization: string; readonly at: string };
  /** What the model read. */
  readonly image: InstanceReference;
  /** Images that were made of it. */
  readonly pictures: readonly InstanceReference[];
  readonly trackingUid: string;
  /** What it gave for the image, then what that is held against. */
  readonly values: readonly MadeValue[];
  readonly codes: readonly MadeCode[];
  /** What the regions are called: no finding. */
  readonly evidence: Code;
  readonly regions: readonly MadeRegion[];
  /** What the person who stands for it says. */
  readonly conclusions: readonly (MadeCode | { readonly concept: Code; readonly text: string })[];
  /** What is to be known of all of it. */
  readonly comments: readonly string[];
}

/** PS3.16 TID 4019. */
const algorithmItems = ({ name, version, parameters }: MadeAlgorithm): DicomJsonObject[] => [
  code('HAS CONCEPT MOD', dcm('111000', 'Algorithm Family'), dcm('123110', 'Artificial Intelligence')),
  textItem('HAS CONCEPT MOD', dcm('111001', 'Algorithm Name'), name),
  textItem('HAS CONCEPT MOD', dcm('111003', 'Algorithm Version'), version),
  ...parameters.map((words) => textItem('HAS CONCEPT MOD', dcm('111002', 'Algorithm Parameters'), words)),
];

/** What the model says of the image as a whole (PS3.16 TID 1501). */
const wholeItem = ({ algorithm, image, trackingUid, values, codes }: MadeModelReport): DicomJsonObject =>
  container(dcm('125007', 'Measurement Group'), '1501', [
    ...trackingItems(algorithm.name, trackingUid),
    ...algorithmItems(algorithm),
    // What the image gave is the first one; the others are of the model.
    ...values.map((value, index) => numberItem(value, index === 0 ? [imageItem(image, 'INFERRED FROM')] : [])),
    ...codes.map(({ concept, value }) => code('CONTAINS', concept, value)),
  ]);

/** One region of it (PS3.16 TID 1410). */
const regionItem = (
  { algorithm, image, evidence }: MadeModelReport,
  { trackingId, trackingUid, site, corners, value }: MadeRegion,
): DicomJsonObject => {
  const shape = { graphicType: 'POLYLINE' as const, points: [...corners, ...corners.slice(0, 2)] };
  return container(dcm('125007', 'Measurement Group'), '1410', [
    ...trackingItems(trackingId, trackingUid),
    code('CONTAINS', dcm('121071', 'Finding'), evidence),
    code('HAS CONCEPT MOD', { value: '363698007', scheme: 'SCT', meaning: 'Finding Site' }, site),
    ...algorithmItems(algorithm),
    coordinates('CONTAINS', dcm('111030', 'Image Region'), image, shape),
    numberItem(value, []),
  ]);
};

/** Verifying Observer Sequence (PS3.3 C.17.2). */
const verifierOf = ({ by, organization, at }: MadeModelReport['verified']): DicomJsonObject => ({
  '0040A073': sequence({
    '0040A027': text('LO', organization),
    '0040A030': text('DT', at),
    '0040A075': { vr: 'PN', Value: [{ Alphabetic: by }] },
    '0040A088': empty('SQ'),
  }),
  '0040A493': text('CS', 'VERIFIED'),
});

const partsOf = (report: MadeModelReport): DicomJsonObject[] => [
  container(dcm('111028', 'Image Library'), '1600', [
    container(
      dcm('126200', 'Image Library Group'),
      undefined,
      [report.image, ...report.pictures].map((image) => imageItem(image)),
    ),
  ]),
  container(dcm('126010', 'Imaging Measurements'), undefined, [
    wholeItem(report),
    ...report.regions.map((region) => regionItem(report, region)),
  ]),
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

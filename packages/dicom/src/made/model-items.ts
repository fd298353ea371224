import type { DicomJsonObject } from '../types.ts';
import { type Code, code, container, dcm, imageItem, textItem } from './content.ts';
import { coordinates, type MadeValue, numberItem, trackingItems } from './measured-items.ts';
import type { InstanceReference } from './references.ts';

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

/** What a model gave, and for what. */
export interface ModelGroups {
  readonly algorithm: MadeAlgorithm;
  /** What the model read. */
  readonly image: InstanceReference;
  readonly trackingUid: string;
  /** What it gave for the image, then what that is held against. */
  readonly values: readonly MadeValue[];
  readonly codes: readonly MadeCode[];
  /** What the regions are called: no finding. */
  readonly evidence: Code;
  readonly regions: readonly MadeRegion[];
}

/** PS3.16 TID 4019. */
const algorithmItems = ({ name, version, parameters }: MadeAlgorithm): DicomJsonObject[] => [
  code('HAS CONCEPT MOD', dcm('111000', 'Algorithm Family'), dcm('123110', 'Artificial Intelligence')),
  textItem('HAS CONCEPT MOD', dcm('111001', 'Algorithm Name'), name),
  textItem('HAS CONCEPT MOD', dcm('111003', 'Algorithm Version'), version),
  ...parameters.map((words) => textItem('HAS CONCEPT MOD', dcm('111002', 'Algorithm Parameters'), words)),
];

/** What the model says of the image as a whole (PS3.16 TID 1501). */
const wholeItem = ({ algorithm, image, trackingUid, values, codes }: ModelGroups): DicomJsonObject =>
  container(dcm('125007', 'Measurement Group'), '1501', [
    ...trackingItems(algorithm.name, trackingUid),
    ...algorithmItems(algorithm),
    // What the image gave is the first one; the others are of the model.
    ...values.map((value, index) => numberItem(value, index === 0 ? [imageItem(image, 'INFERRED FROM')] : [])),
    ...codes.map(({ concept, value }) => code('CONTAINS', concept, value)),
  ]);

/** One region of it (PS3.16 TID 1410). */
const regionItem = (
  { algorithm, image, evidence }: ModelGroups,
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

/** The groups of the report: the image as a whole, then each region. */
export const groupsOf = (said: ModelGroups): DicomJsonObject[] => [
  wholeItem(said),
  ...said.regions.map((region) => regionItem(said, region)),
];

import type { DicomJsonObject } from '../types.ts';
import { authorOf, observerItems } from './authors.ts';
import {
  type Code,
  children,
  code,
  codeItem,
  container,
  dcm,
  type InstanceReference,
  imageItem,
  item,
  type Relation,
  sequence,
  text,
  textItem,
} from './common.ts';
import { type ImagingReport, imagingReport } from './imaging-report.ts';

/** Points of a drawing as column and row in turn, as Graphic Data (0070,0022) has them (PS3.3 C.18.6). */
export interface MadeShape {
  readonly graphicType: 'POINT' | 'POLYLINE' | 'ELLIPSE';
  readonly points: readonly number[];
}

export interface MadeValue {
  readonly concept: Code;
  /** Mean, standard deviation, minimum, maximum of the concept (PS3.16 CID 7464). */
  readonly derivation?: Code;
  readonly value: number;
  /** Of UCUM. */
  readonly unit: Code;
}

/** What somebody has drawn on a frame, and what it measures. */
export interface MadeMeasurement {
  /** As people call it. */
  readonly trackingId: string;
  readonly trackingUid: string;
  /** A PN value, when another person drew it than who the document is by. */
  readonly observer?: string;
  readonly image: InstanceReference;
  readonly shapes: readonly MadeShape[];
  /** The shape is a region whose pixels are measured, and not the measuring line itself. */
  readonly isRegion: boolean;
  readonly values: readonly MadeValue[];
  /** Its own text, and what is to be known of its values. */
  readonly comments: readonly string[];
}

export interface MadeMeasurementReport extends ImagingReport {
  /** A PN value. */
  readonly author: string;
  readonly measurements: readonly MadeMeasurement[];
}

/** A drawing on its image (PS3.3 C.18.6), under a relation that its parent allows. */
export const coordinates = (
  relation: Relation,
  concept: Code | undefined,
  image: InstanceReference,
  shape: MadeShape,
): DicomJsonObject =>
  item(relation, 'SCOORD', concept, {
    '00700022': { vr: 'FL', Value: [...shape.points] },
    '00700023': text('CS', shape.graphicType),
    ...children(imageItem(image, 'SELECTED FROM')),
  });

/** A number with its unit (PS3.16 TID 300); what it was measured on stands below it, where that is no region of its own. */
export const numberItem = ({ concept, derivation, value, unit }: MadeValue, below: readonly DicomJsonObject[]): DicomJsonObject =>
  item('CONTAINS', 'NUM', concept, {
    '0040A300': sequence({
      '004008EA': sequence(codeItem(unit)),
      '0040A161': { vr: 'FD', Value: [value] },
      // Rounded to the 16 characters of a decimal string where it needs more (PS3.5 6.2).
      '0040A30A': { vr: 'DS', Value: [value] },
    }),
    ...children(
      ...(derivation === undefined ? [] : [code('HAS CONCEPT MOD', dcm('121401', 'Derivation'), derivation)]),
      ...below,
    ),
  });

/** By what one thing is found again in several documents (PS3.16 TID 1501, TID 1410). */
export const trackingItems = (id: string, uid: string): DicomJsonObject[] => [
  textItem('HAS OBS CONTEXT', dcm('112039', 'Tracking Identifier'), id),
  item('HAS OBS CONTEXT', 'UIDREF', dcm('112040', 'Tracking Unique Identifier'), { '0040A124': text('UI', uid) }),
];

/** A group of values of one drawing: a planar region (PS3.16 TID 1410), or measurements of their own lines (TID 1501). */
function groupItem(measurement: MadeMeasurement): DicomJsonObject {
  const { trackingId, trackingUid, observer, image, shapes, isRegion, values, comments } = measurement;
  const shown = (relation: Relation, concept?: Code): DicomJsonObject[] =>
    shapes.map((shape) => coordinates(relation, concept, image, shape));
  const hasRegion = isRegion && values.length > 0;
  return container(dcm('125007', 'Measurement Group'), hasRegion ? '1410' : '1501', [
    ...(observer === undefined ? [] : observerItems(observer)),
    ...trackingItems(trackingId, trackingUid),
    ...(hasRegion ? shown('CONTAINS', dcm('111030', 'Image Region')) : []),
    ...values.map((value) => numberItem(value, hasRegion ? [] : shown('INFERRED FROM'))),
    ...comments.map((words) => ({
      ...textItem('CONTAINS', dcm('121106', 'Comment'), words),
      // What measures nothing is where its text is.
      ...(values.length > 0 ? {} : children(...shown('INFERRED FROM'))),
    })),
  ]);
}

/** An imaging measurement report by a person, not verified. Fails with DatasetWriteError. */
export function measurementReport(report: MadeMeasurementReport): Uint8Array {
  const { measurements, author } = report;
  return imagingReport(report, {
    by: { '0040A493': text('CS', 'UNVERIFIED'), ...authorOf(author) },
    observers: observerItems(author),
    images: measurements.map(({ image }) => image),
    parts: [container(dcm('126010', 'Imaging Measurements'), undefined, measurements.map(groupItem))],
  });
}

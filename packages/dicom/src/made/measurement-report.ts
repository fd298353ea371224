import type { DicomJsonObject } from '../types.ts';
import { authorOf } from './authors.ts';
import { type Code, children, container, dcm, type Relation, textItem } from './content.ts';
import { text } from './elements.ts';
import { type ImagingReport, imagingReport } from './imaging-report.ts';
import { coordinates, type MadeShape, type MadeValue, numberItem, trackingItems } from './measured-items.ts';
import { observerItems } from './observers.ts';
import type { InstanceReference } from './references.ts';

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

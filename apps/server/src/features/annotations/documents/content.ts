import type { AnnotationKind } from '@negatoscope/contract';
import {
  type InstanceReference,
  type MadeMeasurement,
  type MadeShape,
  type MadeValue,
  plainText,
  uidOfUuid,
} from '@negatoscope/dicom';
import type { AnnotationRow } from '../repository.ts';

/** An image that something is drawn on, as the archive has it. */
export interface DrawnImage {
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  /** 0 or 1 for an image of one frame. */
  readonly frames: number;
}

/** What an annotation measures on its frame. */
export interface Measured {
  readonly values: readonly MadeValue[];
  /** What is to be known of the values: how the millimetres came about. */
  readonly notes: readonly string[];
}

export interface ContentSource {
  /** Not deleted, in the order in which they were made. */
  readonly annotations: readonly AnnotationRow[];
  readonly imageOf: (sopInstanceUid: string) => DrawnImage | undefined;
  readonly measure: (annotation: AnnotationRow) => Measured;
  /** A PN value. */
  readonly nameOf: (userId: string) => string | undefined;
}

/** Meanings of codes are English, as in PS3.16; texts that people wrote are theirs. */
const CALLED: Readonly<Partial<Record<AnnotationKind, string>>> = {
  LENGTH: 'Length',
  BIDIRECTIONAL: 'Bidirectional',
  ANGLE: 'Angle',
  COBB: 'Cobb angle',
  CARDIOTHORACIC: 'Cardiothoracic ratio',
  SPINE_LABEL: 'Vertebra',
  ELLIPSE: 'Ellipse',
  RECTANGLE: 'Rectangle',
  FREEHAND: 'Freehand region',
  ARROW: 'Arrow',
  TEXT: 'Text',
  PROBE: 'Pixel value',
};
const REGIONS: ReadonlySet<AnnotationKind> = new Set(['ELLIPSE', 'RECTANGLE', 'FREEHAND']);

/** Points as Graphic Data, two lines as two shapes, a region as a closed line. */
function shapesOf(kind: AnnotationKind, points: readonly number[]): MadeShape[] {
  if (points.length === 2) return [{ graphicType: 'POINT', points }];
  if (kind === 'ELLIPSE') return [{ graphicType: 'ELLIPSE', points: axesOf(points) }];
  if (REGIONS.has(kind)) return [{ graphicType: 'POLYLINE', points: [...points, ...points.slice(0, 2)] }];
  if (points.length === 8) return [0, 4].map((at) => ({ graphicType: 'POLYLINE' as const, points: points.slice(at, at + 4) }));
  return [{ graphicType: 'POLYLINE', points }];
}

/** The major axis first (PS3.3 C.18.6.1.2). */
function axesOf(points: readonly number[]): number[] {
  const lengthOf = (at: number): number =>
    Math.hypot((points[at + 2] ?? 0) - (points[at] ?? 0), (points[at + 3] ?? 0) - (points[at + 1] ?? 0));
  return lengthOf(0) >= lengthOf(4) ? [...points] : [...points.slice(4), ...points.slice(0, 4)];
}

const referenceOf = ({ frames, ...image }: DrawnImage, numbers: readonly number[]): InstanceReference => ({
  seriesInstanceUid: image.seriesInstanceUid,
  sopClassUid: image.sopClassUid,
  sopInstanceUid: image.sopInstanceUid,
  ...(frames > 1 ? { frames: numbers } : {}),
});

export interface Content<T> {
  readonly items: readonly T[];
  /** What has no place in the document. */
  readonly leftOut: number;
}

/** Everything that is drawn and measured, one group for each annotation, which names its observer where that is not `authorId`. */
export function measurementsOf(source: ContentSource, authorId: string | null): Content<MadeMeasurement> {
  const drawn = source.annotations.filter(({ kind }) => kind !== 'KEY_IMAGE');
  const counts = new Map<string, number>();
  const items = drawn.flatMap((annotation): MadeMeasurement[] => {
    const { id, kind, geometry, label, frame, author_id } = annotation;
    const image = source.imageOf(annotation.sop_instance_uid);
    if (image === undefined || geometry.space !== 'PIXEL') return [];
    const name = CALLED[kind] ?? kind;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const observer = author_id === null || author_id === authorId ? undefined : source.nameOf(author_id);
    const { values, notes } = source.measure(annotation);
    const words = label === null ? '' : plainText(label);
    const comments = [...(words === '' ? [] : [words]), ...notes];
    return [
      {
        trackingId: `${name} ${counts.get(name)}`,
        trackingUid: uidOfUuid(id),
        ...(observer === undefined ? {} : { observer }),
        image: referenceOf(image, [frame]),
        shapes: shapesOf(kind, geometry.points),
        isRegion: REGIONS.has(kind),
        values,
        // What neither measures nor says anything still is where it is.
        comments: values.length === 0 && comments.length === 0 ? [name] : comments,
      },
    ];
  });
  return { items, leftOut: drawn.length - items.length };
}

/** The frames that were marked, one reference for each image, the frames of one in order. */
export function keyImagesOf({ annotations, imageOf }: ContentSource): Content<InstanceReference> & { readonly count: number } {
  const marked = annotations.filter(({ kind }) => kind === 'KEY_IMAGE');
  const framesOf = new Map<string, Set<number>>();
  let leftOut = 0;
  for (const { sop_instance_uid: uid, frame } of marked) {
    if (imageOf(uid) === undefined) leftOut += 1;
    else framesOf.set(uid, (framesOf.get(uid) ?? new Set()).add(frame));
  }
  const items = [...framesOf].flatMap(([uid, frames]) => {
    const image = imageOf(uid);
    return image === undefined
      ? []
      : [
          referenceOf(
            image,
            [...frames].sort((a, b) => a - b),
          ),
        ];
  });
  return { items, leftOut, count: [...framesOf.values()].reduce((sum, frames) => sum + frames.size, 0) };
}

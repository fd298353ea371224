import type { Annotation, AnnotationEdit, AnnotationGeometry, AnnotationKind } from '@negatoscope/contract';
import type { StudyRef } from '../model/dicomweb.ts';

/** An edit on its way to the server. */
export interface KeptEdit {
  readonly study: StudyRef;
  readonly annotationId: string;
  readonly edit: AnnotationEdit;
  /** When it was made, ms since the epoch; later edits of one page have later times. */
  readonly at: number;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const hasTexts = (of: unknown, ...names: readonly string[]): of is Record<string, unknown> =>
  isObject(of) && names.every((name) => typeof of[name] === 'string');

/** Whether something has the form in which this page draws: what another version of it, or of the server, has made may not. */
export const isGeometry = (value: unknown): value is AnnotationGeometry =>
  isObject(value) &&
  (value.space === 'PIXEL' || hasTexts(value, 'frameOfReferenceUid')) &&
  Array.isArray(value.points) &&
  value.points.every(Number.isFinite) &&
  (value.textAt === undefined || (Array.isArray(value.textAt) && value.textAt.every(Number.isFinite)));

/** Whether a row that a page has kept is an edit that can be sent. */
export const isKeptEdit = (value: unknown): value is KeptEdit =>
  hasTexts(value, 'annotationId') &&
  typeof value.at === 'number' &&
  hasTexts(value.study, 'studyInstanceUid') &&
  hasTexts(value.edit, 'editId', 'authorId', 'kind', 'sopInstanceUid', 'seriesInstanceUid') &&
  isGeometry(value.edit.geometry);

/** What of an annotation changes from version to version. */
export interface Content {
  readonly geometry: AnnotationGeometry;
  readonly label: string | null;
}

/** What stays the same. */
export interface Target {
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly frame: number;
  readonly kind: AnnotationKind;
}

export const contentOf = ({ geometry, label }: Content): Content => ({ geometry, label });
export const targetOf = ({ seriesInstanceUid, sopInstanceUid, frame, kind }: Target): Target => ({
  seriesInstanceUid,
  sopInstanceUid,
  frame,
  kind,
});

/** Coordinates that were kept and mapped back differ in the last places; a thousandth of a pixel is nobody's edit. */
const SAME_WITHIN = 1e-3;

const isSamePlace = (a: readonly number[] = [], b: readonly number[] = []): boolean =>
  a.length === b.length && a.every((value, index) => Math.abs(value - (b[index] ?? Number.NaN)) <= SAME_WITHIN);

export const isSameGeometry = (a: AnnotationGeometry, b: AnnotationGeometry): boolean =>
  a.space === b.space && isSamePlace(a.points, b.points) && isSamePlace(a.textAt, b.textAt);

/** Whether two contents are the same; undefined is what is deleted, or not there. */
export const isSameContent = (a: Content | undefined, b: Content | undefined): boolean =>
  a === undefined || b === undefined ? a === b : a.label === b.label && isSameGeometry(a.geometry, b.geometry);

export const isSameStudy = (a: StudyRef, b: StudyRef): boolean =>
  a.studyInstanceUid === b.studyInstanceUid && (a.groupId ?? '') === (b.groupId ?? '');

/** What the server last said of an annotation, as content. */
export const standing = (annotation: Annotation | undefined): Content | undefined =>
  annotation === undefined || annotation.isDeleted ? undefined : contentOf(annotation);

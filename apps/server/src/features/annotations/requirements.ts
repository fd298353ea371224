import type { AnnotationEdit } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../access/index.ts';
import { sizeOfImage } from '../../archive/records/images.ts';
import { storableText } from '../../archive/search/index-list.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import type { Tx } from '../../platform/db/database.ts';
import * as repository from './repository.ts';

/** What one person may have in a study, deleted ones too: nobody fills it, and nobody keeps others from drawing. */
const MOST_OF_ONE = 5_000;
/** Numbers in the points of what one person has in a study, and of a history that is given: some 10 MB of JSON, which one answer holds at once. */
export const MOST_COORDINATES = 500_000;
const MOST_EDITS = 10_000;

/** What is the same for all edits of one annotation. */
const PLACE = {
  seriesInstanceUid: 'series_instance_uid',
  sopInstanceUid: 'sop_instance_uid',
  frame: 'frame',
  kind: 'kind',
} as const;

export function requireSamePlace(row: repository.AnnotationRow, edit: AnnotationEdit): void {
  const other = (Object.keys(PLACE) as (keyof typeof PLACE)[]).filter((field) => row[PLACE[field]] !== edit[field]);
  if (other.length === 0) return;
  throw new Failure('VALIDATION_FAILED', { errors: other.map((path) => ({ path, message: 'Does not change.' })) });
}

export function requireText({ label }: AnnotationEdit): void {
  if (label !== null && storableText(label) !== label)
    throw new Failure('VALIDATION_FAILED', { errors: [{ path: 'label', message: 'Not a text.' }] });
}

/** A new annotation lies on a frame that is there. Fails with NOT_FOUND, UNPROCESSABLE. */
export async function requirePlace(tx: Tx, actor: Person, studyId: string, edit: AnnotationEdit): Promise<void> {
  if (edit.baseVersion !== 0 || edit.isDeleted) throw notFound();
  const size = await sizeOfImage(tx, scopeOf(actor), { studyId, ...edit });
  if (size === undefined) throw notFound();
  if (edit.frame > size.frames) throw new Failure('UNPROCESSABLE', { detail: 'The image has no such frame.' });
}

/** A point in space may be as far from what its text is beside. */
const FARTHEST_TEXT_MM = 1_000;

/** A text lies where somebody finds it again: not farther beside its picture than that is wide or high, in space not far from its points. Fails with VALIDATION_FAILED. */
export async function requireTextNear(tx: Tx, actor: Person, studyId: string, edit: AnnotationEdit): Promise<void> {
  const { textAt, points, space } = edit.geometry;
  if (textAt === undefined) return;
  const size = space === 'PIXEL' ? await sizeOfImage(tx, scopeOf(actor), { studyId, ...edit }) : undefined;
  const sides = [size?.columns, size?.rows];
  const isFar = textAt.some((at, axis) => {
    const side = sides[axis];
    return space === 'PIXEL'
      ? typeof side === 'number' && (at < -side || at > 2 * side)
      : Math.abs(at - (points[axis] ?? 0)) > FARTHEST_TEXT_MM;
  });
  if (isFar)
    throw new Failure('VALIDATION_FAILED', { errors: [{ path: 'geometry.textAt', message: 'Too far from the picture.' }] });
}

/** What is there may always be made smaller, or deleted; refused edits count, for they are kept. Fails with UNPROCESSABLE. */
export async function requireRoom(
  tx: Tx,
  studyId: string,
  { id, authorId, geometry }: AnnotationEdit & { id: string },
  before: repository.AnnotationRow | undefined,
): Promise<void> {
  if (before !== undefined && (await repository.countEdits(tx, studyId, id)) >= MOST_EDITS)
    throw new Failure('UNPROCESSABLE', { detail: 'Too many versions.' });
  if (before !== undefined && geometry.points.length <= before.geometry.points.length) return;
  const others = await repository.countOthers(tx, { studyId, id, authorId });
  if (before === undefined && (others?.annotations ?? 0) >= MOST_OF_ONE)
    throw new Failure('UNPROCESSABLE', { detail: 'Too many annotations of one person in this study.' });
  if ((others?.coordinates ?? 0) + geometry.points.length > MOST_COORDINATES)
    throw new Failure('UNPROCESSABLE', { detail: 'Too many points of one person in this study.' });
}

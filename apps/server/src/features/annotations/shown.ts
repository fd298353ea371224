import type { Annotation, ResultOf } from '@negatoscope/contract';
import { type Actor, can, seesIdentity, userOf } from '../../access/index.ts';
import type { AnnotationRow, EditRow } from './repository.ts';

type Version = ResultOf<typeof import('@negatoscope/contract').annotationHistory>['items'][number];
type Authored = Pick<AnnotationRow, 'author_id' | 'author_name' | 'label'>;

/** Free text may name anybody, and a name is an identity: without `patients.identity` people read their own only. */
function authored(row: Authored, actor: Actor): Pick<Annotation, 'author' | 'label' | 'isLabelHidden'> {
  const isShown = seesIdentity(actor) || (row.author_id !== null && row.author_id === userOf(actor));
  return {
    author: row.author_id === null ? null : { id: row.author_id, name: isShown ? row.author_name : null },
    label: isShown ? row.label : null,
    isLabelHidden: !isShown && row.label !== null,
  };
}

/** A row as an actor may see it. */
export function annotationOf(row: AnnotationRow, actor: Actor): Annotation {
  return {
    id: row.id,
    seriesInstanceUid: row.series_instance_uid,
    sopInstanceUid: row.sop_instance_uid,
    frame: row.frame,
    kind: row.kind,
    geometry: row.geometry,
    version: row.version,
    isDeleted: row.is_deleted,
    createdAt: row.created_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
    mayChange: can(actor, 'annotations.write') && row.author_id !== null && row.author_id === userOf(actor),
    ...authored(row, actor),
  };
}

export function versionOf(row: EditRow, actor: Actor): Version {
  const { author, label } = authored(row, actor);
  return {
    editId: row.id,
    version: row.version,
    baseVersion: row.base_version,
    geometry: row.geometry,
    label,
    isDeleted: row.is_deleted,
    author,
    at: row.made_at.toISOString(),
  };
}

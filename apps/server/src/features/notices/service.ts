import { type Notice, personOnPage } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../access/index.ts';
import { findStudies } from '../../archive/records/studies.ts';
import { type StudyRow, studyOf } from '../../archive/records/study-rows.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { LiveEvents } from '../../platform/shared-state/index.ts';
import * as repository from './repository.ts';

export interface NoticeDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly events: Pick<LiveEvents, 'publish' | 'subscribe'>;
}

function studyIn(row: StudyRow | undefined, actor: Person): Notice['study'] {
  if (row === undefined) return null;
  const { id, studyInstanceUid, groupId, patient, description } = studyOf(row, actor);
  return { id, studyInstanceUid, groupId, patientId: patient.id, patientName: personOnPage(patient), description };
}

/** A person's notices; of what is out of their scope by now only the kind is told. */
export async function list({ db }: NoticeDeps, actor: Person, kind: Notice['kind'] | null) {
  const scope = scopeOf(actor);
  return db.reading(scope, async (tx) => {
    const rows = await repository.findNotices(tx, actor.userId, kind);
    const ids = [...new Set(rows.flatMap(({ study_id }) => study_id ?? []))];
    const studies = ids.length === 0 ? [] : await findStudies(tx, scope, ids);
    const byId = new Map(studies.map((study) => [study.id, study]));
    const items = rows.map(
      (row): Notice => ({
        id: row.id,
        kind: row.kind,
        entityId: row.entity_id,
        study: studyIn(row.study_id === null ? undefined : byId.get(row.study_id), actor),
        at: row.at.toISOString(),
        readAt: row.read_at?.toISOString() ?? null,
      }),
    );
    return { items, unread: await repository.countUnread(tx, actor.userId) };
  });
}

export const unreadOf = ({ db }: NoticeDeps, actor: Person): Promise<number> =>
  db.reading(scopeOf(actor), (tx) => repository.countUnread(tx, actor.userId));

/** Marks some as read, or all; the person's other windows are told. */
export async function read({ db, clock, events }: NoticeDeps, actor: Person, ids: readonly string[] | null) {
  return db.withScope(scopeOf(actor), async (tx) => {
    const marked = await repository.markRead(tx, actor.userId, ids, clock.now());
    if (marked > 0) await events.publish('notices-changed', actor.userId, tx);
    return { unread: await repository.countUnread(tx, actor.userId) };
  });
}

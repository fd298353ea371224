import { requirePermission, type Service, scopeOf } from '../../../access/index.ts';
import type { ArchiveWriter } from '../../../archive/doors.ts';
import { findArrived, findKnownBy } from '../../../archive/lifecycle/erasure.ts';
import { findGroupOf } from '../../../archive/records/patients.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { newId } from '../../../kernel/ids.ts';
import type { ReadTx } from '../../../platform/db/database.ts';
import type { Audit } from '../../audit/index.ts';
import { marksOf } from './marks.ts';
import { findMarked, hasErasures } from './repository.ts';
import * as returns from './returns-repository.ts';

interface ReturnDeps {
  readonly db: ArchiveWriter;
  readonly by: Service;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly key: Buffer;
}

/** What is committed late has an older moment than what was looked at. */
const OVERLAP_MS = 10 * 60_000;
/** Records, and studies, of one look: more than one import commits together. */
const AT_ONCE = 2_000;

/** By what a record that stood here already may become one of who was erased: another identity, group, study or image, or its way back from the trash. */
const CHANGES = [
  'patient.updated',
  'patient.restored',
  'patient.merge-undone',
  'study.moved',
  'study.restored',
  'conflict.replace',
];
/** Of a record's own fields these. */
const IDENTITY = ['lastName', 'firstName', 'birthDate', 'externalId', 'groupId'];

/**
 * Looks whether who came since the last time is somebody who was erased, by whatever entrance: on none of them is anything asked, held or slowed. The record stays; administrators are told, and the journal.
 */
export async function findReturned(deps: ReturnDeps): Promise<{ looked: number; found: number }> {
  const { db, by, clock } = deps;
  requirePermission(by, 'trash.purge');
  const scope = scopeOf(by);
  const began = clock.now();
  const { isAny, until } = await db.reading(scope, async (tx) => ({
    isAny: await hasErasures(tx),
    until: await returns.findLookedUntil(tx),
  }));
  const told = { looked: 0, found: 0 };
  for (let since: Date | undefined = new Date((until?.getTime() ?? 0) - OVERLAP_MS); isAny && since !== undefined; ) {
    const from: Date = since;
    const arrived = await db.reading(scope, (tx) => cameSince(deps, tx, from));
    const ids = new Set(arrived.flatMap(({ id }) => id ?? []));
    for (const id of ids) told.found += await look(deps, id);
    told.looked += ids.size;
    since = nextSince(arrived, from, AT_ONCE);
  }
  await db.withScope(scope, (tx) => returns.putLookedUntil(tx, began));
  return told;
}

/** A record that was made, got a study, or was changed, and when. */
interface Came {
  readonly id: string | null;
  readonly at: Date | null;
  readonly how: 'new' | 'studies' | 'changed';
}

async function cameSince({ audit }: ReturnDeps, tx: ReadTx, since: Date): Promise<Came[]> {
  const arrived = await findArrived(tx, since, AT_ONCE);
  const changed = await audit.touchedOf(tx, { actions: CHANGES, fields: IDENTITY, since, limit: AT_ONCE });
  return [
    ...arrived.map(({ is_new: isNew, ...one }) => ({ ...one, how: isNew === true ? ('new' as const) : ('studies' as const) })),
    ...changed.map((one) => ({ ...one, how: 'changed' as const })),
  ];
}

/** From when on the rest of what arrived is looked at: where the one of the lists ends that was cut off first. Undefined where none was. */
export function nextSince(arrived: readonly Pick<Came, 'at' | 'how'>[], since: Date, limit: number): Date | undefined {
  const ends = (['new', 'studies', 'changed'] as const).flatMap((how) => {
    const list = arrived.filter((one) => one.how === how);
    return list.length < limit ? [] : [Math.max(...list.map(({ at }) => at?.getTime() ?? 0))];
  });
  if (ends.length === 0) return undefined;
  // What came at one moment may be cut off in the midst: it is looked at again, unless that would be all.
  return new Date(Math.max(Math.min(...ends), since.getTime() + 1));
}

/** How many erasures a record is the return of that were not known. */
const look = ({ db, by, audit, clock, key }: ReturnDeps, patientId: string): Promise<number> =>
  db.withScope(scopeOf(by), async (tx) => {
    const marked = await findMarked(tx, marksOf(key, await findKnownBy(tx, [patientId])));
    if (marked.length === 0) return 0;
    const groupId = await findGroupOf(tx, patientId);
    let found = 0;
    for (const { id: erasureId } of marked) {
      if (!(await returns.insertReturn(tx, { id: newId(), patientId, groupId, erasureId, now: clock.now() }))) continue;
      found += 1;
      const event = { action: 'patient.came-back', actor: by, entityType: 'patient', entityId: patientId, patientId } as const;
      await audit.record(tx, { ...event, groupId, details: { erasure: erasureId } });
    }
    return found;
  });

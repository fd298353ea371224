import { type Actor, leavingStudies, type Scope, scopeOf } from '../../access/index.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import type { Changes } from '../../platform/shared-state/index.ts';
import type { ArchiveReader } from '../doors.ts';
import { inScope, scopeValues } from '../in-scope.ts';

/** Of what is in the trash the place is the same. */
const findSeen = (tx: ReadTx, scope: Scope, ids: readonly string[]) =>
  tx.rows(
    `SELECT s.id FROM studies s WHERE s.id = ANY ($1::uuid[]) AND ${inScope('studies', 's', 2)}`,
    [ids, ...scopeValues(scope)],
    'studies-still-seen',
  );

/** Which of these studies somebody may show to others, in the order of their ids: what of them is in scope, and not in the trash. */
export const findSharable = async (tx: ReadTx, scope: Scope, ids: readonly string[]): Promise<string[]> =>
  (
    await tx.rows(
      `SELECT s.id FROM studies s JOIN patients p ON p.id = s.patient_id WHERE s.id = ANY ($1::uuid[]) AND s.deleted_at IS NULL AND p.deleted_at IS NULL
         AND ${inScope('studies', 's', 2)} ORDER BY s.id`,
      [ids, ...scopeValues(scope)],
      'studies-sharable',
    )
  ).map(({ id }) => id);

/** Tells whoever answers for a long time when what is in the answer may stand elsewhere. */
export interface Places {
  /** Grows with every change that this process hears of. */
  readonly epoch: number;
  onChange(listener: () => void): void;
  /** Whether all studies that were noted for an actor's request are there, and in their scope. */
  stillSees(actor: Actor): Promise<boolean>;
}

export function createPlaces({
  db,
  changes,
}: {
  readonly db: ArchiveReader;
  readonly changes: Pick<Changes, 'subscribe'>;
}): Places {
  const listeners: (() => void)[] = [];
  let epoch = 0;
  const changed = (): void => {
    epoch += 1;
    for (const listener of listeners) listener();
  };
  for (const channel of ['negatoscope_index', 'negatoscope_series'] as const)
    changes.subscribe(channel, { onPayload: changed, onReset: changed });
  return {
    get epoch() {
      return epoch;
    },
    onChange: (listener) => void listeners.push(listener),
    stillSees: async (actor) => {
      const ids = leavingStudies(actor);
      if (ids.length === 0) return true;
      const scope = scopeOf(actor);
      return (await db.reading(scope, (tx) => findSeen(tx, scope, ids))).length === ids.length;
    },
  };
}

import { NOTHING, scopeOf, service } from '../../access/index.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import { composed } from '../../platform/db/statements.ts';
import type { Logger } from '../../platform/log/log.ts';
import type { DamageList, DamageReason } from '../../platform/objects/store/index.ts';
import type { Changes } from '../../platform/shared-state/index.ts';
import type { RowKinds } from '../kinds.ts';
import { notifySeries } from '../notify.ts';
import { namedAs } from './stored-objects.ts';

const mark = (kinds: RowKinds, id: string, reason: DamageReason) =>
  composed(
    {
      text: `INSERT INTO damaged_objects (id, kind, reason) SELECT $1::uuid, kind, $2 FROM (${namedAs(kinds)} LIMIT 1) AS named
  ON CONFLICT DO NOTHING RETURNING kind`,
      values: [id, reason],
    },
    'SELECT kind FROM damaged_objects',
  );

/** What is found damaged is noted, whoever met it: the server itself looks up what the object belongs to. */
const CARETAKER = service('object-care', []);

export interface DamageTools {
  readonly db: Db;
  readonly changes: Changes;
  readonly log: Pick<Logger, 'error'>;
  readonly kinds: RowKinds;
}

export function createDamageList({ db, changes, log, kinds }: DamageTools): DamageList {
  const listeners: ((id: string | undefined) => void)[] = [];
  let known: Set<string> | undefined;
  let epoch = 0;
  const told = (id: string | undefined): void => {
    for (const listener of listeners) listener(id);
  };
  const end = changes.subscribe('negatoscope_objects', {
    onPayload: (payload) => {
      epoch += 1;
      const id = payload.slice(1);
      if (payload.startsWith('+')) known?.add(id);
      else known?.delete(id);
      if (payload.startsWith('-')) told(id);
    },
    onReset: () => {
      epoch += 1;
      known = undefined;
      told(undefined);
    },
  });

  async function ask(id: string): Promise<boolean> {
    const begun = epoch;
    const isTrusted = changes.isTrusted;
    const rows = await db.reading(NOTHING, (tx) => tx.rows('SELECT id FROM damaged_objects', [], 'damaged-objects'));
    const ids = new Set(rows.map((row) => row.id));
    if (isTrusted && begun === epoch) known = ids;
    return ids.has(id);
  }

  return {
    has: (id) => (known !== undefined && changes.isTrusted ? known.has(id) : ask(id)),
    mark: async (id, reason) => {
      const kind = await db.withScope(scopeOf(CARETAKER), async (tx) => (await tx.first(mark(kinds, id, reason)))?.kind);
      if (kind === undefined) return false;
      known?.add(id);
      log.error({ objectId: id, kind, reason }, 'a stored object is damaged');
      return true;
    },
    onHealed: (listener) => void listeners.push(listener),
    close: end,
  };
}

/** Takes objects off the list in the transaction that tells of their healing: what was made of their damaged bytes counts no more. */
export async function noteHealed(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.run('DELETE FROM damaged_objects WHERE id = ANY($1::uuid[])', [ids]);
  await tx.run('UPDATE instances SET repairs = repairs + 1 WHERE id = ANY($1::uuid[])', [ids]);
  const bumped = await tx.rows(
    `WITH bumped AS (
       UPDATE series SET version = version + 1 WHERE id IN (SELECT series_id FROM instances WHERE id = ANY($1::uuid[])) RETURNING id, study_id)
     SELECT id, study_id AS "studyId" FROM bumped`,
    [ids],
  );
  await notifySeries(tx, bumped);
}

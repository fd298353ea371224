import { NOTHING, scopeOf, service } from '../../access/index.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import { composed } from '../../platform/db/statements.ts';
import type { Logger } from '../../platform/log/log.ts';
import type { DamageList, DamageReason } from '../../platform/objects/store/index.ts';
import type { Changes } from '../../platform/shared-state/index.ts';
import { notifySeries } from '../notify.ts';
import type { RowKinds } from '../row-kind.ts';
import { namedAs } from './stored-objects.ts';

const markStatement = (kinds: RowKinds, id: string, reason: DamageReason) =>
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

/** The list as this process knows it. */
interface Known {
  /** Undefined while it must be asked for. */
  ids: Set<string> | undefined;
  /** Counts what was told: an answer that was asked for before is not kept. */
  epoch: number;
  readonly listeners: ((id: string | undefined) => void)[];
}

export function createDamageList(tools: DamageTools): DamageList {
  const { changes } = tools;
  const known: Known = { ids: undefined, epoch: 0, listeners: [] };
  const end = changes.subscribe('negatoscope_objects', {
    onPayload: (payload) => hear(known, payload),
    onReset: () => {
      known.epoch += 1;
      known.ids = undefined;
      tell(known, undefined);
    },
  });
  return {
    all: () => (known.ids !== undefined && changes.isTrusted ? known.ids : ask(tools, known)),
    mark: (id, reason) => mark(tools, known, { id, reason }),
    onHealed: (listener) => void known.listeners.push(listener),
    close: end,
  };
}

/** `+` and the id of what is damaged, or `-` and that of what is whole again. */
function hear(known: Known, payload: string): void {
  known.epoch += 1;
  const id = payload.slice(1);
  if (payload.startsWith('+')) known.ids?.add(id);
  else known.ids?.delete(id);
  if (payload.startsWith('-')) tell(known, id);
}

function tell({ listeners }: Known, id: string | undefined): void {
  for (const listener of listeners) listener(id);
}

async function ask({ changes, db }: DamageTools, known: Known): Promise<ReadonlySet<string>> {
  const begun = known.epoch;
  const isTrusted = changes.isTrusted;
  const rows = await db.reading(NOTHING, (tx) => tx.rows('SELECT id FROM damaged_objects', [], 'damaged-objects'));
  const ids = new Set(rows.map((row) => row.id));
  if (isTrusted && begun === known.epoch) known.ids = ids;
  return ids;
}

async function mark(
  { db, log, kinds }: DamageTools,
  known: Known,
  { id, reason }: { readonly id: string; readonly reason: DamageReason },
): Promise<boolean> {
  const kind = await db.withScope(scopeOf(CARETAKER), async (tx) => (await tx.first(markStatement(kinds, id, reason)))?.kind);
  if (kind === undefined) return false;
  known.ids?.add(id);
  log.error({ objectId: id, kind, reason }, 'a stored object is damaged');
  return true;
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

import type { BodyOf, createLabel, Label, updateLabel } from '@negatoscope/contract';
import { can, isMemberOf, type Person, requirePermission, scopeOf } from '../../../access/index.ts';
import type { ArchiveWriter } from '../../../archive/doors.ts';
import { groupExists } from '../../../archive/partitions.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import type { ReadTx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';
import type { Audit } from '../../audit/index.ts';
import * as repository from './repository.ts';

export interface LabelDeps {
  readonly db: ArchiveWriter;
  readonly audit: Audit;
  readonly clock: Clock;
}
type Row = FoundBy<typeof repository.findLabel>;

/** More than anybody can tell apart. */
const MOST_LABELS = 100;

const labelOf = (row: Row): Label => ({
  id: row.id,
  groupId: row.group_id,
  name: row.name,
  color: row.color,
  changedAt: row.changed_at.toISOString(),
});

/** Of one of one's own groups with studies.validate; of any, or the installation, with groups.manage. */
function requireRight(actor: Person, groupId: string | null): void {
  const isOwn = isMemberOf(actor, groupId) && can(actor, 'studies.validate');
  if (!isOwn) requirePermission(actor, 'groups.manage');
}

export async function list({ db }: LabelDeps, actor: Person): Promise<{ items: Label[] }> {
  const scope = scopeOf(actor);
  return { items: (await db.reading(scope, (tx) => repository.findLabels(tx, scope))).map(labelOf) };
}

/** A label out of reach answers as an unknown one. */
async function requireLabel(tx: ReadTx, actor: Person, id: string): Promise<Row> {
  const row = (await repository.findLabels(tx, scopeOf(actor))).find((one) => one.id === id);
  if (row === undefined) throw notFound();
  requireRight(actor, row.group_id);
  return row;
}

const noteOf = (actor: Person, action: 'label.created' | 'label.updated' | 'label.deleted', row: Row) =>
  ({ action, outcome: 'SUCCESS', actor, entityType: 'label', entityId: row.id, groupId: row.group_id }) as const;

/** Fails with FORBIDDEN as `requireRight` does, CONFLICT for a name that is taken, UNPROCESSABLE for an unknown group or too many. */
export async function create({ db, audit, clock }: LabelDeps, actor: Person, body: BodyOf<typeof createLabel>): Promise<Label> {
  requireRight(actor, body.groupId);
  return db.withScope(scopeOf(actor), async (tx) => {
    if (body.groupId !== null && !(await groupExists(tx, body.groupId)))
      throw new Failure('UNPROCESSABLE', { detail: 'No such group.' });
    if ((await repository.countLabels(tx, body.groupId)) >= MOST_LABELS)
      throw new Failure('UNPROCESSABLE', { detail: 'Too many labels.' });
    const row = await repository.insertLabel(tx, { ...body, id: newId(), now: clock.now() });
    if (row === undefined) throw new Failure('CONFLICT');
    await audit.record(tx, noteOf(actor, 'label.created', row));
    return labelOf(row);
  });
}

export async function update(
  { db, audit, clock }: LabelDeps,
  actor: Person,
  id: string,
  { name, color }: BodyOf<typeof updateLabel>,
): Promise<Label> {
  return db.withScope(scopeOf(actor), async (tx) => {
    const before = await requireLabel(tx, actor, id);
    const wanted = { id, name: name ?? before.name, color: color ?? before.color, now: clock.now() };
    const row = await repository.changeLabel(tx, wanted);
    if (row === undefined) throw new Failure('CONFLICT');
    await audit.record(tx, noteOf(actor, 'label.updated', row));
    return labelOf(row);
  });
}

/** From every study too. */
export async function remove({ db, audit }: LabelDeps, actor: Person, id: string): Promise<void> {
  await db.withScope(scopeOf(actor), async (tx) => {
    const row = await requireLabel(tx, actor, id);
    await repository.deleteLabel(tx, id);
    await audit.record(tx, noteOf(actor, 'label.deleted', row));
  });
}

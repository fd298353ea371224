import { type Person, type Scope, scopeOf } from '../../../access/index.ts';
import { movePatientRows } from '../../../archive/kinds.ts';
import {
  findHeld,
  type HeldPatient,
  lockHeld,
  lockRecordToFileInto,
  rowsInTheWay,
  takeStudiesAway,
} from '../../../archive/lifecycle/held.ts';
import { confirmPatient } from '../../../archive/lifecycle/merge.ts';
import { trashPatient } from '../../../archive/lifecycle/trash.ts';
import { notifyPatient } from '../../../archive/notify.ts';
import { refreshPatients } from '../../../archive/records/patients.ts';
import { lockBatch, lookUp } from '../../../archive/write/batch-lookup.ts';
import { withRetry } from '../../../archive/write/retry.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { noteRepairs, writeDecisions } from '../commit/batch.ts';
import { decideBatch } from '../decide/batch-decide.ts';
import { keepAside } from '../decide/keep-aside.ts';
import { type Candidate, relate } from '../decide/relations.ts';
import type { ResolvedTarget, StagedInstance } from '../types.ts';
import { type DecisionTools, restaged } from './conflict-decision.ts';
import { heldBy } from './identity-review.ts';
import { mergeRecords } from './merge-records.ts';

export interface HeldDecision {
  readonly id: string;
  readonly decision: 'same' | 'different' | 'discard';
  readonly patientId?: string | undefined;
}

const ACTIONS = { same: 'held.filed', different: 'held.kept-apart', discard: 'held.discarded' } as const;

/**
 * Ends the waiting of what was imported without seeing identities. `same` files it into the record found (or `patientId`), `different` into the
 * importer's group as a patient of its own, `discard` moves it to the trash. Files that are there already are duplicates then, others of
 * the same UID wait as conflicts: nothing is replaced, and what is damaged is healed by the identical file. Fails with NOT_FOUND, UNPROCESSABLE when
 * there is no record to file into, and OBJECT_DAMAGED when a file of it is not as it was received.
 */
export async function decideHeld(tools: DecisionTools, actor: Person, request: HeldDecision): Promise<void> {
  const unused = await withRetry(async () => {
    const scope = await heldBy(tools.db, actor);
    const files = await filesInTheWay(tools, scope, { actor, request });
    return tools.db.withScope(scope, (tx) => file(tx, { tools, actor, request, files }));
  });
  await tools.objects.delete(unused);
}

interface Files {
  readonly staged: readonly StagedInstance[];
  readonly candidates: readonly Candidate[];
}

/** The files of a patient of whose studies or instances something is in the group already; undefined when all rows may simply move. */
async function filesInTheWay(
  tools: DecisionTools,
  scope: Scope,
  { actor, request: { id, decision } }: Pick<Filing, 'actor' | 'request'>,
): Promise<Files | undefined> {
  if (decision === 'discard') return undefined;
  const { held, rows } = await tools.db.reading(scope, async (tx) => {
    const found = await findHeld(tx, scopeOf(actor), id);
    if (found === undefined) throw notFound();
    return { held: found, rows: await rowsInTheWay(tx, found) };
  });
  if (rows.length === 0) return undefined;
  const staged: StagedInstance[] = [];
  for (const row of rows) staged.push(await restaged(tools, row));
  return { staged, candidates: await relate(tools, scope, { staged, groupId: held.home }) };
}

interface Filing {
  readonly tools: DecisionTools;
  readonly actor: Person;
  readonly request: HeldDecision;
  readonly files: Files | undefined;
}

/** Gives the ids of the objects that nothing needs any more. */
async function file(tx: Tx, { tools, actor, request, files }: Filing): Promise<string[]> {
  const held = await findHeld(tx, scopeOf(actor), request.id);
  if (held === undefined) throw notFound();
  await lockHeld(tx, held);
  const intoId = request.decision === 'same' ? await requireTarget(tx, held, request.patientId) : held.id;
  let unused: string[] = [];
  if (request.decision === 'discard') await trashPatient(tx, held.id, tools.clock.now());
  else if (files === undefined) await movePatientRows(tx, tools.kinds, held.id, held.home);
  else unused = await refile(tx, { tools, actor, held, intoId, files });
  if (request.decision === 'same') await mergeRecords(tx, tools, actor, { from: held.id, into: intoId });
  if (request.decision === 'different') await confirmPatient(tx, held.id);
  await refreshPatients(tx, [held.id]);
  await tools.audit.record(tx, {
    action: ACTIONS[request.decision],
    actor,
    entityType: 'patient',
    entityId: held.id,
    patientId: intoId,
    groupId: held.home,
    details: { importedBy: held.group_id },
  });
  await notifyPatient(tx, held.id);
  return unused;
}

async function requireTarget(tx: Tx, held: HeldPatient, wanted: string | undefined): Promise<string> {
  const id = wanted ?? held.suspect_id;
  if (id === null || !(await lockRecordToFileInto(tx, held, id)))
    throw new Failure('UNPROCESSABLE', { detail: 'There is no record of the importer’s group to file into.' });
  return id;
}

interface Refiling {
  readonly tools: DecisionTools;
  readonly actor: Person;
  readonly held: HeldPatient;
  readonly intoId: string;
  readonly files: Files;
}

/** Takes the rows away and decides each file anew in the group, as an import of somebody who sees identities and names the patient. */
async function refile(tx: Tx, { tools, actor, held, intoId, files }: Refiling): Promise<string[]> {
  const from = await tx.first('SELECT import_id FROM import_files WHERE patient_id = $1 ORDER BY id LIMIT 1', [held.id]);
  if (from === undefined) throw new Failure('CONFLICT', { detail: 'The report of this import is gone.' });
  if (!(await takeStudiesAway(tx, tools.kinds, held)))
    throw new Failure('CONFLICT', { detail: 'An instance of this import was replaced meanwhile.' });
  const target: ResolvedTarget = {
    entrance: 'UPLOAD',
    importId: from.import_id,
    isOpen: false,
    groupId: held.home,
    patientId: intoId,
    onMismatch: 'reject',
    acceptMismatch: true,
    mismatchReason: null,
  };
  const { staged, candidates } = files;
  const summaries = candidates.map((one) => one.staged.summary);
  await lockBatch(tx, target.groupId, summaries);
  const decided = decideBatch(await lookUp(tx, target, summaries), target, candidates);
  const work = { tools, target, requests: [{ actor, target, staged }], candidates };
  await writeDecisions(tx, work, decided);
  await noteRepairs(tx, work, decided);
  const kept = new Set(await keepAside(tx, work, decided));
  for (const { candidate, decision } of decided) if (decision.kind === 'store') kept.add(candidate.staged.draft.id);
  return staged.map(({ draft }) => draft.id).filter((id) => !kept.has(id));
}

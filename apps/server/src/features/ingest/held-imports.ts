import { type Actor, scopeOf } from '../../access/index.ts';
import { lockBatch, lookUp } from '../../archive/write/batch-lookup.ts';
import { writeConflicts } from '../../archive/write/conflict-write.ts';
import { withRetry } from '../../archive/write/retry.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import type { RowScope, SqlValue, Tx } from '../../platform/db/database.ts';
import { notify, writeDecisions } from './batch.ts';
import { decideBatch, keptAside } from './batch-decide.ts';
import { type DecisionTools, restaged } from './conflict-decision.ts';
import { mergePatients } from './merge.ts';
import { type Candidate, relate } from './relations.ts';
import type { ResolvedTarget, StagedInstance } from './types.ts';

/**
 * What was imported by people who don't see identities stands in partitions of their own and waits for somebody who does: whoever sees the group of
 * the importer. `p` is the patient, `g` the partition; the parameters of the scope are $1 to $3.
 */
export const HELD = `patients p JOIN groups g ON g.id = p.group_id AND g.is_personal
  WHERE p.deleted_at IS NULL AND p.merged_into IS NULL
    AND ($1::boolean OR g.home_id = $2::uuid OR (g.home_id IS NULL AND $3::boolean))`;

export const heldScope = ({ all, groupId, ungrouped }: RowScope): SqlValue[] => [all, groupId, ungrouped];

/** The record in the importer's group that the images may belong to: of the same study, else of the same Patient ID. */
export const HELD_SUSPECT = `(SELECT coalesce(o.merged_into, o.id) FROM (
    SELECT 1 AS rank, os.patient_id AS id FROM studies hs JOIN studies os ON os.study_instance_uid = hs.study_instance_uid
      WHERE hs.patient_id = p.id AND os.group_id IS NOT DISTINCT FROM g.home_id
    UNION ALL
    SELECT 2, oi.patient_id FROM patient_identifiers hi JOIN patient_identifiers oi ON oi.value = hi.value
      WHERE hi.patient_id = p.id AND oi.group_id IS NOT DISTINCT FROM g.home_id) found
  JOIN patients o ON o.id = found.id ORDER BY found.rank, o.id LIMIT 1)`;

interface HeldPatient {
  readonly id: string;
  readonly group_id: string;
  /** Where it is filed: the importer's group. */
  readonly home: string | null;
  readonly suspect_id: string | null;
}

/** A held patient of the actor's scope, or undefined. */
export const findHeld = (tx: Tx, actor: Actor, id: string): Promise<HeldPatient | undefined> =>
  tx.first<HeldPatient>(`SELECT p.id, p.group_id, g.home_id AS home, ${HELD_SUSPECT} AS suspect_id FROM ${HELD} AND p.id = $4`, [
    ...heldScope(scopeOf(actor)),
    id,
  ]);

export interface HeldDecision {
  readonly id: string;
  readonly decision: 'same' | 'different' | 'discard';
  readonly patientId?: string | undefined;
}

const ACTIONS = { same: 'held.filed', different: 'held.kept-apart', discard: 'held.discarded' } as const;

/**
 * Ends the waiting of what was imported without seeing identities. `same` files it into the record found (or `patientId`), `different` into the
 * importer's group as a patient of its own, `discard` moves it to the trash. Files that are there already are duplicates then, others of
 * the same UID wait as conflicts: nothing is replaced. Fails with NOT_FOUND, and UNPROCESSABLE when there is no record to file into.
 */
export async function decideHeld(tools: DecisionTools, actor: Actor, request: HeldDecision): Promise<void> {
  const unused = await withRetry(async () => {
    const files = await filesInTheWay(tools, actor, request);
    return tools.db.withSystem((tx) => file(tx, { tools, actor, request, files }));
  });
  await tools.objects.delete(unused);
}

interface Files {
  readonly staged: readonly StagedInstance[];
  readonly candidates: readonly Candidate[];
}

/** The files of a patient of whose studies or instances something is in the group already; undefined when all rows may simply move. */
async function filesInTheWay(tools: DecisionTools, actor: Actor, { id, decision }: HeldDecision): Promise<Files | undefined> {
  if (decision === 'discard') return undefined;
  const { held, rows } = await tools.db.withSystem(async (tx) => {
    const found = await findHeld(tx, actor, id);
    if (found === undefined) throw notFound();
    return { held: found, rows: await rowsInTheWay(tx, found) };
  });
  if (rows.length === 0) return undefined;
  const staged: StagedInstance[] = [];
  for (const row of rows) staged.push(await restaged(tools, row));
  const scope: RowScope = { actorId: null, all: true, groupId: null, ungrouped: true };
  return { staged, candidates: await relate(tools, scope, { staged, groupId: held.home }) };
}

interface HeldRow {
  readonly id: string;
  readonly size_bytes: number;
  readonly file_sha256: Buffer;
}

/** All instances of the patient where a study or an instance of the same UID is in the group already, none otherwise. */
const rowsInTheWay = (tx: Tx, { id, home }: HeldPatient): Promise<HeldRow[]> =>
  tx.rows<HeldRow>(
    `WITH held AS (SELECT i.id, i.size_bytes, i.file_sha256, i.sop_instance_uid, t.study_instance_uid
       FROM studies t JOIN series s ON s.study_id = t.id JOIN instances i ON i.series_id = s.id WHERE t.patient_id = $1)
     SELECT id, size_bytes, file_sha256 FROM held WHERE EXISTS (
       SELECT FROM held h WHERE EXISTS (SELECT FROM studies o WHERE o.study_instance_uid = h.study_instance_uid AND o.group_id IS NOT DISTINCT FROM $2::uuid)
         OR EXISTS (SELECT FROM instances o WHERE o.sop_instance_uid = h.sop_instance_uid AND o.group_id IS NOT DISTINCT FROM $2::uuid))
     ORDER BY id`,
    [id, home],
  );

interface Filing {
  readonly tools: DecisionTools;
  readonly actor: Actor;
  readonly request: HeldDecision;
  readonly files: Files | undefined;
}

/** Gives the ids of the objects that nothing needs any more. */
async function file(tx: Tx, { tools, actor, request, files }: Filing): Promise<string[]> {
  const held = await findHeld(tx, actor, request.id);
  if (held === undefined) throw notFound();
  await tx.rows('SELECT id FROM patients WHERE id = $1 FOR UPDATE', [held.id]);
  const intoId = request.decision === 'same' ? await requireTarget(tx, held, request.patientId) : held.id;
  let unused: string[] = [];
  if (request.decision === 'discard') await discard(tx, held);
  else if (files === undefined) await tx.run('SELECT ng_move_patient($1::uuid, $2::uuid)', [held.id, held.home]);
  else unused = await refile(tx, { tools, actor, held, intoId, files });
  if (request.decision === 'same') await mergePatients(tx, held.id, intoId);
  if (request.decision === 'different')
    await tx.run("UPDATE patients SET identity_status = 'CONFIRMED', suspect_id = NULL, updated_at = now() WHERE id = $1", [
      held.id,
    ]);
  await tx.run('SELECT ng_refresh_patients($1::uuid[])', [[held.id]]);
  await tools.audit.record(tx, {
    action: ACTIONS[request.decision],
    actor,
    entityType: 'patient',
    entityId: held.id,
    patientId: intoId,
    groupId: held.home,
    details: { importedBy: held.group_id },
  });
  await tx.run("SELECT pg_notify('negatoscope_index', $1)", [JSON.stringify({ kind: 'patient', id: held.id })]);
  return unused;
}

async function requireTarget(tx: Tx, held: HeldPatient, wanted: string | undefined): Promise<string> {
  const id = wanted ?? held.suspect_id;
  const target =
    id === null
      ? undefined
      : await tx.first<{ id: string }>(
          `SELECT id FROM patients WHERE id = $1 AND group_id IS NOT DISTINCT FROM $2::uuid AND deleted_at IS NULL AND merged_into IS NULL FOR UPDATE`,
          [id, held.home],
        );
  if (target === undefined)
    throw new Failure('UNPROCESSABLE', { detail: 'There is no record of the importer’s group to file into.' });
  return target.id;
}

/** To the trash, at one instant, so that both come back together. */
async function discard(tx: Tx, { id }: HeldPatient): Promise<void> {
  await tx.run('UPDATE patients SET deleted_at = now(), updated_at = now() WHERE id = $1', [id]);
  await tx.run('UPDATE studies SET deleted_at = now(), updated_at = now() WHERE patient_id = $1 AND deleted_at IS NULL', [id]);
}

interface Refiling {
  readonly tools: DecisionTools;
  readonly actor: Actor;
  readonly held: HeldPatient;
  readonly intoId: string;
  readonly files: Files;
}

/** Takes the rows away and decides each file anew in the group, as an import of somebody who sees identities and names the patient. */
async function refile(tx: Tx, { tools, actor, held, intoId, files }: Refiling): Promise<string[]> {
  const from = await tx.first<{ import_id: string }>(
    'SELECT import_id FROM import_files WHERE patient_id = $1 ORDER BY id LIMIT 1',
    [held.id],
  );
  if (from === undefined) throw new Failure('CONFLICT', { detail: 'The report of this import is gone.' });
  await takeRowsAway(tx, held);
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
  await writeDecisions(tx, { tools, target, requests: [{ actor, target, staged }], candidates }, decided);
  const kept = new Set(await writeConflicts(tx, target, keptAside(decided)));
  for (const { candidate, decision } of decided) if (decision.kind === 'store') kept.add(candidate.staged.draft.id);
  return staged.map(({ draft }) => draft.id).filter((id) => !kept.has(id));
}

/** The patient stands in the group then, without studies; conflicts among the importer's own files go with them. */
async function takeRowsAway(tx: Tx, { id, home }: HeldPatient): Promise<void> {
  const studies = await tx.rows<{ id: string }>('SELECT id FROM studies WHERE patient_id = $1 ORDER BY id FOR UPDATE', [id]);
  const ids = studies.map((study) => study.id);
  const series = await tx.rows<{ id: string; studyId: string }>(
    'SELECT id, study_id AS "studyId" FROM series WHERE study_id = ANY($1::uuid[])',
    [ids],
  );
  if (
    (await tx.first('SELECT 1 FROM instance_versions WHERE series_id = ANY($1::uuid[]) LIMIT 1', [
      series.map((one) => one.id),
    ])) !== undefined
  )
    throw new Failure('CONFLICT', { detail: 'An instance of this import was replaced meanwhile.' });
  await tx.run('UPDATE conflicts SET study_id = NULL WHERE study_id = ANY($1::uuid[])', [ids]);
  await tx.run('DELETE FROM instances WHERE series_id = ANY($1::uuid[])', [series.map((one) => one.id)]);
  await tx.run('DELETE FROM series WHERE study_id = ANY($1::uuid[])', [ids]);
  await tx.run('DELETE FROM studies WHERE id = ANY($1::uuid[])', [ids]);
  await tx.run('SELECT ng_move_patient($1::uuid, $2::uuid)', [id, home]);
  await notify(tx, series);
}

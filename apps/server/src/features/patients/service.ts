import type { BodyOf, createPatient, listPatients, Patient, QueryOf, updatePatient } from '@negatoscope/contract';
import { type Actor, type Person, scopeOf, seesIdentity } from '../../access/index.ts';
import type { ArchiveWriter } from '../../archive/doors.ts';
import { notifyPatient, notifyStudy } from '../../archive/notify.ts';
import { groupExists } from '../../archive/partitions.ts';
import { requirePatientToWrite } from '../../archive/records/opened.ts';
import { type PatientRow, patientOf } from '../../archive/records/patient-rows.ts';
import {
  askPatients,
  confirmText,
  type EditableField,
  findPatient,
  insertPatient,
  lockPatient,
  moveToGroup,
  patientList,
  refreshPatients,
  replaceIdentifier,
  updatePatientRow,
} from '../../archive/records/patients.ts';
import type { RowKinds } from '../../archive/row-kind.ts';
import { filterNames, type IndexListRequest, pageOf } from '../../archive/search/index-list.ts';
import { isPatientNameless, recheckStudies } from '../../archive/write/mismatch.ts';
import { BrokenInvariant } from '../../kernel/broken-invariant.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import type { Page } from '../../kernel/list.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import { isUniqueViolation } from '../../platform/db/sql-state.ts';
import type { Audit } from '../audit/index.ts';
import { changesOf, orNull } from './changes.ts';
import { requireDate, requireText, unknownGroup } from './fields.ts';
import { mayMoveToGroup, partitionOfNew } from './policy.ts';

export interface PatientDeps {
  readonly db: ArchiveWriter;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly kinds: RowKinds;
}

interface Update {
  readonly before: PatientRow;
  readonly body: BodyOf<typeof updatePatient>;
}

/** By these the identity of images is compared. */
const IDENTITY_FIELDS = ['lastName', 'firstName', 'birthDate', 'externalId'] as const satisfies EditableField[];

export async function list(
  { db, audit }: PatientDeps,
  actor: Actor,
  query: QueryOf<typeof listPatients>,
): Promise<Page<Patient>> {
  const { q, limit, cursor, sort = '-lastStudyAt', status, groupId, identityStatus } = query;
  const birthDate = requireDate('birthDate', query.birthDate);
  const filters = { status, groupId: groupId?.toLowerCase(), birthDate, identityStatus };
  const identity = seesIdentity(actor);
  const request: IndexListRequest = { kind: 'patients', sort, limit, cursor, q, filters, pseudonyms: !identity };
  const scope = scopeOf(actor);
  const rows = await askPatients(db, request, scope);
  const page = pageOf(request, rows, (row: PatientRow) => patientOf(row, actor));
  await audit.show(actor, {
    action: 'patient.list',
    entityType: 'patient',
    shown: page.items.map(({ id }) => id),
    filters: filterNames({ q, ...filters }),
  });
  return page;
}

/** Patients found by a text, inside the caller's transaction. */
export async function search(tx: ReadTx, actor: Actor, q: string, limit: number): Promise<Patient[]> {
  const identity = seesIdentity(actor);
  const request: IndexListRequest = { kind: 'patients', sort: 'name', limit, q, filters: {}, pseudonyms: !identity };
  const rows = await tx.rows(patientList(request, scopeOf(actor)));
  return pageOf(request, rows, (row: PatientRow) => patientOf(row, actor)).items;
}

export async function get({ db }: PatientDeps, actor: Actor, id: string): Promise<Patient> {
  const scope = scopeOf(actor);
  const row = await db.reading(scope, (tx) => findPatient(tx, scope, id));
  if (row === undefined) throw notFound();
  return patientOf(row, actor);
}

export async function create(deps: PatientDeps, actor: Person, body: BodyOf<typeof createPatient>): Promise<Patient> {
  const partition = partitionOfNew(actor, body.groupId);
  if (partition === 'FORBIDDEN') throw new Failure('FORBIDDEN');
  const { groupId } = partition;
  for (const field of ['lastName', 'firstName', 'phone', 'address', 'externalId'] as const) requireText(field, body[field]);
  return deps.db.withScope(scopeOf(actor), async (tx) => {
    if (groupId !== null && !(await groupExists(tx, groupId))) throw unknownGroup();
    const row = await insertPatient(tx, newRow(body, groupId, deps.clock.now()));
    if (row === undefined) throw new BrokenInvariant('A patient was inserted and gave no row.');
    await replaceIdentifier(tx, row, null, row.external_id);
    await deps.audit.record(tx, {
      action: 'patient.created',
      actor,
      entityType: 'patient',
      entityId: row.id,
      patientId: row.id,
      groupId,
    });
    return patientOf(row, actor);
  });
}

const newRow = (body: BodyOf<typeof createPatient>, groupId: string | null, now: Date) => ({
  id: newId(),
  groupId,
  externalId: orNull(body.externalId),
  familyName: body.lastName,
  givenName: body.firstName,
  birthDate: requireDate('birthDate', body.birthDate) ?? null,
  sex: body.sex,
  phone: orNull(body.phone),
  address: orNull(body.address),
  now,
});

export async function update(deps: PatientDeps, actor: Person, id: string, body: BodyOf<typeof updatePatient>): Promise<Patient> {
  const scope = scopeOf(actor);
  return deps.db.withScope(scope, async (tx) => {
    await requirePatientToWrite(tx, actor, id);
    const before = await lockPatient(tx, scope, id);
    if (before === undefined) throw notFound();
    if (before.updated_at.getTime() !== Date.parse(body.updatedAt)) throw new Failure('STALE_UPDATE');
    const fields = await applyChanges(deps, tx, actor, { before, body });
    if (fields.length > 0) {
      await deps.audit.record(tx, {
        action: 'patient.updated',
        actor,
        entityType: 'patient',
        entityId: id,
        patientId: id,
        groupId: body.groupId === undefined ? before.group_id : body.groupId,
        details: { fields },
      });
      await notifyPatient(tx, id);
    }
    const after = await findPatient(tx, scope, id);
    if (after === undefined) throw notFound();
    return patientOf(after, actor);
  });
}

/** Writes what differs, and what follows from it; gives the names of the fields that changed. */
async function applyChanges(deps: PatientDeps, tx: Tx, actor: Person, { before, body }: Update): Promise<string[]> {
  const { id } = before;
  const changes = changesOf(body, before);
  const fields: string[] = Object.keys(changes);
  if (body.textUncertain === false && before.text_uncertain) {
    await confirmText(tx, id);
    fields.push('textUncertain');
  }
  const isIdentity = IDENTITY_FIELDS.some((field) => changes[field] !== undefined);
  const wasNameless = isIdentity && (await isPatientNameless(tx, id));
  if (fields.length > 0) await updatePatientRow(tx, id, changes, deps.clock.now());
  if (changes.externalId !== undefined) await replaceIdentifier(tx, before, before.external_id, changes.externalId);
  // An archived record that is taken back has the status that its studies give it.
  if (changes.status === 'TO_READ') await refreshPatients(tx, [id]);
  if (body.groupId !== undefined && body.groupId !== before.group_id) {
    await move(deps, tx, actor, { id, groupId: body.groupId });
    fields.push('groupId');
  }
  if (isIdentity) await compareAgain(deps, tx, actor, { id, wasNameless });
  return fields;
}

/** Takes a patient to another group, or to none. */
async function move(
  { clock, kinds }: PatientDeps,
  tx: Tx,
  actor: Person,
  { id, groupId }: { readonly id: string; readonly groupId: string | null },
): Promise<void> {
  if (!mayMoveToGroup(actor)) throw new Failure('FORBIDDEN');
  if (groupId !== null && !(await groupExists(tx, groupId))) throw unknownGroup();
  try {
    await moveToGroup(tx, kinds, id, groupId);
  } catch (error) {
    if (isUniqueViolation(error))
      throw new Failure('CONFLICT', { detail: 'The target group has a study or instance of the same UID.' });
    throw error;
  }
  // Also when nothing else changes, so that a form read before the move is stale.
  await updatePatientRow(tx, id, {}, clock.now());
}

/** What the patient's images say of themselves stays: it may contradict what the patient is called now, or agree again. */
async function compareAgain(
  { audit }: PatientDeps,
  tx: Tx,
  actor: Person,
  { id, wasNameless }: { readonly id: string; readonly wasNameless: boolean },
): Promise<void> {
  const found = await recheckStudies(tx, id, { userId: actor.userId, filed: wasNameless ? 'all' : new Set() });
  await audit.recordAll(
    tx,
    found.map((event) => ({ ...event, actor })),
  );
  for (const { entityId } of found) await notifyStudy(tx, { id: entityId, patientId: id });
}

import type { BodyOf, createPatient, listPatients, Patient, QueryOf, updatePatient } from '@negatoscope/contract';
import { type Actor, type Person, scopeOf, seesIdentity } from '../../access/index.ts';
import type { ArchiveWriter } from '../../archive/doors.ts';
import type { RowKinds } from '../../archive/kinds.ts';
import { notifyPatient, notifyStudy } from '../../archive/notify.ts';
import { groupExists } from '../../archive/partitions.ts';
import { type PatientRow, patientOf } from '../../archive/records/patient-rows.ts';
import {
  confirmText,
  EDITABLE_FIELDS,
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
import { type IndexListRequest, pageOf } from '../../archive/search/index-list.ts';
import { isPatientNameless, recheckStudies } from '../../archive/write/mismatch.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import type { Page } from '../../kernel/list.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import { isUniqueViolation } from '../../platform/db/sql-state.ts';
import type { Audit } from '../audit/index.ts';
import { requireDate, requireText, unknownGroup } from './fields.ts';
import { mayMoveToGroup, partitionOfNew } from './policy.ts';

export interface PatientDeps {
  readonly db: ArchiveWriter;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly kinds: RowKinds;
}

export interface PatientService {
  list(actor: Actor, query: QueryOf<typeof listPatients>): Promise<Page<Patient>>;
  /** Patients found by a text, inside the caller's transaction. */
  search(tx: ReadTx, actor: Actor, q: string, limit: number): Promise<Patient[]>;
  get(actor: Actor, id: string): Promise<Patient>;
  create(actor: Person, body: BodyOf<typeof createPatient>): Promise<Patient>;
  update(actor: Person, id: string, body: BodyOf<typeof updatePatient>): Promise<Patient>;
}

/** By these the identity of images is compared. */
const IDENTITY_FIELDS = ['lastName', 'firstName', 'birthDate', 'externalId'] as const satisfies EditableField[];

const orNull = (value: string | null | undefined): string | null => (value === undefined || value === '' ? null : value);

export function createPatientService({ db, audit, clock, kinds }: PatientDeps): PatientService {
  async function list(actor: Actor, query: QueryOf<typeof listPatients>): Promise<Page<Patient>> {
    const { q, limit, cursor, sort = '-lastStudyAt', status, groupId, identityStatus } = query;
    const birthDate = requireDate('birthDate', query.birthDate);
    const filters = { status, groupId: groupId?.toLowerCase(), birthDate, identityStatus };
    const identity = seesIdentity(actor);
    const request: IndexListRequest = { kind: 'patients', sort, limit, cursor, q, filters, pseudonyms: !identity };
    const scope = scopeOf(actor);
    const [rows = []] = await db.asking(scope, [patientList(request, scope)]);
    return pageOf(request, rows, (row: PatientRow) => patientOf(row, identity));
  }

  async function search(tx: ReadTx, actor: Actor, q: string, limit: number): Promise<Patient[]> {
    const identity = seesIdentity(actor);
    const request: IndexListRequest = { kind: 'patients', sort: 'name', limit, q, filters: {}, pseudonyms: !identity };
    const rows = await tx.rows(patientList(request, scopeOf(actor)));
    return pageOf(request, rows, (row: PatientRow) => patientOf(row, identity)).items;
  }

  async function get(actor: Actor, id: string): Promise<Patient> {
    const scope = scopeOf(actor);
    const row = await db.reading(scope, (tx) => findPatient(tx, scope, id));
    if (row === undefined) throw notFound();
    return patientOf(row, seesIdentity(actor));
  }

  async function create(actor: Person, body: BodyOf<typeof createPatient>): Promise<Patient> {
    const partition = partitionOfNew(actor, body.groupId);
    if (partition === 'FORBIDDEN') throw new Failure('FORBIDDEN');
    const { groupId } = partition;
    for (const field of ['lastName', 'firstName', 'phone', 'address', 'externalId'] as const) requireText(field, body[field]);
    const scope = scopeOf(actor);
    return db.withScope(scope, async (tx) => {
      if (groupId !== null && !(await groupExists(tx, groupId))) throw unknownGroup();
      const row = await insertPatient(tx, {
        id: newId(),
        groupId,
        externalId: orNull(body.externalId),
        familyName: body.lastName,
        givenName: body.firstName,
        birthDate: requireDate('birthDate', body.birthDate) ?? null,
        sex: body.sex,
        phone: orNull(body.phone),
        address: orNull(body.address),
        now: clock.now(),
      });
      if (row === undefined) throw new Error('A patient was inserted and gave no row.');
      await replaceIdentifier(tx, row, null, row.external_id);
      await audit.record(tx, {
        action: 'patient.created',
        actor,
        entityType: 'patient',
        entityId: row.id,
        patientId: row.id,
        groupId,
      });
      return patientOf(row, seesIdentity(actor));
    });
  }

  async function update(actor: Person, id: string, body: BodyOf<typeof updatePatient>): Promise<Patient> {
    const scope = scopeOf(actor);
    return db.withScope(scope, async (tx) => {
      const before = await lockPatient(tx, scope, id);
      if (before === undefined) throw notFound();
      if (before.updated_at.getTime() !== Date.parse(body.updatedAt)) throw new Failure('STALE_UPDATE');
      const changes = changesOf(body, before);
      const fields: string[] = Object.keys(changes);
      const confirms = body.textUncertain === false && before.text_uncertain;
      if (confirms) {
        await confirmText(tx, id);
        fields.push('textUncertain');
      }
      const isIdentity = IDENTITY_FIELDS.some((field) => changes[field] !== undefined);
      const wasNameless = isIdentity && (await isPatientNameless(tx, id));
      if (fields.length > 0) await updatePatientRow(tx, id, changes, clock.now());
      if (changes.externalId !== undefined) await replaceIdentifier(tx, before, before.external_id, changes.externalId);
      // An archived record that is taken back has the status that its studies give it.
      if (changes.status === 'TO_READ') await refreshPatients(tx, [id]);
      if (body.groupId !== undefined && body.groupId !== before.group_id) {
        await move(tx, actor, before, body.groupId);
        fields.push('groupId');
      }
      if (isIdentity) await compareAgain(tx, actor, id, wasNameless);
      if (fields.length > 0) {
        const groupId = body.groupId === undefined ? before.group_id : body.groupId;
        const details = { fields };
        await audit.record(tx, {
          action: 'patient.updated',
          actor,
          entityType: 'patient',
          entityId: id,
          patientId: id,
          groupId,
          details,
        });
        await notifyPatient(tx, id);
      }
      const after = await findPatient(tx, scope, id);
      if (after === undefined) throw notFound();
      return patientOf(after, seesIdentity(actor));
    });
  }

  /** What the patient's images say of themselves stays: it may contradict what the patient is called now, or agree again. */
  async function compareAgain(tx: Tx, actor: Person, id: string, wasNameless: boolean): Promise<void> {
    const found = await recheckStudies(tx, id, { userId: actor.userId, filed: wasNameless ? 'all' : new Set() });
    await audit.recordAll(
      tx,
      found.map((event) => ({ ...event, actor })),
    );
    for (const { entityId } of found) await notifyStudy(tx, { id: entityId, patientId: id });
  }

  async function move(tx: Tx, actor: Person, patient: PatientRow, groupId: string | null): Promise<void> {
    if (!mayMoveToGroup(actor)) throw new Failure('FORBIDDEN');
    if (groupId !== null && !(await groupExists(tx, groupId))) throw unknownGroup();
    try {
      await moveToGroup(tx, kinds, patient.id, groupId);
    } catch (error) {
      if (isUniqueViolation(error))
        throw new Failure('CONFLICT', { detail: 'The target group has a study or instance of the same UID.' });
      throw error;
    }
    // Also when nothing else changes, so that a form read before the move is stale.
    await updatePatientRow(tx, patient.id, {}, clock.now());
  }

  return { list, search, get, create, update };
}

/** The columns whose values really change. */
function changesOf(body: BodyOf<typeof updatePatient>, before: PatientRow): Partial<Record<EditableField, string | null>> {
  const present: Record<EditableField, string | null> = {
    lastName: before.family_name,
    firstName: before.given_name,
    birthDate: before.birth_date,
    sex: before.sex,
    phone: before.phone,
    address: before.address,
    externalId: before.external_id,
    status: before.status,
  };
  const nullable = new Set<EditableField>(['phone', 'address', 'externalId']);
  const changes: Partial<Record<EditableField, string | null>> = {};
  for (const field of EDITABLE_FIELDS) {
    const given = body[field];
    if (given === undefined) continue;
    requireText(field, given);
    if (field === 'birthDate') requireDate(field, given);
    // "TO_READ" only takes a record out of the archive; on any other it changes nothing.
    if (field === 'status' && given === 'TO_READ' && before.status !== 'ARCHIVED') continue;
    const value = nullable.has(field) ? orNull(given) : given;
    if (value !== present[field]) changes[field] = value;
  }
  return changes;
}

import { type listPatientExports, type PatientExport, personOnPage, type ResultOf } from '@negatoscope/contract';
import { type Person, requirePermission, scopeOf } from '../../access/index.ts';
import { findRecords } from '../../archive/records/exported.ts';
import { notFound } from '../../kernel/failure.ts';
import type { ExportDeps } from './deps.ts';

const KIND_OF: Readonly<Record<string, PatientExport['kind']>> = {
  'patient.exported': 'EXPORTED',
  'patient.handed-over': 'HANDED_OVER',
  'study.file': 'FILES',
  'study.retrieve': 'FILES',
  'study.document': 'DOCUMENT',
  'fhir.everything': 'FHIR',
};
const OF_STUDY: ReadonlySet<PatientExport['kind']> = new Set(['SENT', 'FILES', 'DOCUMENT']);
/** Older ones are in the journal. */
const MOST = 100;

/** When what a patient has left, and by whom, the latest first; also those of records that were merged into theirs. Needs `patients.identity`: a recipient is a name. Fails with NOT_FOUND. */
export async function listExports(
  { db, audit }: Pick<ExportDeps, 'db' | 'audit'>,
  actor: Person,
  patientId: string,
): Promise<ResultOf<typeof listPatientExports>> {
  requirePermission(actor, 'patients.identity');
  const scope = scopeOf(actor);
  const rows = await db.reading(scope, async (tx) => {
    const records = await findRecords(tx, scope, patientId);
    if (records.length === 0) throw notFound();
    return audit.exportsOf(tx, records, MOST + 1);
  });
  await audit.noteLightly({ action: 'patient.exports-listed', actor, entityType: 'patient', entityId: patientId, patientId });
  return {
    items: rows.slice(0, MOST).map(({ id, occurred_at, action, last_name, first_name, actor, studies, recipient }) => {
      // A node that gets studies has them sent to it.
      const kind = action === 'study.retrieve' && recipient !== null ? 'SENT' : (KIND_OF[action] ?? 'SENT');
      // A node that has studies sent, and the server that keeps an Orthanc up to date, are no persons.
      const person = last_name === null ? null : personOnPage({ lastName: last_name, firstName: first_name ?? '' });
      const by = kind === 'SENT' ? person : (person ?? actor);
      // Of a study each event is one.
      return { id, at: occurred_at.toISOString(), kind, by, studies: OF_STUDY.has(kind) ? 1 : (studies ?? 0), recipient };
    }),
    isWhole: rows.length <= MOST,
  };
}

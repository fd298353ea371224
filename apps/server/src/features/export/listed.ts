import type { listPatientExports, PatientExport, ResultOf } from '@negatoscope/contract';
import { type Person, requirePermission, scopeOf } from '../../access/index.ts';
import { findRecords } from '../../archive/records/exported.ts';
import { notFound } from '../../kernel/failure.ts';
import type { ExportDeps } from './archive.ts';

const KIND_OF: Readonly<Record<string, PatientExport['kind']>> = {
  'patient.exported': 'EXPORTED',
  'patient.handed-over': 'HANDED_OVER',
};
/** Older ones are in the journal. */
const MOST = 100;

/** When the images of a patient left, and by whom, the latest first; also those of records that were merged into theirs. Needs `patients.identity`: a recipient is a name. Fails with NOT_FOUND. */
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
    items: rows.slice(0, MOST).map(({ id, occurred_at, action, person_name, actor, studies, recipient }) => {
      const kind = KIND_OF[action] ?? 'SENT';
      // A node that has studies sent, and the server that keeps an Orthanc up to date, are no persons; of a study each event is one.
      return kind === 'SENT'
        ? { id, at: occurred_at.toISOString(), kind, by: person_name, studies: 1, recipient }
        : { id, at: occurred_at.toISOString(), kind, by: person_name ?? actor, studies: studies ?? 0, recipient };
    }),
    isWhole: rows.length <= MOST,
  };
}

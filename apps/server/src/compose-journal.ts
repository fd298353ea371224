import { type Person, scopeOf } from './access/index.ts';
import type { Router } from './access/router.ts';
import { findPatients, findRecords } from './archive/records/exported.ts';
import { type AuditRoutePorts, patientLog, registerAudit } from './features/audit/index.ts';

interface JournalParts extends Pick<AuditRoutePorts, 'db' | 'audit' | 'clock' | 'anchorFolder'> {
  readonly auditKey: Buffer;
}

/** The journal, which knows no patient: what it needs of one is handed to it. */
const patientsOf: Pick<AuditRoutePorts, 'recordsOf' | 'patientOf'> = {
  recordsOf: (tx, actor, id) => findRecords(tx, scopeOf(actor), id),
  patientOf: async (tx, actor, id) => {
    const [found] = await findPatients(tx, scopeOf(actor), [id]);
    if (found === undefined) return undefined;
    const { lastName, firstName, recordNumber, birthDate } = found.json;
    return { name: [lastName, firstName].filter(Boolean).join(' '), recordNumber, birthDate };
  },
};

export function registerJournal(
  router: Router,
  { db, audit, clock, auditKey, anchorFolder }: JournalParts,
  installation: string,
): void {
  registerAudit(router, { ...{ db, audit, clock, key: auditKey, anchorFolder, installation }, ...patientsOf });
}

/** Who saw a patient's record, as files that leave with it. */
export const accessLogOf =
  ({ db, clock }: Pick<JournalParts, 'db' | 'clock'>, installation: string) =>
  (actor: Person, patientId: string, language: { readonly locale: 'fr' | 'en'; readonly timeZone: string }) =>
    patientLog({ db, clock, installation, ...patientsOf }, actor, patientId, language);

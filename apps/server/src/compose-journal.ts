import { personOnPage } from '@negatoscope/contract';
import { type Person, scopeOf } from './access/index.ts';
import type { Router } from './access/router.ts';
import { findPatients, findRecords } from './archive/records/exported.ts';
import type { AuditSettings } from './config/audit-settings.ts';
import type { Settings } from './config/settings.ts';
import {
  type AuditJobPorts,
  type AuditReader,
  type AuditRoutePorts,
  createAuditReader,
  patientLog,
  registerAudit,
} from './features/audit/index.ts';
import type { Identity } from './features/identity/index.ts';
import { createMailer, type Mailer } from './platform/mail/mailer.ts';

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
    return { name: personOnPage({ lastName, firstName }), recordNumber, birthDate };
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

/** What the site wants of its journal, and by what it is mailed. */
export interface JournalSettings extends AuditSettings {
  readonly installation: string;
  readonly mailer: Mailer | undefined;
}

export const journalSettings = ({ audit, installationName, mail }: Settings): JournalSettings => ({
  ...audit,
  installation: installationName,
  mailer: mail && createMailer(mail),
});

/** What watches over the journal. */
interface WatchedParts extends JournalParts {
  readonly identity: Pick<Identity, 'tellHolders'>;
  readonly journal: JournalSettings;
}

export const journalPorts = (parts: WatchedParts): AuditJobPorts => {
  const { db, audit, clock, auditKey: key, anchorFolder, identity, journal } = parts;
  return {
    ...{ db, audit, clock, key, anchorFolder, ...journal },
    rules: { timeZone: journal.timeZone, ...journal.warn },
    tellReaders: (mailOf) => identity.tellHolders('audit.read', mailOf),
    namesOfPatients: async (tx, by, ids) =>
      (await findPatients(tx, scopeOf(by), ids)).map(({ json }) => ({
        ...{ id: json.id, familyName: json.lastName, givenName: json.firstName },
      })),
  };
};

/** The journal as other interfaces tell it. */
export const journalReader = (db: JournalParts['db']): AuditReader =>
  createAuditReader({ db, recordsOf: (tx, actor, id) => findRecords(tx, scopeOf(actor), id) });

import type { Person } from '../../../access/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Beside, MadeFile } from '../archive.ts';
import { recordPage } from './page.ts';

export interface RecordLanguage {
  readonly locale: 'fr' | 'en';
  /** IANA name. */
  readonly timeZone: string;
}

/** What other rooms give to everything of one patient. */
export interface RecordPorts {
  readonly installation: string;
  /** Signed versions of a study's report as PDF; drafts never. */
  readonly reports: (actor: Person, of: { readonly studyId: string; readonly patientId: string }) => Promise<readonly MadeFile[]>;
  /** Who saw the record, as PDF and CSV. */
  readonly accessLog: (actor: Person, patientId: string, language: RecordLanguage) => Promise<readonly MadeFile[]>;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** What stands beside images and rows in everything of one patient. Fails with BAD_REQUEST for what is no time zone. */
export function recordOf(ports: RecordPorts, actor: Person, { locale, timeZone }: RecordLanguage): Beside {
  if (!isTimeZone(timeZone)) throw new Failure('BAD_REQUEST', { detail: 'No such time zone.' });
  return {
    ofPatient: ({ id }) => ports.accessLog(actor, id, { locale, timeZone }),
    ofStudy: ({ id, patient }) => ports.reports(actor, { studyId: id, patientId: patient.id }),
    page: (selection, told) => recordPage({ ...selection, ...told, locale, installation: ports.installation }),
  };
}

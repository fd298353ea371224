import { auditActor, auditSentence } from '@negatoscope/contract';
import { type PdfBlock, pdfDocument } from '../../platform/pdf/index.ts';
import type { AuditRow } from './repository.ts';

/** Events beyond these are left to the CSV: a paper of a hundred pages is read by nobody. */
export const MOST_PRINTED = 5000;

export interface PrintedPatient {
  readonly name: string;
  readonly recordNumber: string;
  readonly birthDate: string | null;
}

interface About {
  readonly locale: 'fr' | 'en';
  readonly timeZone: string;
  readonly installation: string;
  readonly madeAt: Date;
  readonly patientId: string | undefined;
  /** Undefined where the record is no longer there. */
  readonly patient: PrintedPatient | undefined;
}

const TEXTS = {
  fr: {
    log: 'Journal des accès',
    patientLog: 'Accès au dossier d’un patient',
    ...{
      name: 'Nom',
      recordNumber: 'N° de dossier',
      birthDate: 'Né(e) le',
      id: 'Identifiant',
      made: 'Imprimé le',
      events: 'Événements',
    },
    ...{ when: 'Quand', what: 'Qui a fait quoi', outcome: 'Résultat', server: 'Le serveur', gone: 'Personne supprimée' },
    ...{ SUCCESS: 'réussi', FAILURE: 'échoué', DENIED: 'refusé' },
    shown: 'et a vu ce patient parmi d’autres',
    none: 'Aucun événement.',
    cut: (most: string) => `Seuls les ${most} événements les plus récents sont imprimés ; l’export CSV les contient tous.`,
    page: (page: number, of: number) => `page ${page} sur ${of}`,
  },
  en: {
    log: 'Audit log',
    patientLog: 'Access to a patient’s record',
    ...{
      name: 'Name',
      recordNumber: 'Record number',
      birthDate: 'Born on',
      id: 'Identifier',
      made: 'Printed on',
      events: 'Events',
    },
    ...{ when: 'When', what: 'Who did what', outcome: 'Outcome', server: 'The server', gone: 'A deleted person' },
    ...{ SUCCESS: 'done', FAILURE: 'failed', DENIED: 'refused' },
    shown: 'and saw this patient among others',
    none: 'No event.',
    cut: (most: string) => `Only the ${most} latest events are printed; the CSV export has them all.`,
    page: (page: number, of: number) => `page ${page} of ${of}`,
  },
} as const;

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** An event as a sentence: who, what, and where it showed a patient among others, that. */
export function sentenceOf(row: AuditRow, { locale, patientId }: Pick<About, 'locale' | 'patientId'>): string {
  const texts = TEXTS[locale];
  const named = row.actor_name === null ? null : auditActor(row.actor_name, locale);
  const who = named ?? (row.actor_id === null ? texts.server : texts.gone);
  const isShown = patientId !== undefined && row.patient_id === null;
  return `${who} ${auditSentence(row.action, locale, row.details)}${isShown ? ` ${texts.shown}` : ''}`;
}

function headOf({ locale, patient, patientId, madeAt, timeZone }: About, count: number): PdfBlock {
  const texts = TEXTS[locale];
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const born = patient?.birthDate == null ? undefined : new Date(`${patient.birthDate}T00:00:00Z`);
  return {
    kind: 'pairs',
    pairs: [
      ...(patient === undefined
        ? []
        : ([
            [texts.name, patient.name],
            [texts.recordNumber, patient.recordNumber],
          ] as const)),
      ...(born === undefined || Number.isNaN(born.getTime()) ? [] : ([[texts.birthDate, day.format(born)]] as const)),
      ...(patientId === undefined ? [] : ([[texts.id, patientId]] as const)),
      [texts.made, `${time.format(madeAt)} (${timeZone})`],
      [texts.events, count.toLocaleString(locale)],
    ],
  };
}

/** The journal on paper: each event in a sentence, the latest first. */
export async function printed(found: readonly AuditRow[], about: About): Promise<Buffer> {
  const { locale, timeZone, installation, madeAt, patient, patientId } = about;
  const texts = TEXTS[locale];
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'medium', timeZone });
  const rows = found.slice(0, MOST_PRINTED);
  const blocks: PdfBlock[] = [
    headOf(about, rows.length),
    ...(found.length > rows.length ? [{ kind: 'paragraph', text: texts.cut(MOST_PRINTED.toLocaleString(locale)) } as const] : []),
  ];
  if (rows.length === 0) blocks.push({ kind: 'paragraph', text: texts.none });
  else
    blocks.push({
      kind: 'table',
      columns: [
        { header: texts.when, share: 3 },
        { header: texts.what, share: 9 },
        { header: texts.outcome, share: 2 },
      ],
      // The table's own check holds outcomes to these.
      rows: rows.map((row) => [
        time.format(row.occurred_at),
        sentenceOf(row, about),
        texts[row.outcome as 'SUCCESS' | 'FAILURE' | 'DENIED'],
      ]),
    });
  const title = patientId === undefined ? texts.log : texts.patientLog;
  return pdfDocument(
    {
      ...{ title, language: locale, madeAt, letterhead: { name: installation }, page: texts.page },
      footer: [installation, patient?.name].filter((part) => part !== undefined).join(' · '),
    },
    blocks,
  );
}

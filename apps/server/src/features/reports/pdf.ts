import { personOnPage, type SignedContent } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../access/index.ts';
import { requireStudy } from '../../archive/records/studies.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { type PdfBlock, pdfDocument } from '../../platform/pdf/index.ts';
import { type Letterhead, letterheadOf } from './letterhead/letterhead.ts';
import * as repository from './repository.ts';
import type { ReportDeps, StudyRef } from './service.ts';
import { signedOf } from './shown.ts';
import { saidIn, wordsOf } from './words.ts';

/** `2026-03-01T08:05:…Z` as people read it. */
const moment = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)}`;

interface Printed {
  readonly letterhead: Letterhead;
  readonly content: SignedContent;
  readonly sha256: string;
  /** The version that counts. */
  readonly latest: number;
}

function blocksOf({ content, sha256, latest }: Printed): PdfBlock[] {
  const words = wordsOf(content.language);
  const { patient, study, number } = content;
  const pairs = [
    [words.patient, personOnPage(patient)],
    [words.born, patient.birthDate ?? ''],
    [words.record, patient.recordNumber],
    [
      words.study,
      [study.date, study.modalities.join(' + '), study.description].filter((part) => (part ?? '') !== '').join(' · '),
    ],
    [words.accession, study.accessionNumber ?? ''],
  ] as const;
  return [
    ...(latest > number ? [{ kind: 'paragraph', text: words.replaced(latest), isBold: true } as const] : []),
    { kind: 'pairs', pairs: pairs.filter(([, value]) => value !== '') },
    { kind: 'rule' },
    ...saidIn(content).flatMap(([name, text]): PdfBlock[] => [
      { kind: 'heading', text: name, level: 2 },
      { kind: 'paragraph', text },
    ]),
    { kind: 'gap' },
    { kind: 'paragraph', text: words.signed(content.signedBy.name, moment(content.signedAt)), isBold: true },
    { kind: 'paragraph', text: words.version(number, content.amends?.number), isDim: true },
    { kind: 'paragraph', text: `SHA-256 ${sha256}`, isDim: true },
  ];
}

/** A signed version as a document: the same bytes of the same version. */
export function printed(report: Printed): Promise<Buffer> {
  const { content } = report;
  const words = wordsOf(content.language);
  return pdfDocument(
    {
      title: words.title,
      language: content.language,
      madeAt: new Date(content.signedAt),
      letterhead: report.letterhead,
      footer: `${personOnPage(content.patient)} · ${content.patient.recordNumber}`,
      page: words.page,
    },
    blocksOf(report),
  );
}

/** A signed version as PDF; that it leaves is audited. Fails with NOT_FOUND, and CONFLICT for one of a study that is in another record than it was signed for. */
export async function pdfOf(
  deps: ReportDeps & { readonly installation: string },
  actor: Person,
  ref: StudyRef,
  number: number,
): Promise<Buffer> {
  const scope = scopeOf(actor);
  const { study, rows, row, letterhead } = await deps.db.reading(scope, async (tx) => {
    const study = await requireStudy(tx, actor, ref.uid, ref.groupId);
    const rows = await repository.findVersions(tx, scope, study.id);
    const row = rows.find((one) => one.number === number);
    if (row === undefined) throw notFound();
    return { study, rows, row, letterhead: await letterheadOf(tx, row.letterhead, deps.installation) };
  });
  const { content, sha256, isOfOtherPatient } = signedOf(row, study.patient_id);
  if (isOfOtherPatient) throw new Failure('CONFLICT', { detail: 'It was signed for another record.' });
  await deps.audit.note({
    ...{ action: 'report.exported', actor, entityType: 'study', entityId: study.id },
    ...{ patientId: study.patient_id, groupId: study.group_id, details: { number } },
  });
  return printed({ content, sha256, letterhead, latest: rows[0]?.number ?? number });
}

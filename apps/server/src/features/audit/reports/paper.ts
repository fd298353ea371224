import { auditSentence } from '@negatoscope/contract';
import { csvLines } from '../../../platform/csv.ts';
import { type PdfBlock, pdfDocument } from '../../../platform/pdf/index.ts';
import type { Figures } from './kept.ts';
import type { ReportRow } from './repository.ts';
import { type Locale, TEXTS } from './texts.ts';

/** A report with the names that its people have today. */
export interface Named extends Pick<NonNullable<ReportRow>, 'period' | 'begins' | 'made_at' | 'time_zone'> {
  readonly figures: Figures;
  readonly names: ReadonlyMap<string, string>;
}

/** People beyond these are left to the CSV. */
const MOST_PEOPLE = 200;

export const titleOf = (period: string, locale: Locale): string => TEXTS[locale][period === 'MONTH' ? 'MONTH' : 'DAY'];

/** The day or month, as one says it. */
export const spanOf = ({ period, begins }: Pick<Named, 'period' | 'begins'>, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, {
    timeZone: 'UTC',
    ...(period === 'MONTH' ? ({ month: 'long', year: 'numeric' } as const) : ({ dateStyle: 'full' } as const)),
  }).format(new Date(`${begins}T00:00:00Z`));

export function csvOf({ figures, names }: Named): string {
  const rows = figures.rows.map(({ actorId, actor, action, outcome, events, patients }) => [
    ...[actorId, actorId === null ? actor : (names.get(actorId) ?? null), action, outcome, events, patients],
  ]);
  return csvLines([['actorId', 'actor', 'action', 'outcome', 'events', 'patients'], ...rows]);
}

function headOf({ figures, made_at: madeAt, time_zone: timeZone, ...of }: Named, locale: Locale): PdfBlock {
  const texts = TEXTS[locale];
  const { raised, acknowledged, open } = figures.warnings;
  const chain = figures.chainHolds === null ? texts.unchecked : figures.chainHolds ? texts.holds : texts.broken;
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone });
  return {
    kind: 'pairs',
    pairs: [
      [texts.period, `${spanOf(of, locale)} (${timeZone})`],
      [texts.made, time.format(madeAt)],
      [texts.events, figures.events.toLocaleString(locale)],
      [texts.chain, chain],
      [texts.warnings, texts.warned(raised, acknowledged, open)],
    ],
  };
}

function peopleOf({ figures, names }: Named, locale: Locale): PdfBlock[] {
  const texts = TEXTS[locale];
  if (figures.people.length === 0) return [{ kind: 'paragraph', text: texts.none }];
  const number = (value: number): string => value.toLocaleString(locale);
  const table: PdfBlock = {
    kind: 'table',
    columns: [
      { header: texts.person, share: 6 },
      ...[texts.events, texts.patients, texts.takenOut, texts.denied, texts.failed].map((header) => ({ header, share: 2 })),
    ],
    rows: figures.people
      .slice(0, MOST_PEOPLE)
      .map(({ actorId, events, patients, takenOut, denied, failed }) => [
        names.get(actorId) ?? texts.gone,
        ...[events, patients, takenOut, denied, failed].map(number),
      ]),
  };
  return figures.people.length > MOST_PEOPLE ? [{ kind: 'paragraph', text: texts.cut(MOST_PEOPLE) }, table] : [table];
}

function actionsOf({ rows }: Figures, locale: Locale): PdfBlock[] {
  const texts = TEXTS[locale];
  const byAction = new Map<string, { events: number; denied: number; failed: number }>();
  for (const { action, outcome, events } of rows) {
    const sum = byAction.get(action) ?? { events: 0, denied: 0, failed: 0 };
    sum.events += events;
    if (outcome === 'DENIED') sum.denied += events;
    if (outcome === 'FAILURE') sum.failed += events;
    byAction.set(action, sum);
  }
  if (byAction.size === 0) return [];
  const number = (value: number): string => value.toLocaleString(locale);
  return [
    {
      kind: 'table',
      columns: [
        { header: texts.action, share: 9 },
        ...[texts.times, texts.denied, texts.failed].map((header) => ({ header, share: 2 })),
      ],
      rows: [...byAction]
        .sort(([, a], [, b]) => b.events - a.events)
        .map(([action, { events, denied, failed }]) => [auditSentence(action, locale), ...[events, denied, failed].map(number)]),
    },
  ];
}

/** The report on paper: how many events, who did how much, and what was done. */
export function pdfOf(report: Named, locale: Locale, installation: string): Promise<Buffer> {
  const texts = TEXTS[locale];
  const blocks = [headOf(report, locale), ...peopleOf(report, locale), ...actionsOf(report.figures, locale)];
  const title = titleOf(report.period, locale);
  return pdfDocument(
    {
      ...{ title, language: locale, madeAt: report.made_at, letterhead: { name: installation }, page: texts.page },
      footer: installation,
    },
    blocks,
  );
}

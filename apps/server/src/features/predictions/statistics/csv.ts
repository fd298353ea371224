import {
  AGE_BANDS,
  type Agreement,
  MONTHLY_MEASURES,
  type MonthlySex,
  type MonthlyTable,
  type Rate,
  type ScreeningRow,
  type ScreeningStatistics,
} from '@negatoscope/contract';
import { type CsvCell, csvLines } from '../../../platform/csv.ts';
import { type Locale, MONTHLY_TEXTS, nameOfSite } from './texts.ts';

/** Table programs take a file for another character set without it. */
const BOM = '\ufeff';

const COUNTS = ['screened', 'hidden', 'positive', 'validated', 'rejected', 'waiting', 'refused', 'unanswered'] as const;
const AGREEMENTS = ['modelAndReader', 'modelAndBlindReader', 'readers'] as const;
const ACCURACY = ['sensitivity', 'specificity'] as const;
const TIMES = ['receivedToDone', 'doneToValidated'] as const;

const HEADER = [
  ...['dimension', 'key', 'name', ...COUNTS],
  ...AGREEMENTS.flatMap((of) =>
    ['N', 'Agreed', 'AgreedLow', 'AgreedHigh', 'Kappa', 'KappaLow', 'KappaHigh'].map((part) => of + part),
  ),
  ...ACCURACY.flatMap((of) => [`${of}Count`, `${of}N`, of, `${of}Low`, `${of}High`]),
  ...TIMES.flatMap((of) => [`${of}N`, `${of}MedianSeconds`, `${of}P90Seconds`]),
];

/** Of nothing there is no number: its cells are empty. */
const rounded = (value: number | null | undefined): CsvCell =>
  value === null || value === undefined ? null : Number(value.toFixed(4));
const rate = ({ rate: found }: Rate): CsvCell[] => [rounded(found?.share), rounded(found?.low), rounded(found?.high)];
const agreement = ({ agreed, kappa }: Agreement): CsvCell[] => [
  ...[agreed.of, ...rate(agreed)],
  ...[rounded(kappa?.value), rounded(kappa?.low), rounded(kappa?.high)],
];

const lineOf = (dimension: string, row: ScreeningRow): CsvCell[] => [
  ...[dimension, row.key, row.name],
  ...COUNTS.map((count) => row.counts[count]),
  ...AGREEMENTS.flatMap((of) => agreement(row[of])),
  ...ACCURACY.flatMap((of) => [row.accuracy[of].count, row.accuracy[of].of, ...rate(row.accuracy[of])]),
  ...TIMES.flatMap((of) => [row[of].n, rounded(row[of].medianSeconds), rounded(row[of].p90Seconds)]),
];

/** The figures as CSV: one line for each row, named as the API names them. */
export function screeningCsv({
  total,
  models,
  sites,
  periods,
  ages,
  sexes,
  reference,
  from,
  to,
  step,
}: ScreeningStatistics): string {
  const lines = (dimension: string, rows: readonly ScreeningRow[]): CsvCell[][] => rows.map((row) => lineOf(dimension, row));
  return (
    BOM +
    csvLines([
      [...HEADER, 'from', 'to', 'reference'],
      ...[
        ...lines('TOTAL', [total]),
        ...lines('MODEL', models),
        ...lines('SITE', sites),
        ...lines(step, periods),
        ...lines('AGE', ages),
        ...lines('SEX', sexes),
      ].map((line) => [...line, from, to, reference]),
    ])
  );
}

/** The columns of the monthly table: ages of men and of women, and all ages of who is neither or unknown. */
export const COLUMNS: readonly { readonly sex: MonthlySex; readonly ageBand: (typeof AGE_BANDS)[number] | undefined }[] = [
  ...(['M', 'F'] as const).flatMap((sex) => AGE_BANDS.map((ageBand) => ({ sex, ageBand }))),
  { sex: 'X', ageBand: undefined },
];

export type MonthlySite = MonthlyTable['sites'][number];

/** The numbers of a measure of some sites in the order of the columns, and their sum. */
export function numbersOf(sites: readonly MonthlySite[], measure: (typeof MONTHLY_MEASURES)[number]): number[] {
  const cells = sites.flatMap((site) => site.cells).filter((cell) => cell.measure === measure);
  const sum = (some: typeof cells): number => some.reduce((total, { n }) => total + n, 0);
  const columns = COLUMNS.map(({ sex, ageBand }) =>
    sum(cells.filter((cell) => cell.sex === sex && (ageBand === undefined || cell.ageBand === ageBand))),
  );
  return [...columns, sum(cells)];
}

/** The monthly table as CSV: one line for each site and measure, and the sums of all sites. */
export function monthlyCsv(table: MonthlyTable, locale: Locale): string {
  const texts = MONTHLY_TEXTS[locale];
  const header = COLUMNS.map(({ sex, ageBand }) =>
    ageBand === undefined ? texts.sexes[sex] : `${texts.sexes[sex]} ${texts.band(ageBand)}`,
  );
  const rows = [
    ...table.sites.map((site) => ({ name: nameOfSite(site, locale), sites: [site] })),
    { name: texts.all, sites: table.sites },
  ];
  return (
    BOM +
    csvLines(
      [
        [texts.month, texts.site, texts.measure, ...header, texts.total],
        ...rows.flatMap(({ name, sites }) =>
          MONTHLY_MEASURES.map((measure) => [table.month, name, texts.measures[measure], ...numbersOf(sites, measure)]),
        ),
        ...(table.hidden === 0 ? [] : [[table.month, texts.all, texts.hidden, table.hidden]]),
        [texts.rejected],
        ...(table.hasAges ? [] : [[texts.ageless]]),
        [texts.statement],
      ].map(padded),
    )
  );
}

/** Every line of a table has as many cells. */
const padded = (line: readonly CsvCell[]): CsvCell[] => [
  ...line,
  ...new Array<CsvCell>(Math.max(0, COLUMNS.length + 4 - line.length)).fill(null),
];

import type { AgreementRow, AgreementStatistics, agreementStatistics, QueryOf } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../../access/index.ts';
import { steppedPeriod } from '../../../kernel/periods.ts';
import { type CsvCell, csvLines } from '../../../platform/csv.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';
import { sightOf } from '../seen.ts';
import { agreementOf, rateOf } from './measures.ts';
import { findAgreement } from './repository.ts';
import type { StatisticsDeps } from './service.ts';
import { SOURCES } from './sources.ts';

const DAYS_OF_A_YEAR = 365;
const DAY_MS = 86_400_000;

const rowOf = (row: FoundBy<typeof findAgreement>, starts: readonly string[]): AgreementRow => {
  const { both, only_model: onlyFirst, only_physician: onlySecond, neither, rejected, hidden, undecided } = row;
  return {
    ...{ modelName: row.model_name ?? '', modelVersion: row.model_version ?? '' },
    month: row.month === null ? null : (starts[row.month - 1]?.slice(0, 7) ?? null),
    table: agreementOf({ both, onlyFirst, onlySecond, neither }),
    accuracy: { sensitivity: rateOf(both, both + onlySecond), specificity: rateOf(neither, neither + onlyFirst) },
    ...{ rejected, hidden, undecided },
  };
};

/** Predictions against what physicians decided, by model version and month; of the last year where no period is named. Fails with UNPROCESSABLE for one that is none. */
export async function agreement(
  { db, clock }: StatisticsDeps,
  actor: Person,
  query: QueryOf<typeof agreementStatistics>,
): Promise<AgreementStatistics> {
  const now = clock.now();
  const yearAgo = new Date(now.getTime() - DAYS_OF_A_YEAR * DAY_MS).toISOString().slice(0, 10);
  const { from, to, starts, bounds } = steppedPeriod({ ...query, from: query.from ?? yearAgo }, now, () => 'MONTH');
  const { site = null, modelName = null, modelVersion = null } = query;
  const of = {
    ...{ scope: scopeOf(actor), sight: sightOf(actor), site, modelName, modelVersion, sources: SOURCES.ANY },
    ...{ from: bounds[0] ?? null, until: bounds.at(-1) ?? null },
  };
  const rows = await db.reading(of.scope, (tx) => findAgreement(tx, of, bounds));
  return { from, to, rows: rows.map((row) => rowOf(row, starts)) };
}

const rounded = (value: number | undefined): CsvCell => (value === undefined ? null : Number(value.toFixed(4)));
const HEADER = [
  ...['modelName', 'modelVersion', 'month', 'bothSuspect', 'onlyModel', 'onlyPhysician', 'neither', 'rejected', 'hidden'],
  ...['undecided', 'sensitivity', 'sensitivityLow', 'sensitivityHigh', 'specificity', 'specificityLow', 'specificityHigh'],
  ...['agreed', 'kappa', 'from', 'to'],
];

/** The same as CSV: one line for each row, named as the API names them; of all months the month is empty. */
export const agreementCsv = ({ from, to, rows }: AgreementStatistics): string =>
  `\ufeff${csvLines([
    HEADER,
    ...rows.map(({ modelName, modelVersion, month, table, accuracy, rejected, hidden, undecided }) => [
      ...[modelName, modelVersion, month, table.bothSuspect, table.onlyFirst, table.onlySecond, table.neither],
      ...[rejected, hidden, undecided],
      ...[accuracy.sensitivity, accuracy.specificity].flatMap(({ rate }) => [
        ...[rounded(rate?.share), rounded(rate?.low), rounded(rate?.high)],
      ]),
      ...[rounded(table.agreed.rate?.share), rounded(table.kappa?.value), from, to],
    ]),
  ])}`;

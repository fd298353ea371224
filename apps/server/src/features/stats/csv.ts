import type { ArrivalStatistics, DelayStatistics, PeopleStatistics, StorageStatistics } from '@negatoscope/contract';
import { type CsvCell, csvLines } from '../../platform/csv.ts';

/** Table programs take a file for another character set without it. */
const BOM = '\ufeff';

interface Period {
  readonly from: string;
  readonly to: string;
}
/** A table whose lines all say of which days it is. */
const table = ({ from, to }: Period, header: readonly string[], lines: readonly (readonly CsvCell[])[]): string =>
  BOM + csvLines([[...header, 'from', 'to'], ...lines.map((line) => [...line, from, to])]);

export function arrivalsCsv(found: ArrivalStatistics): string {
  type Row = Pick<ArrivalStatistics['groups'][number], 'key' | 'name' | 'studies' | 'instances' | 'bytes'>;
  const lines = (dimension: string, rows: readonly Row[]): CsvCell[][] =>
    rows.map(({ key, name, studies, instances, bytes }) => [dimension, key, name, studies, instances, bytes]);
  const { referrers } = found;
  return table(
    found,
    ['dimension', 'key', 'name', 'studies', 'instances', 'bytes'],
    [
      ...lines('TOTAL', [{ key: '', name: null, ...found.total }]),
      ...lines(found.step, found.periods),
      ...lines('MODALITY', found.modalities),
      ...lines('GROUP', found.groups),
      ...lines('REFERRER', referrers?.top ?? []),
      ...(referrers === null
        ? []
        : [
            ['OTHER_REFERRERS', String(referrers.others), null, referrers.othersStudies, null, null],
            ['NO_REFERRER', null, null, referrers.nobody, null, null],
          ]),
    ],
  );
}

const rounded = (seconds: number | null): CsvCell => (seconds === null ? null : Math.round(seconds));

export const delaysCsv = (found: DelayStatistics): string =>
  table(
    found,
    ['delay', 'by', 'key', 'name', 'n', 'medianSeconds', 'p90Seconds'],
    [
      ...found.rows.map(({ delay, by, key, name, n, medianSeconds, p90Seconds }) => [
        ...[delay, by === 'PERIOD' ? found.step : by, key, name, n],
        ...[rounded(medianSeconds), rounded(p90Seconds)],
      ]),
      ...found.open.flatMap(({ urgency, all, older }) => [
        ['OPEN_NOW', 'URGENCY', urgency, null, all, null, null],
        ...older.map(({ hours, studies }) => [`OPEN_NOW_OVER_${hours}_HOURS`, 'URGENCY', urgency, null, studies, null, null]),
      ]),
    ],
  );

export const storageCsv = (found: StorageStatistics): string =>
  table(
    found,
    ['dimension', 'key', 'studies', 'bytes', 'keptBytes', 'freeBytes', 'verdict', 'dailyBytes', 'daysLeft', 'fullOn'],
    [
      ...found.periods.map(({ key, studies, bytes, keptBytes }) => [
        ...[found.step, key, studies, bytes, keptBytes],
        ...[null, null, null, null, null],
      ]),
      ...(found.disk?.forecasts ?? []).map(({ days, verdict, dailyBytes, daysLeft, fullOn }) => [
        ...['FORECAST', String(days), null, null, found.keptBytes],
        ...[found.disk?.freeBytes ?? null, verdict, dailyBytes, daysLeft, fullOn],
      ]),
    ],
  );

export const peopleCsv = (found: PeopleStatistics): string =>
  table(
    found,
    ['id', 'name', 'role', 'opened', 'read', 'reported', 'amended', 'imported', 'exported'],
    found.people.map(({ id, name, role, opened, read, reported, amended, imported, exported }) => [
      ...[id, name, role, opened, read, reported, amended, imported, exported],
    ]),
  );

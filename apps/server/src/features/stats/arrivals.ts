import type { ArrivalStatistics, Arrived, ArrivedRow, arrivalStatistics, QueryOf } from '@negatoscope/contract';
import { isKnownCode } from '@negatoscope/dicom';
import { type Person, seesIdentity } from '../../access/index.ts';
import { namesOfGroups } from '../../archive/partitions.ts';
import { findReceived, findReferrers } from '../../archive/records/received-studies.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import { countedOf, type FigureDeps, spanOf, steps } from './counted.ts';

type Received = FoundBy<typeof findReceived>;
type Sum = { -readonly [K in keyof Arrived]: Arrived[K] };

const nothing = (): Sum => ({ studies: 0, instances: 0, bytes: 0 });
function add(sum: Sum, { studies, instances, bytes }: Pick<Received, 'studies' | 'instances' | 'bytes'>): void {
  sum.studies += studies;
  sum.instances += instances ?? 0;
  sum.bytes += bytes ?? 0;
}

/** Sums of rows by one or several keys of each. */
function sumsBy(rows: readonly Received[], keysOf: (row: Received) => readonly string[]): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const row of rows)
    for (const key of keysOf(row)) {
      const sum = sums.get(key) ?? nothing();
      sums.set(key, sum);
      add(sum, row);
    }
  return sums;
}

const byFrequency = (a: ArrivedRow, b: ArrivedRow): number => b.studies - a.studies || a.key.localeCompare(b.key);
const rowsOf = (sums: ReadonlyMap<string, Arrived>, nameOf: (key: string) => string | null): ArrivedRow[] =>
  [...sums].map(([key, sum]) => ({ key, name: nameOf(key), ...sum })).toSorted(byFrequency);

function referrersOf(rows: readonly FoundBy<typeof findReferrers>[]): ArrivalStatistics['referrers'] {
  const of = (wanted: number) => rows.filter(({ place }) => place === wanted);
  const top = rows.filter(({ place }) => (place ?? 0) > 0);
  const [others] = of(0);
  return {
    top: top.map(({ referrer, studies, instances, bytes }) => ({
      ...{ key: referrer ?? '', name: null, studies: studies ?? 0, instances: instances ?? 0, bytes: bytes ?? 0 },
    })),
    ...{ others: others?.referrers ?? 0, othersStudies: others?.studies ?? 0, nobody: of(-1)[0]?.studies ?? 0 },
  };
}

/** What was received in the actor's scope; referrers to who sees identities alone. Fails with UNPROCESSABLE for a period that is none. */
export async function arrivals(
  { db, clock }: FigureDeps,
  actor: Person,
  query: QueryOf<typeof arrivalStatistics>,
): Promise<ArrivalStatistics> {
  const period = steps(query, clock.now());
  const counted = countedOf(actor, query);
  const isNamed = seesIdentity(actor);
  const [rows, names, referrers] = await db.reading(counted.scope, async (tx) => {
    const rows = await findReceived(tx, counted, period.bounds);
    const groups = await namesOfGroups(tx, [...new Set(rows.flatMap(({ group_id }) => group_id ?? []))]);
    return [rows, groups, isNamed ? await findReferrers(tx, counted, ...spanOf(period)) : null] as const;
  });
  const modalitiesOf = ({ modalities }: Received): string[] => (isNamed ? modalities : modalities.filter(isKnownCode));
  const total = nothing();
  for (const row of rows) add(total, row);
  const nameOfGroup = new Map(names.map(({ id, name }) => [id, name]));
  return {
    ...{ from: period.from, to: period.to, step: period.step, total },
    periods: period.starts.map((key, at) => {
      const of = rows.filter(({ step }) => step === at + 1);
      const modalities = [...sumsBy(of, modalitiesOf)].map(([modality, { studies }]) => [modality, studies] as const);
      return { key, name: null, ...(sumsBy(of, () => ['']).get('') ?? nothing()), modalities: Object.fromEntries(modalities) };
    }),
    modalities: rowsOf(sumsBy(rows, modalitiesOf), () => null),
    groups: rowsOf(
      sumsBy(rows, ({ group_id }) => [group_id ?? 'none']),
      (key) => nameOfGroup.get(key) ?? null,
    ),
    referrers: referrers === null ? null : referrersOf(referrers),
  };
}

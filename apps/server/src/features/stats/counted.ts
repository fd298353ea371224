import { type Person, scopeOf } from '../../access/index.ts';
import type { ArchiveReader } from '../../archive/doors.ts';
import type { CountedStudies } from '../../archive/records/received-studies.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Period, type Step, steppedPeriod } from '../../kernel/periods.ts';

export interface FigureDeps {
  readonly db: ArchiveReader;
  readonly clock: Clock;
}

interface Asked {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly step?: Step | undefined;
  readonly timeZone: string;
}

/** Longer periods are told by week, and those behind the second by month. */
const [MOST_BY_DAY, MOST_BY_WEEK] = [62, 186];

/** A period by the steps that are asked for, else by such that a screen can show. Fails with UNPROCESSABLE for one that is none. */
export const steps = (asked: Asked, now: Date): Period =>
  steppedPeriod(asked, now, (days) => asked.step ?? (days <= MOST_BY_DAY ? 'DAY' : days <= MOST_BY_WEEK ? 'WEEK' : 'MONTH'));

/** The first moment of a period and the one behind its last. */
export function spanOf({ bounds }: Period): readonly [from: Date, until: Date] {
  const [from = new Date(0), until = from] = [bounds[0], bounds.at(-1)];
  return [from, until];
}

export const countedOf = (
  actor: Person,
  { site, modality }: { readonly site?: string | undefined; readonly modality?: string | undefined },
): CountedStudies => ({ scope: scopeOf(actor), site: site ?? null, modality: modality ?? null });

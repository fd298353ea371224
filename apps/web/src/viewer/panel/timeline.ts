import type { Prior } from '@negatoscope/contract';

/** Along their dates, the newest first; those without a date come last, and of one moment the better one first. */
export const timelineOf = (priors: readonly Prior[]): Prior[] => {
  const momentOf = ({ studyDate, studyTime }: Prior): string => (studyDate === null ? '' : `${studyDate} ${studyTime ?? ''}`);
  return [...priors].sort((a, b) => {
    const [one, other] = [momentOf(a), momentOf(b)];
    return one === other ? a.rank - b.rank : one < other ? 1 : -1;
  });
};

export interface Distance {
  readonly way: 'before' | 'after';
  readonly unit: 'same' | 'days' | 'months' | 'years';
  readonly count: number;
}

const dayOf = (date: string | undefined): number => Date.parse(`${date?.slice(0, 10) ?? ''}T00:00:00Z`);
const MONTH_DAYS = 30.4375;

/** How far a study lies from the one that is read, in the largest unit of which there are two; undefined without two dates. */
export function distanceOf(from: string | undefined, to: string | undefined): Distance | undefined {
  const days = Math.round((dayOf(from) - dayOf(to)) / 86_400_000);
  if (Number.isNaN(days)) return undefined;
  const way = days >= 0 ? 'before' : 'after';
  const far = Math.abs(days);
  if (far === 0) return { way, unit: 'same', count: 0 };
  if (far < 2 * MONTH_DAYS) return { way, unit: 'days', count: far };
  if (far < 24 * MONTH_DAYS) return { way, unit: 'months', count: Math.floor(far / MONTH_DAYS) };
  return { way, unit: 'years', count: Math.floor(far / (12 * MONTH_DAYS)) };
}

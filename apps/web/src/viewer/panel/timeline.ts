import type { Prior } from '@negatoscope/contract';
import { ageAt } from '../../i18n/format.ts';

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

/** How far a study lies from the one that is read, by the calendar, in the largest unit of which there are two; undefined without two dates. */
export function distanceOf(from: string | undefined, to: string | undefined): Distance | undefined {
  if (from === undefined || to === undefined) return undefined;
  const way = to <= from ? 'before' : 'after';
  const far = way === 'before' ? ageAt(to, from) : ageAt(from, to);
  return far?.count === 0 ? { way, unit: 'same', count: 0 } : far && { way, ...far };
}

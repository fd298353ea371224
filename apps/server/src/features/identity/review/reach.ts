import { LONG_AGO_DAYS } from '@negatoscope/contract/user-filters';
import { hasArm, idsOf, type Scope } from '../../../access/index.ts';

const LONG_AGO_MS = LONG_AGO_DAYS * 86_400_000;

/** How many patients each partition shows; null is what is in no group. */
export type Counts = readonly { readonly group_id: string | null; readonly patients: number }[];

/** How many patients a scope has, by its partitions. */
export const patientsIn = (scope: Scope, counts: Counts): number =>
  counts
    .filter(({ group_id: id }) => {
      if (hasArm(scope, 'all')) return true;
      return id === null ? hasArm(scope, 'ungrouped') : [...idsOf(scope, 'group'), ...idsOf(scope, 'own')].includes(id);
    })
    .reduce((sum, { patients }) => sum + patients, 0);

/** The latest of some instants; null where there is none. */
export const latest = (...instants: readonly (Date | null)[]): Date | null =>
  instants.reduce((last, one) => (last === null || (one !== null && one > last) ? one : last), null);

/** Whether what was made then and used last then was left alone for `LONG_AGO_DAYS`. */
export const isUnused = (now: Date, made: Date | null, used: Date | null): boolean => {
  const last = latest(made, used);
  return last === null || now.getTime() - last.getTime() > LONG_AGO_MS;
};

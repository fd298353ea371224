import type { DeidExport } from '@negatoscope/contract';

/** Whether it is still being made. */
export const isOpen = ({ status }: DeidExport): boolean => status === 'WAITING' || status === 'RUNNING';

/** Whether its ZIP is there at this time. */
export const isKept = ({ status, expiresAt }: DeidExport, now = new Date()): boolean =>
  status === 'DONE' && expiresAt !== null && new Date(expiresAt) > now;

/** 0 to 1, of the files that were looked at; undefined until they were counted. */
export const ratioOf = ({ done, refused, total }: DeidExport): number | undefined =>
  total === null || total === 0 ? undefined : (done + refused) / total;

/** How an export stands for who follows it: one that is done may have files that wait for somebody's look, and none that left. */
export type ExportStanding = DeidExport['status'] | 'TO_LOOK' | 'IN_PART';
export function standingOf({ status, waiting, done }: DeidExport): ExportStanding {
  if (status !== 'DONE' || waiting === 0) return status;
  return done === 0 ? 'TO_LOOK' : 'IN_PART';
}

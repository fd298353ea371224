import type { DeidExport } from '@negatoscope/contract';

/** Whether it is still being made. */
export const isOpen = ({ status }: DeidExport): boolean => status === 'WAITING' || status === 'RUNNING';

/** Whether its ZIP is there at this time. */
export const isKept = ({ status, expiresAt }: DeidExport, now = new Date()): boolean =>
  status === 'DONE' && expiresAt !== null && new Date(expiresAt) > now;

/** 0 to 1, of the files that were looked at; undefined until they were counted. */
export const ratioOf = ({ done, refused, total }: DeidExport): number | undefined =>
  total === null || total === 0 ? undefined : (done + refused) / total;

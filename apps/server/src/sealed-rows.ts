import type { KeyObject } from 'node:crypto';
import type { SealingKeys } from './config/secrets.ts';
import { openSealed } from './kernel/sealing.ts';

export interface SealedCount {
  readonly kind: 'PROJECT' | 'FACTOR';
  readonly total: number;
  /** So many of them the key does not open. */
  readonly lost: number;
}
type SealedRows = readonly { readonly id: string; readonly sealed: Buffer }[];

/** Whether these keys open what was sealed with them: a `factor-key` that is gone is made anew, and a new one opens nothing of before. */
export function countSealed(
  { projectKey, factorKey }: SealingKeys,
  { projects, factors }: { readonly projects: SealedRows; readonly factors: SealedRows },
): SealedCount[] {
  const lostOf = (key: KeyObject, rows: SealedRows): number =>
    rows.filter(({ id, sealed }) => openSealed(key, sealed, id) === undefined).length;
  return [
    { kind: 'PROJECT', total: projects.length, lost: lostOf(projectKey, projects) },
    { kind: 'FACTOR', total: factors.length, lost: lostOf(factorKey, factors) },
  ];
}

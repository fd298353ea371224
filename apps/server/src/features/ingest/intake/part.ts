import type { FileOutcome, FileReason } from '@negatoscope/contract';
import { storageReason } from '../reasons.ts';
import { verdict } from '../stage/stage.ts';
import type { FileResult, Staged } from '../types.ts';

interface Part<R> {
  readonly results: readonly R[];
  readonly refused: readonly Staged[];
  readonly isRead: boolean;
}

/** What was committed, and the rest as rejected: what was received with its UIDs, what was not as one. Undefined when nothing was kept. */
export function partOf<R extends { readonly outcome: FileOutcome }>(
  { results, refused, isRead }: Part<R>,
  error: unknown,
): (R | FileResult)[] | undefined {
  const reason = storageReason(error);
  if (reason === undefined || results.every(({ outcome }) => outcome === 'rejected' || outcome === 'ignored')) return undefined;
  const rest = isRead ? [] : [verdict({ name: '', sizeBytes: 0 }, reason).result];
  return [...results, ...refused.map((one) => refusalOf(one, reason)), ...rest];
}

function refusalOf(one: Staged, reason: FileReason): FileResult {
  if (one.kind === 'verdict') return one.result;
  const { name, sizeBytes, summary } = one;
  const { sopClassUid, sopInstanceUid } = summary;
  return verdict({ name, sizeBytes, sopClassUid, sopInstanceUid }, reason).result;
}

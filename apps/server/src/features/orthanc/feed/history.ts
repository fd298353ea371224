import type { Change } from '../client/answers.ts';

/** A change that was read, as Orthanc told it. */
export interface Anchor {
  /** Which of those that were ever remembered it is, from 0. */
  readonly n: number;
  readonly seq: number;
  readonly mark: string;
}

const markOf = ({ ChangeType, ID, Date: date }: Change): string => `${ChangeType} ${ID} ${date}`;

export const isSame = (anchor: Anchor, change: Change | undefined): boolean =>
  change !== undefined && change.Seq === anchor.seq && markOf(change) === anchor.mark;

/** The newest ones, whose resources may be deleted soon and their changes with them. */
const NEWEST = 4;

/**
 * The newest first, with one more change that was read: the last few of those that were remembered, and of the older ones two or three of each doubling of their age. An
 * Orthanc that was put back to a backup is found out by the newest of them that it still has, and little is read again.
 */
export function withAnchor(anchors: readonly Anchor[], change: Change): Anchor[] {
  const newest = { n: (anchors[0]?.n ?? -1) + 1, seq: change.Seq, mark: markOf(change) };
  const isKept = ({ n }: Anchor): boolean => {
    const age = newest.n - n;
    return age < NEWEST || n % 2 ** (Math.floor(Math.log2(age)) - 1) === 0;
  };
  return [newest, ...anchors.filter(isKept)];
}

/** Whether numbers grow, as those of a log do: an answer where they don't is none. */
export const isInOrder = (changes: readonly Change[], since: number): boolean =>
  changes.every(({ Seq }, index) => Seq > (changes[index - 1]?.Seq ?? since));

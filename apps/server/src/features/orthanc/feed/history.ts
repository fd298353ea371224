import type { Change } from '../client/answers.ts';

/** A change that was read, as Orthanc told it. */
export interface Anchor {
  readonly seq: number;
  readonly mark: string;
}

export const anchorOf = ({ Seq, ChangeType, ID, Date: date }: Change): Anchor => ({
  seq: Seq,
  mark: `${ChangeType} ${ID} ${date}`,
});

export const isSame = (anchor: Anchor, change: Change | undefined): boolean =>
  change !== undefined && change.Seq === anchor.seq && anchorOf(change).mark === anchor.mark;

/** The newest ones, whose resources may be deleted soon and their changes with them. */
const NEWEST = 4;

/**
 * With one more change that was read: the newest few, and of the older ones so many that each is twice as far back as the one before. An Orthanc that was put back
 * to a backup is found out by the first of them that it still has, and little is read again.
 */
export function withAnchor(anchors: readonly Anchor[], newest: Anchor): Anchor[] {
  const kept: Anchor[] = [];
  for (const anchor of [newest, ...anchors.filter(({ seq }) => seq < newest.seq)]) {
    const farthest = newest.seq - (kept.at(-1)?.seq ?? newest.seq);
    if (kept.length < NEWEST || newest.seq - anchor.seq >= 2 * farthest) kept.push(anchor);
  }
  return kept;
}

/** Whether numbers grow, as those of a log do: an answer where they don't is none. */
export const isInOrder = (changes: readonly Change[], since: number): boolean =>
  changes.every(({ Seq }, index) => Seq > (changes[index - 1]?.Seq ?? since));

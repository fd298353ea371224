import { readAnchors } from './anchor.ts';
import type { Bad } from './check/state.ts';
import { countUnchained } from './repository.ts';
import type { ChainPorts } from './sequencer.ts';
import { walk } from './walk.ts';

const LATE_MS = 60_000;

export interface Verification {
  readonly valid: boolean;
  readonly events: number;
  readonly pending: number;
  readonly firstBadSequence: number | null;
  readonly problem: string | null;
  readonly checkedAt: string;
}

/** Walks the whole chain and compares it with the anchors outside the database. Names the first sequence that does not hold. */
export async function verifyChain(ports: ChainPorts): Promise<Verification> {
  const { clock } = ports;
  const checkedAt = clock.now().toISOString();
  const { anchorAt, ...anchored } = await anchorsOf(ports);
  const { late, pending } = await countLate(ports);
  const { sequence, bad } = await walk(
    ports,
    { sequence: 0, hash: null },
    { most: Number.POSITIVE_INFINITY, signal: undefined, anchorAt },
  );
  const found = bad ?? badEnd(sequence, { ...anchored, late });
  return {
    valid: found === undefined,
    events: sequence,
    pending,
    firstBadSequence: found?.at ?? null,
    problem: found?.problem ?? null,
    checkedAt,
  };
}

/** What was kept of the chain outside the database. */
interface Anchored {
  readonly anchorAt: ReadonlyMap<number, string>;
  /** The highest sequence; 0 without any. */
  readonly last: number;
  readonly damaged: boolean;
}

export async function anchorsOf({ anchorFolder, key }: Pick<ChainPorts, 'anchorFolder' | 'key'>): Promise<Anchored> {
  const { anchors, damaged } = await readAnchors(anchorFolder, key);
  const last = anchors.reduce((most, { sequence }) => Math.max(most, sequence), 0);
  return { anchorAt: new Map(anchors.map(({ sequence, hash }) => [sequence, hash])), last, damaged };
}

/** Events that should have been linked a minute ago; the whole journal is read for it. */
export const countLate = ({ db, clock }: Pick<ChainPorts, 'db' | 'clock'>): Promise<{ late: number; pending: number }> =>
  countUnchained(db, new Date(clock.now().getTime() - LATE_MS));

/** What is wrong where the chain ends. */
export function badEnd(
  sequence: number,
  { last, damaged, late }: Pick<Anchored, 'last' | 'damaged'> & { readonly late: number },
): Bad | undefined {
  if (last > sequence)
    return { at: sequence + 1, problem: 'The end of the chain was cut, or the database is older than its anchors.' };
  if (damaged) return { at: null, problem: 'The anchor file was changed.' };
  if (late > 0) return { at: null, problem: 'Events are waiting to be chained for more than a minute.' };
  return undefined;
}

import type { Prediction } from '@negatoscope/contract';
import { liveChanges } from '../../access/live-changes.ts';
import { Doorbell } from '../../kernel/doorbell.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { LiveEvents } from '../../platform/shared-state/index.ts';

/** A live event may be missed: who waits looks by themselves as often as this. */
const LOOK_EVERY_MS = 2_000;

type Subscribe = Pick<LiveEvents, 'subscribe'>;

/** Word of a change, to who listens to predictions and to who has the study open: their page asks again, and is shown what it may see. */
export async function tellChanged(
  events: Pick<LiveEvents, 'publish'>,
  tx: Tx,
  { id, studyId }: { readonly id: string; readonly studyId: string | null },
): Promise<void> {
  await events.publish('predictions-changed', id, tx);
  if (studyId !== null) await events.publish('reading-changed', studyId, tx);
}

const hasEnded = ({ status }: Prediction): boolean => status === 'DONE' || status === 'FAILED';

/** The prediction once it has ended, or as it is after `ms`. `signal`: nobody waits any more. */
export async function whenEnded(
  { subscribe }: Subscribe,
  look: () => Promise<Prediction>,
  { id, ms, signal }: { id: string; ms: number; signal: AbortSignal },
): Promise<Prediction> {
  const until = Date.now() + ms;
  const bell = new Doorbell();
  const end = subscribe('predictions-changed', (changed) => {
    if (changed === id) bell.ring();
  });
  try {
    for (;;) {
      const found = await look();
      const left = until - Date.now();
      if (hasEnded(found) || left <= 0 || signal.aborted) return found;
      await bell.wait(Math.min(left, LOOK_EVERY_MS), signal);
    }
  } finally {
    end();
  }
}

/** Each prediction whose state changes as server-sent event, where `look` finds it. */
export const predictionChanges = (
  events: Subscribe,
  look: (id: string) => Promise<Prediction | undefined>,
): AsyncGenerator<string> => liveChanges(events, 'predictions-changed', look);

import { Doorbell } from '../kernel/doorbell.ts';
import type { LiveEvents, Topic } from '../platform/shared-state/index.ts';

const ALIVE_EVERY_MS = 10_000;
/** Changes that a slow listener has not taken yet; with more the events end: who listens asks for everything then, as after any loss. */
const MOST_WAITING = 1_000;

/**
 * Each thing whose id a topic tells as server-sent event `changed`, where `look` finds it for who listens; `alive` where there is nothing. They end where
 * more has changed than waits for a slow listener: none is left out without their knowing.
 */
export async function* liveChanges<T extends object>(
  { subscribe }: Pick<LiveEvents, 'subscribe'>,
  topic: Topic,
  look: (id: string) => Promise<T | undefined>,
): AsyncGenerator<string> {
  const changed = new Set<string>();
  const bell = new Doorbell();
  let hasMissed = false;
  const end = subscribe(topic, (id) => {
    if (changed.size < MOST_WAITING || changed.has(id)) changed.add(id);
    else hasMissed = true;
    bell.ring();
  });
  try {
    yield 'event: alive\ndata: {}\n\n';
    for (;;) {
      for (const id of [...changed]) {
        if (hasMissed) return;
        changed.delete(id);
        const found = await look(id);
        if (found !== undefined) yield `event: changed\ndata: ${JSON.stringify(found)}\n\n`;
      }
      await bell.wait(ALIVE_EVERY_MS);
      if (changed.size === 0) yield 'event: alive\ndata: {}\n\n';
    }
  } finally {
    end();
  }
}

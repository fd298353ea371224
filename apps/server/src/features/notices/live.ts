import type { Person } from '../../access/index.ts';
import { Doorbell } from '../../kernel/doorbell.ts';
import { type NoticeDeps, unreadOf } from './service.ts';

const ALIVE_EVERY_MS = 10_000;

/** Server-sent events of a person's notices: how many are unread, at first and whenever that may have changed, and `alive`. */
export async function* noticeEventsFor(deps: NoticeDeps, actor: Person): AsyncGenerator<string> {
  const bell = new Doorbell();
  let hasChanged = true;
  const end = deps.events.subscribe('notices-changed', (userId) => {
    if (userId !== actor.userId) return;
    hasChanged = true;
    bell.ring();
  });
  try {
    for (;;) {
      if (hasChanged) {
        hasChanged = false;
        yield `event: notices\ndata: ${JSON.stringify({ unread: await unreadOf(deps, actor) })}\n\n`;
      } else yield 'event: alive\ndata: {}\n\n';
      await bell.wait(ALIVE_EVERY_MS);
    }
  } finally {
    end();
  }
}

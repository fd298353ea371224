import { call } from '../../api/client.ts';
import { ApiError } from '../../api/error.ts';
import { beforeSignOut } from '../../api/kept-edits.ts';
import { meQuery } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { onSession, sessionState } from '../../api/session.ts';
import { EditQueue, type Outcome } from './edit-queue.ts';
import { openKeeper } from './keeper.ts';
import type { KeptEdit } from './kept-edit.ts';

/** A line that has died says nothing; an edit that is sent again is kept once. */
const ANSWER_WITHIN_MS = 20_000;
/** Who signs out waits so long at most for what they have drawn. */
const LAST_CHANCE_MS = 3_000;

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ApiError)) return { kind: 'later' };
  const { code, status } = error;
  if (status === 401 || code === 'OTHER_AUTHOR' || code === 'CSRF_REQUIRED') return { kind: 'not-now' };
  return status === 0 || status === 429 || status >= 500 ? { kind: 'later' } : { kind: 'refused', code };
}

async function send({ study, annotationId, edit }: KeptEdit): Promise<Outcome> {
  const { studyInstanceUid, groupId } = study;
  try {
    const annotation = await call('saveAnnotation', {
      params: { studyInstanceUid, id: annotationId },
      query: { groupId },
      body: edit,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return { kind: 'saved', annotation };
  } catch (error) {
    return outcomeOf(error);
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });

/** Who is signed in as far as this page knows; nobody while their session has ended. */
const authorId = (): string | undefined =>
  sessionState() === 'expired' || sessionState() === 'signed-out'
    ? undefined
    : queryClient.getQueryData(meQuery.queryKey)?.user.id;

/** The one queue of this page. It goes on when the viewer is left. */
export const editQueue = new EditQueue({ keeper: openKeeper(), send, authorId, now: Date.now, pause });

beforeSignOut(() => editQueue.flush(LAST_CHANCE_MS));
onSession(() => {
  if (sessionState() === 'signed-out') editQueue.forget();
  if (sessionState() === 'signed-in') editQueue.wake();
});
window.addEventListener('online', () => editQueue.wake());
/** Leaving now would leave edits on this machine that nobody else sees yet. */
window.addEventListener('beforeunload', (event) => {
  if (editQueue.size > 0) event.preventDefault();
});

import type { Prediction } from '@negatoscope/contract';
import { describe, expect, test } from 'vitest';
import { predictionChanges, whenEnded } from './live.ts';

/** Live events that a test rings. */
function bell() {
  const listeners = new Set<(id: string) => void>();
  return {
    events: {
      subscribe: (_topic: unknown, listener: (id: string) => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    ring: (id: string): void => {
      for (const listener of listeners) listener(id);
    },
    listening: (): number => listeners.size,
  };
}
const prediction = (id: string, status: Prediction['status']): Prediction => ({ id, status }) as Prediction; // What is asked of it.

describe('who waits for an answer', () => {
  test('has it with the event of its end, and not with those of others', async () => {
    const { events, ring, listening } = bell();
    let [status, looks]: [Prediction['status'], number] = ['QUEUED', 0];
    const look = async (): Promise<Prediction> => {
      looks += 1;
      return prediction('a', status);
    };
    const waiting = whenEnded(events, look, { id: 'a', ms: 60_000, signal: new AbortController().signal });
    await expect.poll(listening).toBe(1);
    ring('b');
    status = 'DONE';
    ring('a');
    expect(await waiting).toMatchObject({ status: 'DONE' });
    expect(looks).toBeLessThanOrEqual(2);
    expect(listening()).toBe(0);
  });

  test('has what there is when the time is over, or when nobody waits any more', async () => {
    const { events, listening } = bell();
    const look = async (): Promise<Prediction> => prediction('a', 'RUNNING');
    const gone = new AbortController();
    gone.abort();
    expect(await whenEnded(events, look, { id: 'a', ms: 0, signal: new AbortController().signal })).toMatchObject({
      status: 'RUNNING',
    });
    expect(await whenEnded(events, look, { id: 'a', ms: 60_000, signal: gone.signal })).toMatchObject({ status: 'RUNNING' });
    expect(listening()).toBe(0);
  });
});

describe('who listens', () => {
  test('is told of what they may see, each as it stands, and of nothing else', async () => {
    const { events, ring, listening } = bell();
    const look = async (id: string): Promise<Prediction | undefined> => (id === 'hidden' ? undefined : prediction(id, 'DONE'));
    const changes = predictionChanges(events, look);
    expect((await changes.next()).value).toBe('event: alive\ndata: {}\n\n');
    const next = changes.next();
    ring('hidden');
    ring('a');
    expect((await next).value).toBe('event: changed\ndata: {"id":"a","status":"DONE"}\n\n');
    await changes.return(undefined);
    expect(listening()).toBe(0);
  });
});

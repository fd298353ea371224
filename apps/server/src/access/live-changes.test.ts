import { expect, test } from 'vitest';
import { liveChanges } from './live-changes.ts';

/** Changes, told to whoever listens. */
class Line {
  readonly listeners = new Set<(id: string) => void>();
  readonly subscribe = (_topic: string, listener: (id: string) => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
  tell(count: number): void {
    for (let id = 0; id < count; id += 1) for (const listener of this.listeners) listener(`${id}`);
  }
}

test('changes of one thing are told once to who is slow, of a thousand things all of them, and beyond that the events end', async () => {
  const line = new Line();
  const open = () => liveChanges(line, 'consultations-changed', async (id) => ({ id }));
  const [whole, missed] = [open(), open()];
  await whole.next();
  line.tell(1_000);
  line.tell(1_000);
  const told: unknown[] = [];
  for (let at = 0; at < 1_000; at += 1) told.push((await whole.next()).value);
  expect(new Set(told).size).toBe(1_000);
  expect(told[999]).toBe('event: changed\ndata: {"id":"999"}\n\n');
  await whole.return(undefined);
  await missed.next();
  line.tell(1_001);
  expect((await missed.next()).done).toBe(true);
  expect(line.listeners.size).toBe(0);
});

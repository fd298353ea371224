import { expect, test } from 'vitest';
import { createTurns, type Turn } from './turns.ts';

/** One at a time, started by hand; `done` names those that had their turn, in order. */
function createFixture(room: number) {
  const turns = createTurns({ concurrency: 1, room, full: () => new Error('full') });
  const done: string[] = [];
  const refused: string[] = [];
  let open: () => void = () => undefined;
  const first = turns({ lane: 'new', source: 'first' }, () => new Promise<void>((resolve) => (open = resolve)));
  const come = (name: string, turn: Turn): Promise<unknown> =>
    turns(turn, async () => void done.push(name)).catch(() => void refused.push(name));
  const run = async (comers: readonly Promise<unknown>[]): Promise<void> => {
    open();
    await Promise.all([first, ...comers]);
  };
  return { come, run, done, refused };
}
const from = (source: string): Turn => ({ lane: 'new', source });
const KNOWN: Turn = { lane: 'known', source: 'home' };

test('a known place goes next, and then one of the others: neither starves the other', async () => {
  const { come, run, done } = createFixture(10);
  const comers = ['1', '2', '3'].map((name) => come(`wrong ${name}`, from('attacker')));
  comers.push(come('right a', KNOWN), come('right b', KNOWN));
  await run(comers);
  expect(done).toEqual(['right a', 'wrong 1', 'right b', 'wrong 2', 'wrong 3']);
});

test('networks have turns, each in its own order', async () => {
  const { come, run, done } = createFixture(10);
  const comers = ['1', '2', '3'].map((name) => come(`a${name}`, from('a')));
  comers.push(come('b1', from('b')), come('b2', from('b')), come('c1', from('c')));
  await run(comers);
  expect(done).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
});

test('who fills all the room gives way to who has less of it, and not to those that have as much', async () => {
  const { come, run, done, refused } = createFixture(3);
  const comers = ['1', '2', '3', '4'].map((name) => come(`a${name}`, from('a')));
  comers.push(come('b1', from('b')), come('b2', from('b')), come('c1', from('c')), come('d1', from('d')), come('right', KNOWN));
  await run(comers);
  expect(refused).toEqual(['a4', 'a3', 'b2', 'a2', 'd1']);
  expect(done).toEqual(['right', 'a1', 'b1', 'c1']);
});

test('a work that fails leaves its place to the next', async () => {
  const { come, run, done } = createFixture(3);
  const turns = createTurns({ concurrency: 1, room: 3, full: () => new Error('full') });
  const failing = turns(from('a'), () => Promise.reject(new Error('broken')));
  const after = turns(from('a'), async () => 'after');
  await expect(failing).rejects.toThrow('broken');
  await expect(after).resolves.toBe('after');
  await run([come('one', from('a'))]);
  expect(done).toEqual(['one']);
});

import { expect, test } from 'vitest';
import { oneAhead } from './one-ahead.ts';

test('the next one is begun before the one in front is used, unless it is heavy; failures come to who awaits them', async () => {
  const log: string[] = [];
  const work = async (item: string): Promise<string> => {
    log.push(`begin ${item}`);
    if (item === 'bad') throw new Error('bad');
    return item;
  };
  for await (const { item, result } of oneAhead(['a', 'b', 'HEAVY', 'bad', 'c'], work, { isLight: (item) => item !== 'HEAVY' })) {
    log.push(`use ${item}`);
    if (item === 'bad') await expect(result).rejects.toThrow('bad');
    else expect(await result).toBe(item);
  }
  expect(log).toEqual([
    'begin a',
    'begin b',
    'use a',
    'use b',
    'begin HEAVY',
    'begin bad',
    'use HEAVY',
    'begin c',
    'use bad',
    'use c',
  ]);
});

test('nothing more is begun for who stops', async () => {
  const begun: number[] = [];
  for await (const { item } of oneAhead([1, 2, 3, 4], async (item) => begun.push(item))) if (item === 2) break;
  expect(begun).toEqual([1, 2, 3]);
});

test('what was begun for who stops is given back, and only that', async () => {
  const dropped: string[] = [];
  const items = ['a', 'b', 'c'];
  for await (const { item } of oneAhead(items, async (one) => one, { drop: (one) => dropped.push(one) })) if (item === 'a') break;
  await Promise.resolve();
  expect(dropped).toEqual(['b']);
});

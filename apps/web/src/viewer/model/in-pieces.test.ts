import { describe, expect, it } from 'vitest';
import { mapInPieces, parseInPieces, rest } from './in-pieces.ts';

/** Longer than what is parsed at once, with everything in it that could be taken for an end. */
const tricky = Array.from({ length: 2_000 }, (_, at) => ({
  at,
  text: `],[{"\\" ${at}`.repeat(40),
  list: [[1, [2]], {}],
  no: null,
}));

/** How often somebody else came to run meanwhile. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const others = async (): Promise<void> => {
    for (; !isOver; turns += 1) await rest();
  };
  const running = others();
  await work();
  isOver = true;
  await running;
  return turns;
}

describe('a list of JSON in pieces', () => {
  it.each([
    ['short', [1, 'a', { b: [] }]],
    ['empty', []],
    ['long', tricky],
    ['no list, and long', { a: 'x'.repeat(600_000) }],
  ])('gives what JSON.parse gives: %s', async (_, value) => {
    expect(await parseInPieces(JSON.stringify(value))).toEqual(value);
    expect(await parseInPieces(` \n${JSON.stringify(value)}\n`)).toEqual(value);
  });

  it.each([
    ['cut off', (json: string) => json.slice(0, -1)],
    ['cut off within an element', (json: string) => `${json.slice(0, 700_000)}]`],
    ['a comma before the end', (json: string) => `${json.slice(0, -1)},]`],
    ['something behind the end', (json: string) => `${json}]`],
    ['two lists', (json: string) => `${json}${json}`],
  ])('fails where JSON.parse fails: %s', async (_, spoil) => {
    const spoiled = spoil(JSON.stringify(tricky));
    expect(() => JSON.parse(spoiled)).toThrow(SyntaxError);
    await expect(parseInPieces(spoiled)).rejects.toThrow(SyntaxError);
  });

  it('lets the page answer between two pieces', async () => {
    const json = JSON.stringify(tricky);
    expect(await turnsDuring(() => parseInPieces(json))).toBeGreaterThanOrEqual(Math.floor(json.length / (600 * 1024)));
  });
});

it('what takes long for many is done in order, with rests between', async () => {
  const busy = (one: number): number => {
    const until = performance.now() + 5;
    while (performance.now() < until);
    return 2 * one;
  };
  const all = Array.from({ length: 20 }, (_, at) => at);
  let given: readonly number[] = [];
  const turns = await turnsDuring(async () => {
    given = await mapInPieces(all, busy);
  });
  expect(given).toEqual(all.map((one) => 2 * one));
  expect(turns).toBeGreaterThanOrEqual(2);
});

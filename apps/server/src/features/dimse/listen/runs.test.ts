import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Runs } from './runs.ts';

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);

async function readAll(runs: Runs): Promise<number[]> {
  const lengths: number[] = [];
  for await (const run of runs) lengths.push(run.length);
  return lengths;
}

describe('runs of bytes', () => {
  test('come out as they went in, whoever is first', async () => {
    const early = new Runs();
    const reading = readAll(early);
    await early.push(bytes(3));
    await early.push(bytes(0));
    await early.push(bytes(5));
    early.end();
    expect(await reading).toEqual([3, 5]);
    const late = new Runs();
    await late.push(bytes(4));
    late.end();
    expect(await readAll(late)).toEqual([4]);
  });

  test('who brings more than there is room for waits until somebody reads', async () => {
    const runs = new Runs();
    let isThrough = false;
    const pushing = runs.push(bytes(300_000)).then(() => {
      isThrough = true;
    });
    await setImmediate();
    expect(isThrough).toBe(false);
    const reading = readAll(runs);
    await pushing;
    runs.end();
    expect(await reading).toEqual([300_000]);
  });

  test('who brings does not wait for somebody who has left', async () => {
    const runs = new Runs();
    const pushing = runs.push(bytes(300_000));
    runs.leave();
    await pushing;
    await runs.push(bytes(900_000));
  });

  test('what breaks off fails the reader behind what there was, once', async () => {
    const runs = new Runs();
    await runs.push(bytes(2));
    runs.fail(new Error('gone'));
    runs.end();
    const lengths: number[] = [];
    await expect(
      (async () => {
        for await (const run of runs) lengths.push(run.length);
      })(),
    ).rejects.toThrow('gone');
    expect(lengths).toEqual([2]);
  });
});

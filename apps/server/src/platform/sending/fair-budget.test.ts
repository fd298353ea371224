import { describe, expect, test } from 'vitest';
import { FairBudget } from './fair-budget.ts';

/** Work that goes on until it is let end, in the order in which it began. */
function works() {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  return {
    begun,
    of: (name: string) => (): Promise<string> => {
      begun.push(name);
      return new Promise((resolve) => ends.push(() => resolve(name)));
    },
    endAll: async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      for (let next = ends.shift(); next !== undefined; next = ends.shift()) {
        next();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

describe('memory that people share', () => {
  test('one who asks a hundred times has a share, and who comes then is not behind them', async () => {
    const budget = new FairBudget(100, { bytes: 40, pieces: 200 });
    const { begun, of, endAll } = works();
    const many = Array.from({ length: 100 }, (_, at) => budget.use('one', 20, of(`one ${at}`)));
    const other = budget.use('other', 20, of('other'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual(['one 0', 'one 1', 'other']);
    await endAll();
    expect(await other).toBe('other');
    expect(await Promise.all(many)).toHaveLength(100);
  });

  test('says when to come again to who has as many as one may, and counts nobody who has gone', async () => {
    const budget = new FairBudget(100, { bytes: 40, pieces: 2 });
    const { of, endAll } = works();
    const two = [
      budget.use('one', 20, of('a')),
      budget.use('one', 20, () => Promise.reject(new Error('x'))).catch(() => 'failed'),
    ];
    await expect(budget.use('one', 20, of('c'))).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 5 });
    await endAll();
    expect(await Promise.all(two)).toEqual(['a', 'failed']);
    const again = budget.use('one', 20, of('d'));
    await endAll();
    expect(await again).toBe('d');
  });

  test('a piece that is larger than a share is done alone, and counts whole', async () => {
    const budget = new FairBudget(100, { bytes: 40, pieces: 9 });
    const { begun, of, endAll } = works();
    const all = [budget.use('one', 90, of('large')), budget.use('one', 10, of('small')), budget.use('other', 20, of('other'))];
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual(['large']);
    await endAll();
    expect(await Promise.all(all)).toEqual(['large', 'small', 'other']);
    await expect(budget.use('one', 101, of('never'))).rejects.toMatchObject({ code: 'UNPROCESSABLE' });
  });
});

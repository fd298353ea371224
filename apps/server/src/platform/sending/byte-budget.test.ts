import { describe, expect, test } from 'vitest';
import { ByteBudget } from './byte-budget.ts';

/** Work that ends when it is told to. */
function held(): { work: () => Promise<void>; end: () => void } {
  let end: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => until, end };
}

describe('the memory that the requests of a process share', () => {
  test('is never used twice, and is given in the order of asking: a large piece is not overtaken for ever', async () => {
    const budget = new ByteBudget(100);
    const [first, large, small] = [held(), held(), held()];
    const done: string[] = [];
    const one = budget.use(60, first.work).then(() => done.push('first'));
    const two = budget.use(90, large.work).then(() => done.push('large'));
    const three = budget.use(10, small.work).then(() => done.push('small'));
    expect(budget.usedBytes).toBe(60);
    first.end();
    await one;
    expect(budget.usedBytes).toBe(100);
    large.end();
    small.end();
    await Promise.all([two, three]);
    expect(done[0]).toBe('first');
    expect(budget.usedBytes).toBe(0);
  });

  test('is given back by work that fails', async () => {
    const budget = new ByteBudget(10);
    await expect(budget.use(10, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(budget.usedBytes).toBe(0);
  });

  test('refuses what is more than all of it', async () => {
    await expect(new ByteBudget(10).use(11, async () => 1)).rejects.toMatchObject({ code: 'UNPROCESSABLE' });
  });
});

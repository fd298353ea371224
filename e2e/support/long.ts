import { it, type TestContext } from 'vitest';

/** What takes minutes is whole in `npm run test:long`. */
export const isLong = process.env.NEGATOSCOPE_LONG_TESTS === '1';

/** A test of `npm run test:long` alone: what it proves, a quicker one proves in part, or at a lower layer. In `npm test` it is not there at all, rather than left out. */
export function itInLongRun(name: string, run: (test: TestContext) => Promise<void>, timeoutMs?: number): void {
  if (isLong) it(name, run, timeoutMs);
}

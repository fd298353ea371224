import { expect, test, vi } from 'vitest';
import { runSchedules } from './schedules.ts';

// Waiting between tries costs no time here: turns are what counts.
vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));
// A seed draws ids and names of files as well: it replays exactly.
vi.mock('node:crypto', async (original) => (await import('./seeded-ids.ts')).seededCrypto(original));
vi.mock('../../src/kernel/ids.ts', async (original) => (await import('./seeded-ids.ts')).seededKernelIds(original));

const SCHEDULES = 4;

test(`${SCHEDULES} schedules in which any call fails: what was acknowledged reads back, what was refused leaves nothing (R2, R3)`, {
  timeout: 600_000,
}, async () => {
  const { acknowledged, refused } = await runSchedules(SCHEDULES);
  expect(acknowledged + refused).toBeGreaterThan(0);
});

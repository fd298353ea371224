import { JobName, NAMED_SERVICES } from '@negatoscope/contract';
import { expect, test } from 'vitest';
import { JOBS, LOOPS } from './job-kinds.ts';

const names = JOBS.map(({ kind }) => kind.name);

test('every job and whatever else acts by itself has a name in the journal', () => {
  expect(names.filter((name) => !NAMED_SERVICES.includes(name))).toEqual([]);
});

test('every job has a name that the page knows, and no other has', () => {
  expect([...names, ...LOOPS].sort()).toEqual([...JobName.options].sort());
});

test('what follows a job is registered itself, and nothing follows itself at last', () => {
  const then = new Map(JOBS.map(({ kind, followedBy }) => [kind.name, followedBy.map((one) => one.kind.name)]));
  for (const name of names) {
    let behind = then.get(name) ?? [];
    for (let step = 0; behind.length > 0; step += 1) {
      expect(behind.filter((next) => !names.includes(next))).toEqual([]);
      expect([name, step < names.length]).toEqual([name, true]);
      behind = behind.flatMap((next) => then.get(next) ?? []);
    }
  }
});

test('what was packed is looked at for its black and white, and nothing is when nothing was packed', () => {
  const [next] = JOBS.find(({ kind }) => kind.name === 'pack-series')?.followedBy ?? [];
  expect([next?.kind.name, next?.payloadOf({ packed: 2, deleted: 0 }), next?.payloadOf({ packed: 0, deleted: 3 })]).toEqual([
    'map-series',
    {},
    undefined,
  ]);
});

import { expect, test } from 'vitest';
import { service } from '../../access/index.ts';
import type { AuditRecord } from './audit-rows.ts';
import { createSightings } from './sightings.ts';

const by = service('reader', []);
function open() {
  let time = 0;
  let fails = false;
  const noted: AuditRecord[] = [];
  const note = async (event: AuditRecord): Promise<void> => {
    if (fails) throw new Error('away');
    noted.push(event);
  };
  const show = createSightings(note, { now: () => new Date(time) });
  return {
    noted,
    show: (...shown: string[]) => show(by, { action: 'patient.list', entityType: 'patient', filters: [], shown }),
    pass: (ms: number) => {
      time += ms;
    },
    fail: (is: boolean) => {
      fails = is;
    },
  };
}

test('who was shown is noted once for a quarter of an hour, and again after it', async () => {
  const { noted, show, pass } = open();
  await show('a', 'b', 'a');
  await show('a', 'b');
  pass(14 * 60_000);
  await show('b', 'c');
  pass(60_000);
  await show('a', 'c');
  expect(noted.map(({ shown, details }) => [shown, details?.results])).toEqual([
    [['a', 'b'], 3],
    [['c'], 2],
    [['a'], 2],
  ]);
});

test('what could not be noted fails the list, and is noted the next time', async () => {
  const { noted, show, fail } = open();
  fail(true);
  await expect(show('a')).rejects.toThrow('away');
  fail(false);
  await show('a');
  expect(noted).toHaveLength(1);
});

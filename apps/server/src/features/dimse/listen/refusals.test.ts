import pino from 'pino';
import { expect, test } from 'vitest';
import { Refusals } from './refusals.ts';

test('refused associations are told once a second at most, and every one is counted', () => {
  const lines: string[] = [];
  const refusals = new Refusals(pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) }));
  for (const now of [0, 1, 2, 999, 1000, 1500]) {
    refusals.tick(now);
    refusals.tell({ calling: `N${now}` }, now);
  }
  refusals.tick(1999);
  refusals.tick(2000);
  refusals.tick(9000);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 40, calling: 'N0', msg: 'an association is refused' },
    { level: 40, untold: 3, msg: 'associations were refused' },
    { level: 40, untold: 2, msg: 'associations were refused' },
  ]);
});

import type { Role } from '@negatoscope/contract';
import { expect, test } from 'vitest';
import { type Reader, sightMoved } from './sight.ts';

const reader = (name: string, role: Role, group: string | null, ...further_groups: string[]): Reader => ({
  ...{ id: name, first_name: '', last_name: name, role, group_id: group, further_groups },
});
const PEOPLE = [
  reader('admin', 'ADMIN', null),
  reader('north', 'PHYSICIAN', 'n'),
  reader('south', 'PHYSICIAN', 's'),
  reader('both', 'PHYSICIAN', 'n', 's'),
  reader('none', 'STAFF', null),
  reader('north-study', 'RESEARCHER', 'n'),
  reader('study', 'RESEARCHER', null),
];

test.each([
  ['n', 's', ['south'], ['north', 'north-study']],
  ['n', null, ['south', 'none'], ['north-study']],
  [null, 'n', ['north-study'], ['south', 'none']],
  ['n', 'n', [], []],
] as const)('a patient who goes from %s to %s is seen by others', (from, to, gain, lose) => {
  expect(sightMoved(PEOPLE, from, to)).toEqual({
    gain: { count: gain.length, names: gain.map((name) => name.toUpperCase()) },
    lose: { count: lose.length, names: lose.map((name) => name.toUpperCase()) },
  });
});

test('people are named as everywhere, the family name in capitals first', () => {
  const awa: Reader = { ...reader('Diop', 'PHYSICIAN', 'n'), first_name: 'Awa' };
  expect(sightMoved([awa], 'n', 's').lose.names).toEqual(['DIOP Awa']);
});

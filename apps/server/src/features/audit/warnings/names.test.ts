import { expect, test } from 'vitest';
import { kinshipOf, namesOf } from './names.ts';

const named = (familyName: string, givenName: string) => ({ id: '', familyName, givenName });
const people = namesOf([named('Ngom', 'Awa'), named("N'Diaye", 'Élise'), named('', 'Service')]);
const by = named('Ngom', 'Awa');

test.each([
  ['NGOM', 'awa', 'OWN_RECORD'],
  ['Awa', 'Ngom', 'OWN_RECORD'],
  ['N DIAYE', 'Elise', 'COLLEAGUE_RECORD'],
  ['Ngom', 'Moussa', 'SAME_NAME'],
  ['Sow', 'Awa', undefined],
  ['Ngom', '', undefined],
  ['', 'Service', undefined],
])('%s %s is %s to Awa Ngom', (familyName, givenName, kinship) => {
  expect(kinshipOf(named(familyName, givenName), by, { people, withFamily: true })).toBe(kinship);
});

test('the family name alone counts only where the site asks for it', () => {
  expect(kinshipOf(named('Ngom', 'Moussa'), by, { people, withFamily: false })).toBeUndefined();
});

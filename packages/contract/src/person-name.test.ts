import { expect, test } from 'vitest';
import { personOnPage } from './person-name.ts';

test.each([
  ['Martin', 'Anna', 'MARTIN Anna'],
  ['Élodie-Müller', 'jean', 'ÉLODIE-MÜLLER jean'],
  ['', 'Anna', 'Anna'],
  ['NG-000012', '', 'NG-000012'],
  [' ', ' ', ''],
])('%s, %s is on every page %s', (lastName, firstName, shown) => {
  expect(personOnPage({ lastName, firstName })).toBe(shown);
});

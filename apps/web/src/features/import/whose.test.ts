import { expect, it } from 'vitest';
import { shownBirthDate } from './whose.ts';

it.each([
  ['19700203', '1970-02-03'],
  ['1970.02.03', '1970-02-03'],
  ['1970', '1970'],
  ['19700203-', '19700203-'],
  ['', ''],
])('a birth date of a header is a date of the page, or stands as it is: %s', (date, shown) => {
  expect(shownBirthDate(date)).toBe(shown);
});

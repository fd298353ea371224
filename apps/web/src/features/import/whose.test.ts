import { expect, it } from 'vitest';
import { shownBirthDate, shownPersonName } from './whose.ts';

it.each([
  ['MARTIN^ANNA', 'MARTIN ANNA'],
  ['MARTIN^ANNA^^Dr^', 'MARTIN ANNA Dr'],
  ['=山田^太郎=やまだ^たろう', '山田 太郎'],
  ['^^=^=', ''],
  ['', ''],
  ['<b>x</b>^Анна', '<b>x</b> Анна'],
])(
  'the name of a header is read by people without its carets, in the first writing that says something (PS3.5 6.2.1): %s',
  (name, shown) => {
    expect(shownPersonName(name)).toBe(shown);
  },
);

it.each([
  ['19700203', '1970-02-03'],
  ['1970.02.03', '1970-02-03'],
  ['1970', '1970'],
  ['19700203-', '19700203-'],
  ['', ''],
])('a birth date of a header is a date of the page, or stands as it is: %s', (date, shown) => {
  expect(shownBirthDate(date)).toBe(shown);
});

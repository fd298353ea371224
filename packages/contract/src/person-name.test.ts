import { expect, test } from 'vitest';
import { nameGroupOnPage, personNameOnPage, personOnPage, staffName } from './person-name.ts';

test.each([
  ['Martin', 'Anna', 'MARTIN Anna'],
  ['Élodie-Müller', 'jean', 'ÉLODIE-MÜLLER jean'],
  ['', 'Anna', 'Anna'],
  ['NG-000012', '', 'NG-000012'],
  [' ', ' ', ''],
])('%s, %s is on every page %s', (lastName, firstName, shown) => {
  expect(personOnPage({ lastName, firstName })).toBe(shown);
});

test.each([
  ['MARTIN^ANNA', 'MARTIN ANNA'],
  ['Diop^Awa^Marie^Dr', 'DIOP Awa Marie'],
  ['Diop^^Marie', 'DIOP Marie'],
  ['MARTIN^ANNA^^Dr^', 'MARTIN ANNA'],
  ['=山田^太郎=やまだ^たろう', '山田 太郎'],
  ['éluard', 'ÉLUARD'],
  ['^Awa', 'Awa'],
  ['^^=^=', ''],
  ['', ''],
  ['<b>x</b>^Анна', '<B>X</B> Анна'],
])(
  'the name of a header is read by people as all names are, in the first writing that says something (PS3.5 6.2.1): %s',
  (name, shown) => {
    expect(personNameOnPage(name)).toBe(shown);
  },
);

const [LEFT, ISOLATE, NOTHING, NON_JOINER] = ['\u202e', '\u2066', '\u200b', '\u200c'];

test('a name is read in the order of its letters, whatever turns writing round in it (Unicode UAX 9)', () => {
  expect(personOnPage({ lastName: `${LEFT}TNOPUD${ISOLATE}`, firstName: `${LEFT}naeJ` })).toBe('TNOPUD naeJ');
  expect(personNameOnPage(`${LEFT}TNOPUD^Jean`)).toBe('TNOPUD Jean');
});

test('a name that nobody sees is none, and hides none that is seen', () => {
  expect(personOnPage({ lastName: NOTHING.repeat(3), firstName: ` ${NOTHING} ` })).toBe('');
  expect(personNameOnPage(`${NOTHING}^${NOTHING}=山田^太郎`)).toBe('山田 太郎');
});

test('what joins and parts letters stays: Persian names are written with it', () => {
  expect(personOnPage({ lastName: `علی${NON_JOINER}پور`, firstName: '' })).toBe(`علی${NON_JOINER}پور`);
});

test.each([
  ['Durand', 'Jeanne', 'Jeanne Durand'],
  ['Durand', '', 'Durand'],
  ['', 'Jeanne', 'Jeanne'],
])('%s, %s of the house is spoken of as %s, without a gap for what is missing', (lastName, firstName, spoken) => {
  expect(staffName({ lastName, firstName })).toBe(spoken);
});

test('of one writing nothing is taken for the sign between two', () => {
  expect(nameGroupOnPage('<img src=x>^Awa')).toBe('<IMG SRC=X> Awa');
  expect(nameGroupOnPage(undefined)).toBe('');
});

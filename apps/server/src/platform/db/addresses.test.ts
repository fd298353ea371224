import { expect, test } from 'vitest';
import { addressesOf, placesOf } from './addresses.ts';

test.each([
  ['postgres://u:p@a:5432,b:5433/db?x=1', ['postgres://u:p@a:5432/db?x=1', 'postgres://u:p@b:5433/db?x=1']],
  ['postgresql://a,b', ['postgresql://a', 'postgresql://b']],
  ['postgres://u:p,q@r,s@a,[::1]:6/db', ['postgres://u:p,q@r,s@a/db', 'postgres://u:p,q@r,s@[::1]:6/db']],
  [
    'postgres://u:p@a,b,c?sslmode=verify-full',
    ['postgres://u:p@a?sslmode=verify-full', 'postgres://u:p@b?sslmode=verify-full', 'postgres://u:p@c?sslmode=verify-full'],
  ],
])('%s names several hosts', (url, addresses) => {
  expect(addressesOf(url)).toEqual(addresses);
});

test.each([
  'postgres://u:p@a:5432/db?target_session_attrs=read-write',
  'postgres://u:p,q@a/db,e?x=1,2',
  'postgres:///db?host=/run/a,b',
  'postgres://u:p%40x@%2Frun%2Fpostgresql/db',
  '/run/postgresql db',
])('%s is one, and left as it is', (url) => {
  expect(addressesOf(url)).toEqual([url]);
});

test('places are told without a name, a password and options', () => {
  expect(placesOf('postgres://u:secret@a:5432,b/db?password=hidden')).toBe('a:5432, b');
  expect(placesOf('postgres:///db')).toBe('localhost');
});

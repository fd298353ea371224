import { expect, test } from 'vitest';
import { isOwnMachine, linkForOthers } from './own-machine.ts';

test('the names by which a computer calls itself lead nobody else to it', () => {
  expect(['localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]'].map(isOwnMachine)).toEqual(Array(5).fill(true));
  expect(['10.0.0.5', 'archive.example.org', 'localhost.example.org'].map(isOwnMachine)).toEqual([false, false, false]);
});

test('a link by which a server names itself is given the address of the page, and one with a public address is left', () => {
  const link = 'http://localhost:3000/app/set-password?a=1#token';
  expect(linkForOthers(link, 'http://10.0.0.5:3000')).toEqual({
    href: 'http://10.0.0.5:3000/app/set-password?a=1#token',
    isOnlyHere: false,
  });
  expect(linkForOthers(link, 'http://localhost:3000')).toEqual({ href: link, isOnlyHere: true });
  const known = 'https://archive.example.org/s/abc#code';
  expect(linkForOthers(known, 'http://localhost:3000')).toEqual({ href: known, isOnlyHere: false });
  expect(linkForOthers('/s/abc', 'https://archive.example.org')).toEqual({
    href: 'https://archive.example.org/s/abc',
    isOnlyHere: false,
  });
});

import { expect, test } from 'vitest';
import { Abandoned, Wanted } from './wanted.ts';

test('what several wait for is made on while one of them is there', async () => {
  const wanted = new Wanted();
  const [first, second] = [new AbortController(), new AbortController()];
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const both = [first, second].map(({ signal }) => wanted.by('slide', signal, () => held));
  first.abort();
  expect(() => wanted.require('slide')).not.toThrow();
  second.abort();
  expect(() => wanted.require('slide')).toThrow(Abandoned);
  letGo();
  await Promise.all(both);
});

test('what was made, or never asked for, is wanted by nobody', async () => {
  const wanted = new Wanted();
  await wanted.by('slide', new AbortController().signal, async () => wanted.require('slide'));
  expect(() => wanted.require('slide')).toThrow(Abandoned);
  await expect(wanted.by('slide', new AbortController().signal, () => Promise.reject(new Error('no tile')))).rejects.toThrow(
    'no tile',
  );
  expect(() => wanted.require('slide')).toThrow(Abandoned);
});

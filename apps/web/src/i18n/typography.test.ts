import { expect, it } from 'vitest';
import { strings } from './fr/index.ts';
import { viewer } from './fr/viewer.ts';
import { inFrench, type Texts } from './typography.ts';

const allOf = (texts: Texts): string[] => Object.values(texts).flatMap((one) => (typeof one === 'string' ? [one] : allOf(one)));

it('no line of French breaks before a semicolon, a question mark, a colon, a percent sign or inside quotation marks', () => {
  expect(inFrench({ a: 'là ; ici : « oui » ? 12:30 à 50 % !' })).toEqual({
    a: 'là\u202f; ici\u00a0: «\u00a0oui\u00a0»\u202f? 12:30 à 50\u00a0%\u202f!',
  });
  const texts = allOf(inFrench({ ...strings, viewer }));
  expect(texts.filter((text) => / [;?:%»]|« /.test(text))).toEqual([]);
  expect(texts.filter((text) => /[\u00a0\u202f][;?:»]/.test(text)).length).toBeGreaterThan(20);
});

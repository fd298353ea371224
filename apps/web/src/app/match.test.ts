import { expect, test } from 'vitest';
import { beginsWith, matchesWords } from './match.ts';

test('a page whose name begins with what was typed is meant, whatever patient has that name too', () => {
  expect(beginsWith('Journal d’audit', 'journ')).toBe(true);
  expect(beginsWith('Études', ' etu')).toBe(true);
  expect(beginsWith('Journal d’audit', 'audit')).toBe(false);
});

test('words are found anywhere, in any order', () => {
  expect(matchesWords('Journal d’audit', 'audit jour')).toBe(true);
  expect(matchesWords('Journal d’audit', 'patient')).toBe(false);
  expect(matchesWords('Se déconnecter', 'DECON')).toBe(true);
  expect(matchesWords('Nouveau patient', 'examen')).toBe(false);
});

import { expect, test } from 'vitest';
import { isModelResult } from './foreign-documents.ts';

test('results of a model that were made here are known in both languages, and nothing else is taken for one', () => {
  const others = ['Measurements (Negatoscope)', 'Model result', 'Result', '', undefined];
  expect(['Résultat du modèle (Negatoscope)', 'Model result (Negatoscope)', ...others].map(isModelResult)).toEqual([
    ...[true, true],
    ...others.map(() => false),
  ]);
});

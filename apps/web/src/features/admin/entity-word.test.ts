import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { journal as en } from '../../i18n/en/journal.ts';
import { journal as fr } from '../../i18n/fr/journal.ts';
import { kindOf } from './entity-word.ts';

const SERVER = path.join(import.meta.dirname, '../../../../server/src');

/** Every type of thing that the server writes into its journal by name. */
function written(): ReadonlySet<string> {
  const found = new Set<string>();
  for (const entry of readdirSync(SERVER, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts') || /\.test\.ts$|\.gen\.ts$|fixture/.test(entry.name)) continue;
    const text = readFileSync(path.join(entry.parentPath, entry.name), 'utf8');
    for (const [, type] of text.matchAll(/\bentityType: '([\w-]+)'/g)) if (type !== undefined) found.add(type);
  }
  return found;
}

test('everything that the server journals has a word in both languages', () => {
  const types = written();
  expect(types.size).toBeGreaterThan(20);
  expect([...types].filter((type) => kindOf(type) === undefined)).toEqual([]);
  const wordless = [...types].filter((type) => {
    const key = `entity_${kindOf(type)}`;
    return !Object.hasOwn(fr, key) || !Object.hasOwn(en, key);
  });
  expect(wordless).toEqual([]);
});

test('what FHIR names otherwise is the same thing, and what nobody knows is none', () => {
  expect(['Patient', 'ImagingStudy', 'Encounter', 'RiskAssessment'].map(kindOf)).toEqual([
    'patient',
    'study',
    'consultation',
    'prediction',
  ]);
  expect(['constructor', '__proto__', '', 'Study'].map(kindOf)).toEqual([undefined, undefined, undefined, undefined]);
});

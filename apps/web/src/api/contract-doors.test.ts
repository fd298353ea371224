import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const SOURCES = path.resolve(import.meta.dirname, '..');
/** Sentences of the journal, which only its page reads: they come with the schemas of all that can be noted. */
const WITH_SCHEMAS = ['features/admin/event-columns.tsx', 'features/admin/event-details.tsx'];
/** Not the ones of types, which are gone when the page is built. */
const VALUES = /^(?:import|export) (?!type )\{([^}]*)\} from '@negatoscope\/contract';/gm;

function takesValues(file: string): boolean {
  const names = [...readFileSync(path.join(SOURCES, file), 'utf8').matchAll(VALUES)].flatMap(([, list = '']) => list.split(','));
  return names.some((name) => name.trim() !== '' && !name.trim().startsWith('type '));
}

it('takes values of the contract by doors of their own: its index has every schema, 60 kB that a slow line carries before the first image', () => {
  const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|^test\//.test(file));
  expect(sources.length).toBeGreaterThan(400);
  expect(sources.filter(takesValues).sort()).toEqual(WITH_SCHEMAS);
});

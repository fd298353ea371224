import { describe, expect, it } from 'vitest';
import { strings as enFirst } from './en/index.ts';
import { viewer as enViewer } from './en/viewer.ts';
import { strings as frFirst } from './fr/index.ts';
import { viewer as frViewer } from './fr/viewer.ts';

const en = { ...enFirst, viewer: enViewer };
const fr = { ...frFirst, viewer: frViewer };
const flat = (strings: object, path = ''): [string, string][] =>
  Object.entries(strings).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? flat(value, `${path}${key}.`) : [[`${path}${key}`, String(value)]],
  );
const placeholders = (text: string): string[] => [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? '').sort();

describe('translations', () => {
  const english = new Map(flat(en));
  it('exist in both languages under the same keys', () => {
    expect([...english.keys()]).toEqual(flat(fr).map(([key]) => key));
  });
  it('are never empty and carry the same values in both languages', () => {
    for (const [key, text] of flat(fr)) {
      expect(text.trim(), key).not.toBe('');
      expect(english.get(key)?.trim(), key).not.toBe('');
      expect(placeholders(english.get(key) ?? ''), key).toEqual(placeholders(text));
    }
  });
  it('speak quietly: no exclamation marks, typographic apostrophes', () => {
    for (const [key, text] of [...flat(fr), ...english]) expect(text, key).not.toMatch(/[!']/);
  });
  it('give each plural both forms', () => {
    const keys = new Set(english.keys());
    for (const key of keys) {
      if (key.endsWith('_one')) expect(keys.has(key.replace(/_one$/, '_other')), key).toBe(true);
    }
  });
});

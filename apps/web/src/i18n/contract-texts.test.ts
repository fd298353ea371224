import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as contract from '@negatoscope/contract';
import { describe, expect, it } from 'vitest';
import { type BothLanguages, textIn } from './typography.ts';

const SOURCE = path.resolve(import.meta.dirname, '..');

/** What takes one language out of a text that has both: by the language's name in a variable, by its key, or by destructuring. */
const READS: readonly RegExp[] = [
  /[\w)\]](?:\?\.|!)?\[(?:\w*locale|\w*language|lang)(?:\(\))?\]/i,
  /[\w)\]](?:\?\.|!)?\[['"](?:fr|en)(?:Next)?['"]\]/,
  /[\w)\]]\??\.(?:fr|en)(?:Next)?\b(?!['"/])/,
  /[{,]\s*(?:fr|en)(?:Next)?\s*(?::\s*\w+\s*)?[,}][^;(]*=/,
];
const readsOf = (text: string): string[] => {
  // What is handed to the function whole, as a text of both languages, is read by it.
  const others = text.replaceAll(/\{ fr: \w+\.frNext, en: \w+\.enNext \}/g, '{}');
  return others.split('\n').filter((line) => !/^\s*(?:import|\*|\/\/)/.test(line) && READS.some((read) => read.test(line)));
};

/** The page's own texts, which are set when they are loaded, and formats of numbers and dates by language. */
const isOfTexts = (file: string): boolean => file.startsWith('i18n/');
const isTest = (file: string): boolean => /\.test\.tsx?$|-fixture\.tsx?$|^test\//.test(file);

const isText = (value: unknown): value is BothLanguages =>
  typeof value === 'object' && value !== null && 'fr' in value && 'en' in value;
/** Every table of the contract that has texts in both languages, by its name. */
const TABLES = Object.entries(contract as Record<string, unknown>).flatMap(([name, table]): [string, BothLanguages[]][] => {
  const texts = typeof table === 'object' && table !== null ? Object.values(table).filter(isText) : [];
  return texts.length === 0 ? [] : [[name, texts]];
});

describe('texts of the contract', () => {
  it('are read in the page by `textIn` alone, which sets the spaces of French', () => {
    const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll(path.sep, '/'))
      .filter((file) => /\.tsx?$/.test(file) && !isTest(file) && !isOfTexts(file));
    expect(files.length).toBeGreaterThan(300);
    const found = files.flatMap((file) =>
      readsOf(readFileSync(path.join(SOURCE, file), 'utf8')).map((line) => `${file}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });

  it.each([
    'const text = FILE_REASONS[reason][locale];',
    '<p>{interpretation?.[locale]}</p>',
    'TEXTS[language].offline',
    'texts[currentLocale()]',
    "ERROR_CATALOG.INTERNAL['fr']",
    "locale === 'fr' ? failure.fr : failure.en",
    'const { fr, en, frNext } = PREDICTION_FAILURES[code];',
    'const { frNext: next, enNext } = failure;',
  ])('would be found where they are read as in `%s`', (line) => {
    expect(readsOf(line)).toEqual([line]);
  });

  it.each([
    'useMemo(() => columns(t), [locale])',
    '<MenuSection selectedKeys={[locale]}>',
    'textIn({ fr: failure.frNext, en: failure.enNext }, locale)',
    "fr: () => import('./fr/index.ts'),",
    "export type Language = 'fr' | 'en';",
  ])('are not meant by `%s`', (line) => {
    expect(readsOf(line)).toEqual([]);
  });

  it('are set so that no line breaks before a colon, a semicolon, a question mark or a percent sign; English is left as it is', () => {
    expect(TABLES.map(([name]) => name)).toEqual(
      expect.arrayContaining(['ERROR_CATALOG', 'FILE_REASONS', 'MODEL_REASONS', 'NODE_EVENT_CODES', 'PREDICTION_FAILURES']),
    );
    const texts = TABLES.flatMap(([, some]) => some);
    expect(texts.map((text) => textIn(text, 'fr')).filter((text) => / [;:?!%»]|« /.test(text))).toEqual([]);
    expect(texts.filter((text) => textIn(text, 'fr') !== text.fr).length).toBeGreaterThan(40);
    expect(texts.map((text) => textIn(text, 'en'))).toEqual(texts.map(({ en }) => en));
  });
});

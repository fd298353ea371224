import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromiumPath } from './browser.ts';

const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const;
export type Category = (typeof CATEGORIES)[number];
export type Form = 'mobile' | 'desktop';

export interface Marks {
  /** 0 to 100. */
  readonly scores: Readonly<Record<Category, number>>;
  /** Names of what took marks away, with their own score. */
  readonly faults: readonly string[];
  /** First and largest contentful paint, blocking time, shift: as Lighthouse writes them. */
  readonly times: string;
}

/** Of Lighthouse's own report; what is read of it. */
interface Report {
  readonly categories: Readonly<
    Record<
      Category,
      { readonly score: number | null; readonly auditRefs: readonly { readonly id: string; readonly weight: number }[] }
    >
  >;
  readonly audits: Readonly<Record<string, { readonly score: number | null; readonly displayValue?: string }>>;
}

const TIMES = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift'];

function marksOf({ categories, audits }: Report): Marks {
  const faults = CATEGORIES.flatMap((category) =>
    categories[category].auditRefs
      .filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 0.9)
      .map(({ id }) => `${id} ${audits[id]?.score} ${audits[id]?.displayValue ?? ''}`),
  );
  const scoreOf = (category: Category): number => Math.round((categories[category].score ?? 0) * 100);
  return {
    scores: {
      performance: scoreOf('performance'),
      accessibility: scoreOf('accessibility'),
      'best-practices': scoreOf('best-practices'),
    },
    faults,
    times: TIMES.map((id) => `${id} ${audits[id]?.displayValue ?? ''}`).join(', '),
  };
}

const flagsOf = (language: string): readonly string[] => [
  ...['--headless=new', '--no-sandbox', '--disable-gpu', `--lang=${language}`, `--accept-lang=${language}`],
];

/** The language that the page says it is in, to a Chromium that is started as Lighthouse starts it: `fr`. */
export async function languageAt(address: string, language: string): Promise<string | undefined> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-lighthouse-'));
  try {
    const flags = [...flagsOf(language), `--user-data-dir=${home}`, '--dump-dom', address];
    const { stdout } = await promisify(execFile)(chromiumPath ?? '', flags, {
      timeout: 60_000,
      env: { ...process.env, LANGUAGE: language },
    });
    return /<html[^>]*\blang="(\w+)"/.exec(stdout)?.[1];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/**
 * Lighthouse's marks of an address, in a Chromium of its own that has seen nothing before, with the slow line and processor that it imitates for each form. A
 * process of its own: it is not of the tests' making, and what it keeps of its user it keeps in a folder that goes.
 */
export async function lookAt(address: string, { form, language }: { form: Form; language: string }): Promise<Marks> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-lighthouse-'));
  const cli = path.join(path.dirname(createRequire(import.meta.url).resolve('lighthouse/package.json')), 'cli', 'index.js');
  const file = path.join(home, 'report.json');
  try {
    await promisify(execFile)(
      process.execPath,
      [
        ...[cli, address, '--quiet', '--output=json', `--output-path=${file}`, `--only-categories=${CATEGORIES.join()}`],
        ...[
          '--no-enable-error-reporting',
          `--chrome-flags=${flagsOf(language).join(' ')}`,
          ...(form === 'desktop' ? ['--preset=desktop'] : []),
        ],
      ],
      {
        timeout: 180_000,
        env: { ...process.env, CHROME_PATH: chromiumPath ?? '', LANGUAGE: language, XDG_CONFIG_HOME: home, HOME: home },
      },
    );
    return marksOf(JSON.parse(readFileSync(file, 'utf8')));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

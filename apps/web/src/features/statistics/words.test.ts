import { ScreeningRow } from '@negatoscope/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { statistics as en } from '../../i18n/en/statistics.ts';
import { statistics as fr } from '../../i18n/fr/statistics.ts';
import type { Text } from '../../i18n/index.ts';
import { make } from '../../test/sample.ts';
import { ageText, lastMonths, modelOf, periodText, queryOf, rateText, rowText, secondsText, siteText } from './words.ts';

/** The texts of a language with their values put in, as the page has them. */
const textsOf = (texts: Readonly<Record<string, unknown>>): Text<'statistics'> => {
  const write = (key: string, values: Readonly<Record<string, string | number>> = {}): string =>
    String(texts[key]).replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
  return write;
};
const FRENCH = { t: textsOf(fr), locale: 'fr' } as const;
const ENGLISH = { t: textsOf(en), locale: 'en' } as const;
const rowOf = (key: string, name: string | null = null): ScreeningRow => make(ScreeningRow, { key, name });
/** Spaces that do not break are as good as others here. */
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

beforeEach(() => vi.useFakeTimers({ now: new Date(2026, 2, 15, 12) }));
afterEach(() => vi.useRealTimers());

describe('what the server is asked for', () => {
  it.each([
    ['week', '2026-03-09'],
    ['month', '2026-02-14'],
    ['quarter', '2025-12-16'],
    ['year', '2025-03-16'],
    [undefined, '2026-02-14'],
  ] as const)('of a %s are its days with today, the month where the address says nothing', (range, from) => {
    expect(queryOf(range === undefined ? {} : { range })).toMatchObject({ from, to: '2026-03-15', reference: 'ANY' });
  });
  it('names a model by name and version, which are one in the address', () => {
    expect(queryOf({ model: 'tb screening 1.2.0' })).toMatchObject({ modelName: 'tb screening', modelVersion: '1.2.0' });
    expect(queryOf({})).not.toHaveProperty('modelName');
    expect(modelOf('tb 2')).toEqual({ modelName: 'tb', modelVersion: '2' });
  });
  it('holds site, age and sex where they are chosen', () => {
    expect(queryOf({ site: 'none', age: '15-24', sex: 'F', reference: 'CULTURE' })).toMatchObject({
      ...{ site: 'none', ageBand: '15-24', sex: 'F', reference: 'CULTURE' },
    });
  });
});

describe('a rate', () => {
  const rate = { rate: { share: 0.8214, low: 0.702, high: 0.899 }, count: 46, of: 56 };
  it('is told with its interval and what it was counted of, as each language writes shares', () => {
    expect(plain(rateText(rate, FRENCH))).toBe('82,1 % (70,2 % à 89,9 %), 46 sur 56');
    expect(plain(rateText(rate, ENGLISH))).toBe('82.1% (70.2% to 89.9%), 46 of 56');
  });
  it('of nothing is no 0 %', () => {
    expect(rateText({ rate: null, count: 0, of: 0 }, FRENCH)).toBe('– (rien à compter)');
    expect(secondsText(null, FRENCH.t)).toBe('–');
  });
});

describe('a row', () => {
  it('of a site has its name, else says what has none', () => {
    expect([rowOf('a', 'Bamako'), rowOf('none'), rowOf('own')].map((row) => siteText(row, FRENCH.t))).toEqual([
      ...['Bamako', 'Sans groupe', 'Imports personnels'],
    ]);
  });
  it('of an age is a span, not a subtraction', () => {
    expect([ageText('15-24', FRENCH.t), ageText('65+', FRENCH.t), ageText('UNKNOWN', FRENCH.t)]).toEqual([
      ...['15–24 ans', '65+ ans', 'Âge inconnu'],
    ]);
  });
  it('of a period is a day, or the month in words, whatever the time zone', () => {
    expect([periodText('2026-03-01', 'DAY', 'fr'), periodText('2026-03-01', 'MONTH', 'fr')]).toEqual(['01/03/2026', 'mars 2026']);
    expect(periodText('2026-01-01', 'MONTH', 'en')).toBe('January 2026');
  });
  it('is called by what the rows are of', () => {
    const of = (by: Parameters<typeof rowText>[0], key: string, name?: string) => rowText(by, rowOf(key, name), 'MONTH', FRENCH);
    expect([
      of('sites', 'a', 'Bamako'),
      of('ages', '25-34'),
      of('sexes', 'F'),
      of('periods', '2026-03-01'),
      of('models', 'tb 1'),
    ]).toEqual(['Bamako', '25–34 ans', fr.sex_F, 'mars 2026', 'tb 1']);
  });
});

describe('the months of the monthly table', () => {
  it('are the last twelve, the newest first, over the turn of the year', () => {
    const months = lastMonths();
    expect(months).toHaveLength(12);
    expect([months[0], months[2], months[3], months.at(-1)]).toEqual(['2026-03', '2026-01', '2025-12', '2025-04']);
  });
  it('have no month twice where today is the 31st', () => {
    vi.setSystemTime(new Date(2026, 4, 31, 12));
    expect(lastMonths(4)).toEqual(['2026-05', '2026-04', '2026-03', '2026-02']);
  });
});

import { inflateSync } from 'node:zlib';
import type { MonthlyTable, ScreeningStatistics } from '@negatoscope/contract';
import { describe, expect, it } from 'vitest';
import { writable } from '../../../platform/pdf/index.ts';
import { monthlyCsv, numbersOf, screeningCsv } from './csv.ts';
import { agreementOf, rateOf } from './measures.ts';
import { monthlyPdf } from './monthly-pdf.ts';

const [KAYES, OWN] = ['019a0000-0000-7000-8000-000000000001', '019a0000-0000-7000-8000-000000000002'];
const TABLE: MonthlyTable = {
  ...{ month: '2026-03', hasAges: true, hidden: 2, models: ['tb-chest-xray 0.1.0-research'], madeAt: '2026-04-01T08:00:00.000Z' },
  sites: [
    {
      ...{ siteId: KAYES, name: '=Kayes "nord"' },
      cells: [
        { measure: 'SCREENED', sex: 'M', ageBand: '15-24', n: 3 },
        { measure: 'SCREENED', sex: 'F', ageBand: 'UNKNOWN', n: 2 },
        { measure: 'SCREENED', sex: 'X', ageBand: '65+', n: 1 },
        { measure: 'PRESUMPTIVE', sex: 'M', ageBand: '15-24', n: 1 },
      ],
    },
    { siteId: null, name: null, cells: [{ measure: 'SCREENED', sex: 'M', ageBand: '15-24', n: 4 }] },
    { siteId: OWN, name: null, cells: [] },
  ],
};
const linesOf = (csv: string): string[][] =>
  csv
    .slice(1)
    .trimEnd()
    .split('\r\n')
    .map((line) => line.slice(1, -1).split('","'));

describe('the monthly table as CSV', () => {
  const lines = linesOf(monthlyCsv(TABLE, 'fr'));

  it('has a line for each site and measure, their sums, and as many cells in each', () => {
    expect(lines[0]?.slice(0, 5)).toEqual(['Mois', 'Site', 'Mesure', 'Hommes 0-4', 'Hommes 5-14']);
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set([23]));
    expect(lines).toHaveLength(1 + 4 * 7 + 3);
    expect(lines.find(([, site, measure]) => site === 'Tous les sites' && measure === 'Examens lus par le modèle')?.at(-1)).toBe(
      '10',
    );
    expect(numbersOf(TABLE.sites, 'SCREENED')).toEqual([0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 10]);
  });

  it('disarms a site whose name is a formula, names what has none, and says what the score is', () => {
    expect(lines[1]?.[1]).toBe('\'=Kayes ""nord""');
    expect(lines.map((line) => line[1])).toEqual(expect.arrayContaining(['Sans groupe', 'Imports personnels']));
    expect(lines.at(-1)?.[0]).toMatch(/pas un diagnostic/);
    expect(linesOf(monthlyCsv(TABLE, 'en')).at(-1)?.[0]).toMatch(/not a diagnosis/);
  });

  it('says that a rejected score counts as presumptive', () => {
    expect(monthlyCsv(TABLE, 'fr')).toMatch(/score a été rejeté compte aussi comme présumé/);
    expect(monthlyCsv(TABLE, 'en')).toMatch(/score was rejected counts as presumptive, too/);
  });

  it('says so where ages are hidden from who made it', () => {
    const told = (hasAges: boolean): string => monthlyCsv({ ...TABLE, hasAges }, 'fr');
    expect([told(false), told(true)]).toEqual([
      expect.stringContaining('âges lui sont masqués'),
      expect.not.stringContaining('masqués et comptent'),
    ]);
  });
});

/** The streams of a PDF, inflated where they are text. */
function streamsOf(pdf: Buffer): string[] {
  // By its length: deflated bytes may end as a line does.
  return [...pdf.toString('latin1').matchAll(/\/Length (\d+)[^>]*>>\s*stream\r?\n/g)].flatMap((match) => {
    const start = match.index + match[0].length;
    try {
      return [inflateSync(pdf.subarray(start, start + Number(match[1]))).toString('latin1')];
    } catch {
      return [];
    }
  });
}

/** What each glyph of a font says (ISO 32000-1, 9.10.3), in the order of the fonts. */
const glyphsOf = (streams: readonly string[]): string[][] =>
  streams
    .filter((stream) => stream.includes('beginbfrange'))
    .map((stream) =>
      [...stream.matchAll(/\[((?:<[0-9a-f ]*>\s*)+)\]/gi)].flatMap(([, list = '']) =>
        [...list.matchAll(/<([0-9a-f ]*)>/gi)].map(([, hex = '']) =>
          Buffer.from(hex.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'),
        ),
      ),
    );

/** Texts of a PDF, as its pages show them. */
const textsOf = (pdf: Buffer): string => {
  const found: string[] = [];
  const streams = streamsOf(pdf);
  const glyphs = glyphsOf(streams);
  // The fonts that are written with have their glyphs in the order of their numbers.
  const numbers = [
    ...new Set(streams.flatMap((stream) => [...stream.matchAll(/\/F(\d+) [\d.]+ Tf/g)].map(([, n]) => Number(n)))),
  ];
  numbers.sort((a, b) => a - b);
  let font = 0;
  for (const stream of streams)
    for (const [, chosen, array = ''] of stream.matchAll(/\/F(\d+) [\d.]+ Tf|\[((?:<[0-9a-f]*>|[-\d.\s])*)\]\s*TJ/g)) {
      if (chosen !== undefined) font = numbers.indexOf(Number(chosen));
      else
        found.push(
          [...array.matchAll(/<([0-9a-f]*)>/g)]
            .flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? [])
            .map((hex) => glyphs[font]?.[Number.parseInt(hex, 16)] ?? '\ufffd')
            .join(''),
        );
    }
  return found.join('\n');
};

describe('the monthly table as PDF', () => {
  const about = { installation: 'CHU de Kayes – radiologie', timeZone: 'Africa/Bamako' } as const;

  it('has letterhead, month, sites, numbers, pages, the day of its making and what the model is, in French and in English', async () => {
    const french = await monthlyPdf(TABLE, { ...about, locale: 'fr' });
    expect(french.subarray(0, 5).toString()).toBe('%PDF-');
    const text = textsOf(french);
    const pages = french.toString('latin1').match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;
    for (const part of [
      'CHU de Kayes',
      'mars 2026',
      '=Kayes "nord"',
      'Sans groupe',
      'avril 2026',
      `Page 1 sur ${pages}`,
      'tb-chest-xray',
    ])
      expect(text, part).toContain(part);
    expect(text).toMatch(/pas un diagnostic/);
    expect(text).toMatch(/compte aussi comme présumé/);
    // Each note is a line of its own.
    expect(text).toMatch(/tb-chest-xray 0\.1\.0-research \(sa fiche : .*\)$/m);
    expect(text).not.toContain('?');
    expect(text).toMatch(/2 scores ne sont compt/);
    const english = textsOf(await monthlyPdf(TABLE, { ...about, locale: 'en' }));
    for (const part of ['March 2026', 'In no group', `Page ${pages} of ${pages}`, 'not a diagnosis'])
      expect(english, part).toContain(part);
    // Heads of columns are broken between words alone.
    expect(english.match(/^(?:age|Other or|unknown)\s*$/gm)?.slice(0, 6)).toEqual(
      ['age', 'unknown', 'age', 'unknown', 'Other or', 'unknown'].map((word) => expect.stringMatching(word)),
    );
  });

  it('goes on over pages, each with its heads, and says so when there is nothing', async () => {
    const sites = Array.from({ length: 90 }, (_, at) => ({
      siteId: KAYES,
      name: `Site ${at}`,
      cells: TABLE.sites[0]?.cells ?? [],
    }));
    const text = textsOf(await monthlyPdf({ ...TABLE, sites }, { ...about, locale: 'en' }));
    const pages = Number(/Page 1 of (\d+)/.exec(text)?.[1]);
    expect(pages).toBeGreaterThan(14);
    expect(text.match(/^Examinations read by the model$/gm)?.length).toBeGreaterThan(1);
    for (const at of [0, 45, 89]) expect(text).toContain(`Site ${at}\n`);
    expect(textsOf(await monthlyPdf({ ...TABLE, sites: [] }, { ...about, locale: 'fr' }))).toContain('Aucun examen ce mois-ci.');
  });

  it('writes the names of West African languages as they are; other scripts are question marks', async () => {
    const name = 'Ŋaara Ɓaleŋ Ɗoundé ɲɔgɔn Ƴero Đakar';
    const sites = [{ siteId: KAYES, name: `${name} مستشفى`, cells: TABLE.sites[0]?.cells ?? [] }];
    const text = textsOf(await monthlyPdf({ ...TABLE, sites }, { ...about, installation: name, locale: 'fr' }));
    expect(text).toContain(name);
    expect(writable('Ségou مستشفى')).toMatch(/^Ségou \?+$/);
    expect(writable('1\u202f234')).toBe('1\u00a0234');
  });
});

it('figures as CSV have empty cells for what there is none of, and negative numbers stay numbers', () => {
  const nothing = { n: 0, medianSeconds: null, p90Seconds: null };
  const agreement = agreementOf({ both: 0, onlyFirst: 5, onlySecond: 5, neither: 0 });
  const total = {
    ...{ key: '', name: null, modelAndReader: agreement, modelAndBlindReader: agreement, readers: agreement },
    counts: { screened: 10, hidden: 0, positive: 5, validated: 0, rejected: 0, waiting: 10, refused: 0, unanswered: 0 },
    accuracy: { sensitivity: rateOf(0, 0), specificity: rateOf(0, 0) },
    ...{ receivedToDone: nothing, doneToValidated: nothing },
  };
  const figures: ScreeningStatistics = {
    ...{
      from: '2026-03-01',
      to: '2026-03-31',
      step: 'DAY',
      reference: 'ANY',
      total,
      models: [],
      sites: [],
      periods: [],
      ages: [],
      sexes: [],
    },
  };
  const [head = [], line = []] = linesOf(screeningCsv(figures));
  const cell = (name: string): string | undefined => line[head.indexOf(name)];
  expect([cell('screened'), cell('sensitivity'), cell('sensitivityN'), cell('receivedToDoneMedianSeconds')]).toEqual([
    '10',
    '',
    '0',
    '',
  ]);
  expect(cell('modelAndReaderKappa')).toBe('-1');
  expect(screeningCsv(figures)).not.toMatch(/NaN|Infinity/);
});

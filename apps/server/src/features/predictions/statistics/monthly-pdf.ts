import { buffer } from 'node:stream/consumers';
import { MONTHLY_MEASURES, type MonthlyMeasure, type MonthlyTable } from '@negatoscope/contract';
import PdfDocument from 'pdfkit';
import { BOLD, FONTS, REGULAR, writable } from '../../../platform/pdf/index.ts';
import { COLUMNS, numbersOf } from './csv.ts';
import { type Locale, MONTHLY_TEXTS, nameOfSite } from './texts.ts';

type Document = InstanceType<typeof PdfDocument>;

const MARGIN = 36;
/** A4 on its side, in points. */
const [WIDTH, HEIGHT] = [841.89, 595.28];
const BOTTOM = HEIGHT - MARGIN - 26;
const SITE_WIDTH = 150;
const LINE = 15;
const COLUMN_WIDTH = (WIDTH - 2 * MARGIN - SITE_WIDTH) / (COLUMNS.length + 1);
const [INK, DIM, RULE] = ['#14181d', '#55606b', '#c9c9c2'];

interface About {
  readonly locale: Locale;
  /** What the letterhead says. */
  readonly installation: string;
  readonly timeZone: string;
}

/** A text in one line at a place, shortened where it has no room. */
function put(
  pdf: Document,
  text: string,
  x: number,
  y: number,
  width: number,
  align: 'left' | 'right' | 'center' = 'left',
): void {
  pdf.text(writable(text), x, y, { width, align, lineBreak: false, ellipsis: true, height: LINE });
}

function letterhead(pdf: Document, table: MonthlyTable, { locale, installation }: About): void {
  const texts = MONTHLY_TEXTS[locale];
  const month = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${table.month}-01T00:00:00Z`),
  );
  const width = WIDTH - 2 * MARGIN;
  pdf.font(BOLD).fontSize(11).fillColor(DIM);
  put(pdf, installation, MARGIN, MARGIN, width);
  pdf.fontSize(16).fillColor(INK);
  put(pdf, `${texts.title}, ${month}`, MARGIN, MARGIN + 18, width);
  const notes = [
    texts.statement,
    texts.counted,
    texts.rejected,
    ...(table.hasAges ? [] : [texts.ageless]),
    ...(table.models.length === 0 ? [] : [texts.model(table.models.join(', '))]),
    ...(table.hidden === 0 ? [] : [texts.hiddenNote(table.hidden)]),
  ];
  pdf.font(REGULAR).fontSize(9).fillColor(INK);
  pdf.text(notes.map(writable).join('\n'), MARGIN, MARGIN + 42, { width, lineGap: 2 });
  pdf.y += 10;
}

/** The head of a measure's table: its name, sexes, ages. */
function head(pdf: Document, measure: MonthlyMeasure, locale: Locale): void {
  const texts = MONTHLY_TEXTS[locale];
  const top = pdf.y;
  pdf.font(BOLD).fontSize(10).fillColor(INK);
  put(pdf, texts.measures[measure], MARGIN, top, WIDTH - 2 * MARGIN);
  const at = (column: number): number => MARGIN + SITE_WIDTH + column * COLUMN_WIDTH;
  const ages = COLUMNS.filter(({ sex }) => sex === 'M').length;
  pdf.fontSize(7).fillColor(DIM);
  put(pdf, texts.sexes.M, at(0), top + LINE, ages * COLUMN_WIDTH, 'center');
  put(pdf, texts.sexes.F, at(ages), top + LINE, ages * COLUMN_WIDTH, 'center');
  put(pdf, texts.site, MARGIN, top + LINE + 10, SITE_WIDTH);
  // No larger: the English "unknown" is as wide as a column then, and would be broken within the word.
  pdf.fontSize(6);
  COLUMNS.forEach(({ ageBand }, column) => {
    const label = ageBand === undefined ? texts.sexes.X : texts.band(ageBand);
    pdf.text(writable(label), at(column), top + LINE + (label.length > 6 ? 3 : 10), { width: COLUMN_WIDTH - 2, align: 'right' });
  });
  put(pdf, texts.total, at(COLUMNS.length), top + LINE + 10, COLUMN_WIDTH - 2, 'right');
  pdf.y = top + LINE + 20;
  rule(pdf);
}

function rule(pdf: Document): void {
  pdf
    .moveTo(MARGIN, pdf.y)
    .lineTo(WIDTH - MARGIN, pdf.y)
    .lineWidth(0.5)
    .strokeColor(RULE)
    .stroke();
  pdf.y += 4;
}

function line(pdf: Document, name: string, numbers: readonly number[], locale: Locale): void {
  const top = pdf.y;
  put(pdf, name, MARGIN, top, SITE_WIDTH - 6);
  numbers.forEach((n, column) => {
    const shown = n === 0 ? '–' : n.toLocaleString(locale);
    put(pdf, shown, MARGIN + SITE_WIDTH + column * COLUMN_WIDTH, top, COLUMN_WIDTH - 2, 'right');
  });
  pdf.y = top + LINE - 2;
}

/** One measure: a line for each site, and the sums. Its head is written again on each page. */
function measureTable(pdf: Document, table: MonthlyTable, measure: MonthlyMeasure, locale: Locale): void {
  const newPage = (): void => {
    pdf.addPage();
    pdf.y = MARGIN;
  };
  if (pdf.y + LINE * 5 > BOTTOM) newPage();
  head(pdf, measure, locale);
  const lines = [
    ...table.sites.map((site) => ({ name: nameOfSite(site, locale), sites: [site], font: REGULAR })),
    { name: MONTHLY_TEXTS[locale].all, sites: table.sites, font: BOLD },
  ];
  for (const { name, sites, font } of lines) {
    if (pdf.y + LINE > BOTTOM) {
      newPage();
      head(pdf, measure, locale);
    }
    pdf.font(font).fontSize(8).fillColor(INK);
    line(pdf, name, numbersOf(sites, measure), locale);
  }
  pdf.y += 12;
}

/** Below each page: who, when, and which page of how many. */
function footers(pdf: Document, table: MonthlyTable, { locale, installation, timeZone }: About): void {
  const texts = MONTHLY_TEXTS[locale];
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone });
  const { start, count } = pdf.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    pdf.switchToPage(page);
    // What stands below the margin would begin a page of its own.
    pdf.page.margins.bottom = 0;
    pdf.font(REGULAR).fontSize(7.5).fillColor(DIM);
    put(pdf, texts.statement, MARGIN, HEIGHT - MARGIN - 14, WIDTH - 2 * MARGIN);
    put(pdf, `${installation} · ${texts.madeAt(format.format(new Date(table.madeAt)))}`, MARGIN, HEIGHT - MARGIN - 2, 500);
    put(pdf, texts.page(page - start + 1, count), WIDTH - MARGIN - 150, HEIGHT - MARGIN - 2, 150, 'right');
  }
}

/** The monthly table as a PDF of A4 pages on their side. */
export async function monthlyPdf(table: MonthlyTable, about: About): Promise<Buffer> {
  const { locale, installation } = about;
  const texts = MONTHLY_TEXTS[locale];
  const pdf = new PdfDocument({
    ...{ size: 'A4', layout: 'landscape', margin: MARGIN, bufferPages: true, lang: locale, displayTitle: true },
    info: {
      Title: `${texts.title}, ${table.month}`,
      Author: installation,
      Creator: 'Negatoscope',
      Producer: 'Negatoscope',
      CreationDate: new Date(table.madeAt),
    },
  });
  for (const [name, file] of Object.entries(FONTS)) pdf.registerFont(name, file);
  letterhead(pdf, table, about);
  if (table.sites.length === 0) pdf.text(writable(texts.empty));
  else for (const measure of MONTHLY_MEASURES) measureTable(pdf, table, measure, locale);
  footers(pdf, table, about);
  pdf.end();
  return buffer(pdf);
}

import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import PdfDocument from 'pdfkit';
import { BOLD, FONTS, REGULAR, writable } from './fonts.ts';
import { bottomOf, DIM, drawRule, FOOTER, INK, MARGIN, type Pdf, widthOf } from './page.ts';
import { drawTable, type PdfTable } from './table.ts';

export type PdfBlock =
  | { readonly kind: 'heading'; readonly text: string; readonly level?: 1 | 2 }
  /** Breaks of lines within the text are kept. */
  | { readonly kind: 'paragraph'; readonly text: string; readonly isDim?: boolean; readonly isBold?: boolean }
  /** A label and what it says, one below the other: whom a document is about. */
  | { readonly kind: 'pairs'; readonly pairs: readonly (readonly [label: string, value: string])[] }
  /** An image (PNG or JPEG) no wider than the page, no higher than `height` points. */
  | { readonly kind: 'image'; readonly bytes: Buffer; readonly height?: number }
  | PdfTable
  | { readonly kind: 'rule' }
  | { readonly kind: 'gap'; readonly height?: number }
  | { readonly kind: 'page' };

export interface PdfAbout {
  readonly title: string;
  readonly language: 'fr' | 'en';
  readonly madeAt: Date;
  /** Stands above the first page: the hospital, its lines (address, department), its image (PNG or JPEG) on the left. */
  readonly letterhead: { readonly name: string; readonly lines?: readonly string[]; readonly image?: Buffer };
  /** Below every page, on the left: who it is about, who made it. */
  readonly footer: string;
  /** Below every page, on the right: which of how many. */
  readonly page: (page: number, of: number) => string;
  readonly isLandscape?: boolean;
}

const IMAGE_SIZE = 56;

function drawLetterhead(pdf: Pdf, { letterhead, title }: PdfAbout): void {
  const top = pdf.y;
  const left = letterhead.image === undefined ? MARGIN : MARGIN + IMAGE_SIZE + 12;
  if (letterhead.image !== undefined) pdf.image(letterhead.image, MARGIN, top, { fit: [IMAGE_SIZE, IMAGE_SIZE] });
  const width = widthOf(pdf) - (left - MARGIN);
  pdf.font(BOLD).fontSize(12).fillColor(INK).text(writable(letterhead.name), left, top, { width });
  pdf.font(REGULAR).fontSize(9).fillColor(DIM);
  for (const line of letterhead.lines ?? []) pdf.text(writable(line), left, pdf.y, { width });
  pdf.y = Math.max(pdf.y, letterhead.image === undefined ? 0 : top + IMAGE_SIZE) + 8;
  drawRule(pdf);
  pdf
    .font(BOLD)
    .fontSize(16)
    .fillColor(INK)
    .text(writable(title), MARGIN, pdf.y + 4, { width: widthOf(pdf) });
  pdf.y += 6;
}

function drawPairs(pdf: Pdf, pairs: readonly (readonly [string, string])[]): void {
  const labelWidth = Math.min(150, widthOf(pdf) / 3);
  for (const [label, value] of pairs) {
    pdf.fontSize(10);
    const height = pdf.font(REGULAR).heightOfString(writable(value), { width: widthOf(pdf) - labelWidth });
    if (pdf.y + height > bottomOf(pdf)) pdf.addPage();
    const top = pdf.y;
    pdf.fillColor(DIM).text(writable(label), MARGIN, top, { width: labelWidth - 8 });
    const labelled = pdf.y;
    pdf.fillColor(INK).text(writable(value), MARGIN + labelWidth, top, { width: widthOf(pdf) - labelWidth });
    pdf.y = Math.max(pdf.y, labelled) + 2;
  }
  pdf.y += 6;
}

function drawImage(pdf: Pdf, bytes: Buffer, height: number): void {
  if (pdf.y + height > bottomOf(pdf)) pdf.addPage();
  const top = pdf.y;
  pdf.image(bytes, MARGIN, top, { fit: [widthOf(pdf), height] });
  pdf.y = top + height + 6;
}

function drawHeading(pdf: Pdf, text: string, level: 1 | 2): void {
  // Never alone at the foot of a page.
  if (pdf.y + 48 > bottomOf(pdf)) pdf.addPage();
  pdf
    .font(BOLD)
    .fontSize(level === 1 ? 12.5 : 10.5)
    .fillColor(INK)
    .text(writable(text), MARGIN, pdf.y + 4, { width: widthOf(pdf) });
  pdf.y += 3;
}

async function draw(pdf: Pdf, block: PdfBlock): Promise<void> {
  switch (block.kind) {
    case 'heading':
      return drawHeading(pdf, block.text, block.level ?? 1);
    case 'paragraph':
      pdf.font(block.isBold === true ? BOLD : REGULAR).fontSize(10);
      pdf
        .fillColor(block.isDim === true ? DIM : INK)
        .text(writable(block.text), MARGIN, pdf.y, { width: widthOf(pdf), lineGap: 2 });
      pdf.y += 5;
      return;
    case 'pairs':
      return drawPairs(pdf, block.pairs);
    case 'image':
      return drawImage(pdf, block.bytes, block.height ?? 300);
    case 'table':
      return drawTable(pdf, block);
    case 'rule':
      return drawRule(pdf);
    case 'gap':
      pdf.y += block.height ?? 10;
      return;
    case 'page':
      pdf.addPage();
  }
}

function drawFooters(pdf: Pdf, { footer, page }: PdfAbout): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let index = start; index < start + count; index += 1) {
    pdf.switchToPage(index);
    // What stands below the margin would begin a page of its own.
    pdf.page.margins.bottom = 0;
    const y = pdf.page.height - MARGIN - 4;
    const options = { lineBreak: false, ellipsis: true, height: 12 } as const;
    pdf.font(REGULAR).fontSize(7.5).fillColor(DIM);
    pdf.text(writable(footer), MARGIN, y, { ...options, width: widthOf(pdf) - 110 });
    pdf.text(writable(page(index - start + 1, count)), MARGIN + widthOf(pdf) - 100, y, {
      ...options,
      width: 100,
      align: 'right',
    });
  }
}

/** A document of A4 pages: letterhead and title, its blocks in order, and on each page who it is about and its number. */
export async function pdfDocument(about: PdfAbout, blocks: Iterable<PdfBlock> | AsyncIterable<PdfBlock>): Promise<Buffer> {
  const pdf = new PdfDocument({
    ...{ size: 'A4', bufferPages: true, lang: about.language, displayTitle: true },
    layout: about.isLandscape === true ? 'landscape' : 'portrait',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOTER },
    info: {
      Title: about.title,
      Author: about.letterhead.name,
      Creator: 'Negatoscope',
      Producer: 'Negatoscope',
      CreationDate: about.madeAt,
    },
  });
  for (const [name, file] of Object.entries(FONTS)) pdf.registerFont(name, file);
  drawLetterhead(pdf, about);
  for await (const block of blocks) {
    await draw(pdf, block);
    // Others wait for the same thread.
    await setImmediate();
  }
  drawFooters(pdf, about);
  pdf.end();
  return buffer(pdf);
}

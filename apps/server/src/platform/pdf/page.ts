import type PdfDocument from 'pdfkit';

export type Pdf = InstanceType<typeof PdfDocument>;

/** In points, as every measure here. */
export const MARGIN = 42;
/** Room below the text of every page. */
export const FOOTER = 24;
export const [INK, DIM, RULE] = ['#14181d', '#55606b', '#c9c9c2'];

export const widthOf = (pdf: Pdf): number => pdf.page.width - 2 * MARGIN;
/** Where text of a page ends. */
export const bottomOf = (pdf: Pdf): number => pdf.page.height - MARGIN - FOOTER;

export function drawRule(pdf: Pdf): void {
  pdf
    .moveTo(MARGIN, pdf.y)
    .lineTo(MARGIN + widthOf(pdf), pdf.y)
    .lineWidth(0.5)
    .strokeColor(RULE)
    .stroke();
  pdf.y += 5;
}

import { BOLD, REGULAR, writable } from './fonts.ts';
import { bottomOf, DIM, drawRule, INK, MARGIN, type Pdf, widthOf } from './page.ts';

export interface PdfTable {
  readonly kind: 'table';
  /** `share`: how wide beside the others. */
  readonly columns: readonly { readonly header: string; readonly share: number; readonly align?: 'left' | 'right' }[];
  /** As many cells in each as there are columns. Long ones are broken into lines; a row is never torn over two pages unless it is higher than one. */
  readonly rows: Iterable<readonly string[]> | AsyncIterable<readonly string[]>;
}

const GAP = 8;
/** Lines of a cell beyond these are cut off, so that no row is higher than a page. */
const MOST_LINES = 40;

interface Place {
  readonly x: number;
  readonly width: number;
  readonly align: 'left' | 'right';
}

function placesOf(pdf: Pdf, columns: PdfTable['columns']): readonly Place[] {
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  const room = widthOf(pdf) - GAP * (columns.length - 1);
  let x = MARGIN;
  return columns.map(({ share, align = 'left' }) => {
    const place = { x, width: (room * share) / shares, align };
    x += place.width + GAP;
    return place;
  });
}

function drawCells(pdf: Pdf, cells: readonly string[], places: readonly Place[]): void {
  const top = pdf.y;
  const most = pdf.currentLineHeight(true) * MOST_LINES;
  let end = top;
  places.forEach(({ x, width, align }, index) => {
    pdf.text(writable(cells[index] ?? ''), x, top, { width, align, height: most, ellipsis: true });
    end = Math.max(end, pdf.y);
  });
  pdf.y = end + 3;
}

function drawHead(pdf: Pdf, table: PdfTable, places: readonly Place[]): void {
  pdf.font(BOLD).fontSize(8).fillColor(DIM);
  drawCells(
    pdf,
    table.columns.map(({ header }) => header),
    places,
  );
  drawRule(pdf);
}

const style = (pdf: Pdf): Pdf => pdf.font(REGULAR).fontSize(8.5).fillColor(INK);

/** A table over as many pages as it needs, its head on each. */
export async function drawTable(pdf: Pdf, table: PdfTable): Promise<void> {
  const places = placesOf(pdf, table.columns);
  if (pdf.y + 50 > bottomOf(pdf)) pdf.addPage();
  drawHead(pdf, table, places);
  for await (const cells of table.rows) {
    style(pdf);
    const most = pdf.currentLineHeight(true) * MOST_LINES;
    const height = Math.max(...places.map(({ width }, index) => pdf.heightOfString(writable(cells[index] ?? ''), { width })));
    if (pdf.y + Math.min(height, most) > bottomOf(pdf)) {
      pdf.addPage();
      drawHead(pdf, table, places);
      style(pdf);
    }
    drawCells(pdf, cells, places);
  }
  pdf.x = MARGIN;
  pdf.y += 6;
}

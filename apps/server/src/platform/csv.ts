import { UNSEEN } from '@negatoscope/contract';
import { stringify } from 'csv-stringify/sync';

export type CsvCell = string | number | null;

/** Every cell quoted, lines ended as RFC 4180 has them, and what a table program would take for a formula disarmed by an apostrophe. */
const OPTIONS = { quoted: true, quoted_empty: true, escape_formulas: true, record_delimiter: '\r\n' } as const;

/** Before a formula it would hide it, and make one cell look like another. */
const HIDDEN = new RegExp(`[${UNSEEN}]`, 'gu');
const shown = (cell: CsvCell): CsvCell => (typeof cell === 'string' ? cell.replaceAll(HIDDEN, '') : cell);

/** Lines of a table, with the end of each. */
export const csvLines = (rows: readonly (readonly CsvCell[])[]): string =>
  stringify(
    rows.map((row) => row.map(shown)),
    OPTIONS,
  );

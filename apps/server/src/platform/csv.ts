import { stringify } from 'csv-stringify/sync';

export type CsvCell = string | number | null;

/** Every cell quoted, lines ended as RFC 4180 has them, and what a table program would take for a formula disarmed by an apostrophe. */
const OPTIONS = { quoted: true, quoted_empty: true, escape_formulas: true, record_delimiter: '\r\n' } as const;

/** What turns a text round or is not seen: before a formula it would hide it, and make one cell look like another. */
const HIDDEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;
const shown = (cell: CsvCell): CsvCell => (typeof cell === 'string' ? cell.replaceAll(HIDDEN, '') : cell);

/** Lines of a table, with the end of each. */
export const csvLines = (rows: readonly (readonly CsvCell[])[]): string =>
  stringify(
    rows.map((row) => row.map(shown)),
    OPTIONS,
  );

import { TABLE_DATA } from './table-data.ts';
import type { DeidOption } from './types.ts';

/** Basic profile codes as the table has them. */
export type BasicCode = 'D' | 'Z' | 'X' | 'U' | 'Z/D' | 'X/Z' | 'X/D' | 'X/Z/D' | 'X/Z/U*';
/** What is done to an attribute that a row names; `C` with the option that asks to clean it. */
export type Decision =
  | { readonly code: 'D' | 'Z' | 'X' | 'U' | 'inner' }
  | { readonly code: 'K' | 'C'; readonly option: DeidOption };

export interface TableRow {
  readonly tag: string;
  readonly basic: BasicCode;
  readonly options: readonly { readonly option: DeidOption; readonly code: 'K' | 'C' }[];
}

const COLUMNS: Readonly<Record<string, DeidOption>> = {
  P: 'retainSafePrivate',
  U: 'retainUids',
  D: 'retainDeviceIdentity',
  I: 'retainInstitutionIdentity',
  C: 'retainPatientCharacteristics',
  F: 'retainFullDates',
  M: 'retainModifiedDates',
  T: 'cleanDescriptors',
  S: 'cleanStructuredContent',
  G: 'cleanGraphics',
};

/**
 * Compound codes leave it to the type of the attribute in the IOD which of them it is. No IOD is asked: what may be of type 1 gets a dummy value,
 * what may be of type 2 is emptied, which is right for each less strict type as well.
 */
const BASIC: Readonly<Record<BasicCode, 'D' | 'Z' | 'X' | 'U' | 'inner'>> = {
  D: 'D',
  Z: 'Z',
  X: 'X',
  U: 'U',
  'Z/D': 'D',
  'X/Z': 'Z',
  'X/D': 'D',
  'X/Z/D': 'D',
  'X/Z/U*': 'inner',
};

let rows: ReadonlyMap<string, TableRow> | undefined;

function load(): ReadonlyMap<string, TableRow> {
  const list = TABLE_DATA.trim()
    .split(/\s+/)
    .map((token): TableRow => {
      const [tag = '', basic = '', options = ''] = token.split(':');
      return { tag, basic: basic as BasicCode, options: options.split(',').flatMap(optionOf) }; // The generated table has no others; tested.
    });
  return new Map(list.map((row) => [row.tag, row]));
}

function optionOf(text: string): TableRow['options'] {
  const option = COLUMNS[text.charAt(0)];
  return option === undefined ? [] : [{ option, code: text.charAt(1) === 'K' ? 'K' : 'C' }];
}

/** All rows but that of private attributes; groups 50xx and 60xx with X for their digits. */
export function tableRows(): readonly TableRow[] {
  rows ??= load();
  return [...rows.values()];
}

/** The row that names an attribute (eight upper-case hexadecimal digits). */
export function rowOf(tag: string): TableRow | undefined {
  rows ??= load();
  const row = rows.get(tag);
  if (row !== undefined || (!tag.startsWith('50') && !tag.startsWith('60'))) return row;
  return tag.startsWith('50') ? rows.get('50XXXXXX') : rows.get(`60XX${tag.slice(4)}`);
}

/** What the chosen options make of a row: to clean before to keep, to keep before the basic profile (PS3.15 E.1.1, E.3). */
export function decide(row: TableRow, chosen: ReadonlySet<DeidOption>): Decision {
  const asked = row.options.filter(({ option }) => chosen.has(option));
  const clean = asked.find(({ code }) => code === 'C');
  if (clean !== undefined) return { code: 'C', option: clean.option };
  const keep = asked.find(({ option }) => option !== 'retainFullDates') ?? asked[0];
  if (keep !== undefined) return { code: 'K', option: keep.option };
  return { code: BASIC[row.basic] };
}

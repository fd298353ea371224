/** A Specific Character Set (PS3.3 C.12.1.1.2), ready to decode values of one dataset and its items. */
export interface Charset {
  /** Defined terms joined by a backslash, spelling repaired; empty for the default repertoire. */
  readonly terms: string;
  readonly kind: 'default' | 'latin1' | 'latin9' | 'other';
  /** True when the declared terms hold one that PS3.3 does not know. */
  readonly hasUnknownTerm: boolean;
}

export const DEFAULT_CHARSET: Charset = { terms: '', kind: 'default', hasUnknownTerm: false };

const KNOWN_NUMBERS = new Set([6, 13, 58, 87, 100, 101, 109, 110, 126, 127, 138, 144, 148, 149, 159, 166, 192, 203]);

/** Repairs the spellings found in files: `ISO-IR 100`, `ISO IR 100`, `ISO_2022_IR_6`, `ISO 2022 IR100`. */
function normalizeTerm(term: string): string | undefined {
  const text = term.trim().toUpperCase();
  if (text === '') return '';
  if (text === 'GB18030' || text === 'GBK' || text === 'ISO 2022 GBK') return text === 'ISO 2022 GBK' ? 'GBK' : text;
  const match = /^ISO[ _-]?(2022[ _-]?)?IR[ _-]?(\d{1,3})$/.exec(text);
  if (match === null || !KNOWN_NUMBERS.has(Number(match[2]))) return undefined;
  return match[1] === undefined ? `ISO_IR ${match[2]}` : `ISO 2022 IR ${match[2]}`;
}

const KINDS = new Map<string, Charset['kind']>([
  ['', 'default'],
  ['ISO_IR 6', 'default'],
  ['ISO 2022 IR 6', 'default'],
  ['ISO_IR 100', 'latin1'],
  ['ISO_IR 203', 'latin9'],
]);

const cache = new Map<string, Charset>();

/** Reads the value of Specific Character Set (0008,0005), its terms joined by a backslash. Unknown terms are left out and marked. */
export function charsetOf(value: string): Charset {
  const cached = cache.get(value);
  if (cached !== undefined) return cached;
  const terms = value.split('\\').map(normalizeTerm);
  const known = terms.filter((term) => term !== undefined);
  const joined = known.every((term) => term === '') ? '' : known.join('\\');
  const charset: Charset = { terms: joined, kind: KINDS.get(joined) ?? 'other', hasUnknownTerm: known.length < terms.length };
  if (cache.size < 256 && value.length < 256) cache.set(value, charset);
  return charset;
}

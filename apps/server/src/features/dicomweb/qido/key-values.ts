import type { QidoKey } from '../../../archive/search/qido-repository.ts';
import { Failure } from '../../../kernel/failure.ts';

export interface Bounds {
  readonly from?: string;
  readonly to?: string;
}

const escapeLike = (value: string): string => value.replaceAll(/[\\%_]/g, '\\$&');
/** `*` and `?` of PS3.4 C.2.2.2.4 as a LIKE pattern. */
export const likePattern = (value: string): string => escapeLike(value).replaceAll(/\*+/g, '%').replaceAll('?', '_');
export const hasWildcard = (value: string): boolean => /[*?]/.test(value);

/** Elements of a list: `\` is DICOM's separator, the comma is PS3.18's for UIDs. */
export const listed = (value: string): string[] =>
  value
    .split(/[\\,]/)
    .map((part) => part.trim())
    .slice(0, 5000);

function isoDate(text: string): string {
  const match = /^(\d{4})[-.]?(\d{2})[-.]?(\d{2})$/.exec(text.trim());
  const date = match === null ? undefined : `${match[1]}-${match[2]}-${match[3]}`;
  // PostgreSQL has no year 0.
  if (date === undefined || date < '0001' || Number.isNaN(Date.parse(date)) || new Date(date).toISOString().slice(0, 10) !== date)
    throw new Failure('BAD_REQUEST', { detail: 'A date is malformed.' });
  return date;
}

/** `20240101`, `20240101-20240131`, `-20240131`, `20240101-` → ISO bounds, both included (PS3.4 C.2.2.2.5). */
export function dateRange(value: string): Bounds {
  const range = /^(\d{8})?\s*-\s*(\d{8})?$/.exec(value.trim());
  if (range === null) return { from: isoDate(value), to: isoDate(value) };
  const [, from, to] = range;
  if (from === undefined && to === undefined) throw new Failure('BAD_REQUEST', { detail: 'A date is malformed.' });
  return { ...(from === undefined ? {} : { from: isoDate(from) }), ...(to === undefined ? {} : { to: isoDate(to) }) };
}

function isoTime(text: string, filler: '00' | '59'): string {
  const match = /^(\d{2})(?::?(\d{2}))?(?::?(\d{2})(\.\d{1,6})?)?$/.exec(text.trim());
  const [hours = 0, minutes = 0, seconds = 0] = match?.slice(1, 4).map((part) => Number(part ?? 0)) ?? [];
  // A leap second is one (PS3.5 6.2).
  if (match === null || hours > 23 || minutes > 59 || seconds > 60)
    throw new Failure('BAD_REQUEST', { detail: 'A time is malformed.' });
  const fraction = match[4] ?? (filler === '59' ? '.999999' : '');
  return `${match[1]}:${match[2] ?? filler}:${match[3] ?? filler}${fraction}`;
}

/** TM bounds as the index keeps times (`HH:MM:SS[.ffffff]`); a partial upper bound covers its whole hour or minute. */
export function timeRange(value: string): Bounds {
  const [from = '', to, ...more] = value.split('-').map((part) => part.trim());
  if (to === undefined) return { from: isoTime(value, '00'), to: isoTime(value, '59') };
  if (more.length > 0 || (from === '' && to === '')) throw new Failure('BAD_REQUEST', { detail: 'A time is malformed.' });
  return { ...(from === '' ? {} : { from: isoTime(from, '00') }), ...(to === '' ? {} : { to: isoTime(to, '59') }) };
}

export function numbers(value: string): string[] {
  if (!/^[+-]?\d{1,9}$/.test(value.trim())) throw new Failure('BAD_REQUEST', { detail: 'A number is malformed.' });
  return [String(Number(value))];
}

export const text = (place: QidoKey, value: string): QidoKey =>
  hasWildcard(value) ? { ...place, op: 'like', value: likePattern(value) } : { ...place, op: 'in', values: [value] };

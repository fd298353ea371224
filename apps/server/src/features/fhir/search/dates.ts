import { isCalendarDate } from '../../../archive/search/index-list.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Between } from '../../../kernel/list.ts';
import type { Query } from './query.ts';

/** What of a point in time is compared (HL7 FHIR R4, 3.1.1.4.5): `sa` is `gt` and `eb` is `lt` for what takes no time. */
type Prefix = 'eq' | 'ge' | 'gt' | 'le' | 'lt' | 'sa' | 'eb';
/** The first moment or day, and the one behind the last. */
interface Span {
  readonly from: string;
  readonly to: string;
}
interface Wanted {
  readonly prefix: Prefix;
  /** Without a zone in UTC. */
  readonly instants: Span;
  /** The same in days as the value names them: of a day in a clinic nobody asks in which zone. */
  readonly days: Span;
}

const FORM =
  /^(eq|ne|ge|gt|le|lt|sa|eb|ap)?(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

const DAY_MS = 86_400_000;
/** Between which PostgreSQL and four digits have years. */
const [FIRST_MS, MOST_MS] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T00:00:00Z')];
const instant = (ms: number): string => new Date(Math.max(FIRST_MS, ms)).toISOString();
const dayOf = (ms: number): string => instant(ms).slice(0, 10);

/** Reads a date with its prefix. Fails with VALIDATION_FAILED for what is none, and for `ne` and `ap`. */
function wantedOf(name: string, value: string): Wanted {
  const refuse = (message: string) => new Failure('VALIDATION_FAILED', { errors: [{ path: name, message }] });
  const [, prefix = 'eq', year = '', month, day, hour, minute, second, fraction, zone = 'Z'] = FORM.exec(value) ?? [];
  if (prefix === 'ne' || prefix === 'ap') throw refuse('ne and ap are not supported.');
  const date = `${year}-${month ?? '01'}-${day ?? '01'}`;
  if (!isCalendarDate(date)) throw refuse('Not a date.');
  const from = Date.parse(
    `${date}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}.${(fraction ?? '').slice(0, 3).padEnd(3, '0')}${zone}`,
  );
  const next = new Date(`${date}T00:00:00Z`);
  if (month === undefined) next.setUTCFullYear(next.getUTCFullYear() + 1);
  else if (day === undefined) next.setUTCMonth(next.getUTCMonth() + 1);
  else next.setUTCDate(next.getUTCDate() + 1);
  const length = fraction !== undefined ? 1 : second !== undefined ? 1_000 : 60_000;
  const to = hour === undefined ? next.getTime() : from + length;
  // With a zone, a moment may be of a day before the one that it is named by.
  if (Number.isNaN(from) || Math.max(to, next.getTime()) > MOST_MS) throw refuse('Not a date.');
  return {
    prefix: prefix as Prefix, // The form knows no others.
    instants: { from: instant(from), to: instant(to) },
    days: { from: date, to: dayOf(next.getTime()) },
  };
}

const wishesOf = ({ wishes }: Query, name: string): Wanted[] =>
  (wishes.get(name) ?? []).map((values) => {
    const [value = '', more] = values;
    if (more !== undefined) throw new Failure('VALIDATION_FAILED', { errors: [{ path: name, message: 'One date at a time.' }] });
    return wantedOf(name, value);
  });

type Ends = Readonly<Partial<Record<Prefix, keyof Span>>>;
/** Which end of what is named something begins at, and which one it ends before. */
const BEGINS: Ends = { eq: 'from', ge: 'from', gt: 'to', sa: 'to' };
const ENDS: Ends = { eq: 'to', le: 'to', lt: 'from', eb: 'from' };

/** Between which moments or days something is by all that is wanted, the second not included. */
function between(wanted: readonly Wanted[], by: 'instants' | 'days'): Between {
  const named = (ends: Ends): string[] =>
    wanted
      .flatMap(({ prefix, [by]: span }) => {
        const end = ends[prefix];
        return end === undefined ? [] : [span[end]];
      })
      .sort();
  return { from: named(BEGINS).at(-1) ?? null, to: named(ENDS)[0] ?? null };
}

/** Between which moments something must have happened at a moment, the second not included; both null where nobody asks. */
export const instantsOf = (query: Query, name: string): Between => between(wishesOf(query, name), 'instants');

/** Between which days something must have been that is known by its day alone, both included. A time of day is read as its day. */
export function daysOf(query: Query, name: string): Between {
  const { from, to } = between(wishesOf(query, name), 'days');
  return { from, to: to === null ? null : dayOf(Date.parse(`${to}T00:00:00Z`) - DAY_MS) };
}

/** Whether a FHIR date or instant is what was asked for. */
export function isWithin(query: Query, name: string, at: unknown): boolean {
  if (!query.wishes.has(name)) return true;
  if (typeof at !== 'string') return false;
  const { from, to } = at.length === 10 ? daysOf(query, name) : instantsOf(query, name);
  return (from === null || at >= from) && (to === null || (at.length === 10 ? at <= to : at < to));
}

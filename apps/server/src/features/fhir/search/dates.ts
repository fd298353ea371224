import { Failure } from '../../../kernel/failure.ts';
import type { Between } from '../../../kernel/list.ts';
import type { Query } from './query.ts';

/** What of a point in time is compared (HL7 FHIR R4, 3.1.1.4.5): `sa` is `gt` and `eb` is `lt` for what takes no time. */
type Prefix = 'eq' | 'ge' | 'gt' | 'le' | 'lt' | 'sa' | 'eb';
interface Wanted {
  readonly prefix: Prefix;
  /** From the first moment to the one behind the last, in ms; without a zone in UTC. */
  readonly from: number;
  readonly to: number;
  /** The same in days, both included, as the value names them: of a day in a clinic nobody asks in which zone. */
  readonly firstDay: string;
  readonly lastDay: string;
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
  const from = Date.parse(
    `${year}-${month ?? '01'}-${day ?? '01'}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}.${(fraction ?? '').slice(0, 3).padEnd(3, '0')}${zone}`,
  );
  const date = `${year}-${month ?? '01'}-${day ?? '01'}`;
  // 31 April is read as 1 May by the clock alone.
  if (year === '' || year === '0000' || Number.isNaN(from) || dayOf(Date.parse(`${date}T00:00:00Z`)) !== date)
    throw refuse('Not a date.');
  const next = new Date(`${date}T00:00:00Z`);
  if (month === undefined) next.setUTCFullYear(next.getUTCFullYear() + 1);
  else if (day === undefined) next.setUTCMonth(next.getUTCMonth() + 1);
  const isDay = hour === undefined;
  const lastDay = month === undefined || day === undefined ? dayOf(next.getTime() - DAY_MS) : date;
  const length = fraction !== undefined ? 1 : second !== undefined ? 1_000 : 60_000;
  const to = isDay ? Date.parse(`${lastDay}T00:00:00Z`) + DAY_MS : from + length;
  if (Number.isNaN(to) || to > MOST_MS) throw refuse('Not a date.');
  return { prefix: prefix as Prefix, from, to, firstDay: date, lastDay }; // The form knows no others.
}

const wishesOf = ({ wishes }: Query, name: string): Wanted[] =>
  (wishes.get(name) ?? []).map((values) => {
    const [value = '', more] = values;
    if (more !== undefined) throw new Failure('VALIDATION_FAILED', { errors: [{ path: name, message: 'One date at a time.' }] });
    return wantedOf(name, value);
  });

const latest = (all: readonly (string | null)[]): string | null =>
  all.reduce<string | null>((last, one) => (one !== null && (last === null || one > last) ? one : last), null);
const earliest = (all: readonly (string | null)[]): string | null =>
  all.reduce<string | null>((first, one) => (one !== null && (first === null || one < first) ? one : first), null);

/** Between which moments something must have happened at a moment, the second not included; both null where nobody asks. */
export function instantsOf(query: Query, name: string): Between {
  const wanted = wishesOf(query, name);
  return {
    from: latest(
      wanted.map(({ prefix, from, to }) =>
        prefix === 'eq' || prefix === 'ge' ? instant(from) : prefix === 'gt' || prefix === 'sa' ? instant(to) : null,
      ),
    ),
    to: earliest(
      wanted.map(({ prefix, from, to }) =>
        prefix === 'eq' || prefix === 'le' ? instant(to) : prefix === 'lt' || prefix === 'eb' ? instant(from) : null,
      ),
    ),
  };
}

/** Between which days something must have been that is known by its day alone, both included. A time of day is read as its day. */
export function daysOf(query: Query, name: string): Between {
  const wanted = wishesOf(query, name);
  const moved = (day: string, by: number): string => dayOf(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS);
  return {
    from: latest(
      wanted.map(({ prefix, firstDay, lastDay }) =>
        prefix === 'eq' || prefix === 'ge' ? firstDay : prefix === 'gt' || prefix === 'sa' ? moved(lastDay, 1) : null,
      ),
    ),
    to: earliest(
      wanted.map(({ prefix, firstDay, lastDay }) =>
        prefix === 'eq' || prefix === 'le' ? lastDay : prefix === 'lt' || prefix === 'eb' ? moved(firstDay, -1) : null,
      ),
    ),
  };
}

/** Whether a FHIR date or instant is what was asked for. */
export function isWithin(query: Query, name: string, at: unknown): boolean {
  if (!query.wishes.has(name)) return true;
  if (typeof at !== 'string') return false;
  const { from, to } = at.length === 10 ? daysOf(query, name) : instantsOf(query, name);
  return (from === null || at >= from) && (to === null || (at.length === 10 ? at <= to : at < to));
}

import { Failure } from './failure.ts';
import { ID } from './ids.ts';

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly totalIsExact: boolean;
}

/** Lists stop counting here and say that the total is not exact. */
export const TOTAL_CAP = 10_000;

/** A part of rows in the order of their ids, the newest first: from the row of an id on, itself included. */
export interface Slice {
  readonly from: string | null;
  readonly limit: number;
  /** Whether anybody is told how many there are in all. */
  readonly isCounted: boolean;
}

/** Rows of a slice, and how many there are in all, counted as far as `TOTAL_CAP` and one more; null where that was not asked for. */
export interface Sliced<T> {
  readonly items: readonly T[];
  readonly total: number | null;
}

/** From a moment or day on, to another one; null leaves a side open. */
export interface Between {
  readonly from: string | null;
  readonly to: string | null;
}

/** A cursor is the sort key of the last row as opaque text: stable under inserts, unlike an offset. */
export const encodeCursor = (key: readonly (string | number | null)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

type CursorValue = string | number | null;
/** Says whether one value of a cursor can be a place of its list: what it lets through reaches the database as it is. */
type CursorPart<T extends CursorValue> = (value: CursorValue) => value is T;

/** As `toISOString` writes it, of a year that PostgreSQL has. */
const INSTANT = /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
/** NUL and lone surrogates are text that PostgreSQL can't hold. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

export const aUuid = (value: CursorValue): value is string => typeof value === 'string' && ID.test(value);
export const anInstant = (value: CursorValue): value is string =>
  typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value));
export const aText = (value: CursorValue): value is string => typeof value === 'string' && !UNSTORABLE.test(value);
export const anInteger = (value: CursorValue): value is number => typeof value === 'number' && Number.isSafeInteger(value);

/** Fails with BAD_CURSOR when the text is not a cursor of these parts. */
export function decodeCursor<T extends readonly CursorValue[]>(
  cursor: string,
  ...parts: { [K in keyof T]: T[K] extends CursorValue ? CursorPart<T[K]> : never }
): T {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(key) && key.length === parts.length && parts.every((isPart, index) => isPart(key[index])))
      return key as never; // Each was just looked at.
  } catch {
    // Falls through to the one answer that every bad cursor gets.
  }
  throw new Failure('BAD_CURSOR');
}

import { Failure } from './failure.ts';

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly totalIsExact: boolean;
}

/** Lists stop counting here and say that the total is not exact. */
export const TOTAL_CAP = 10_000;

/** A cursor is the sort key of the last row as opaque text: stable under inserts, unlike an offset. */
export const encodeCursor = (key: readonly (string | number | null)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/** Fails with BAD_CURSOR when the text is not a cursor of `length` values. */
export function decodeCursor(cursor: string, length: number): (string | number | null)[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isValue = (value: unknown): value is string | number | null =>
      value === null || typeof value === 'string' || typeof value === 'number';
    if (Array.isArray(key) && key.length === length && key.every(isValue)) return key;
  } catch {
    // Falls through to the one answer that every bad cursor gets.
  }
  throw new Failure('BAD_CURSOR');
}

import { isCalendarDate, storableText } from '../../archive/search/index-list.ts';
import { Failure } from '../../kernel/failure.ts';

const refuse = (path: string, message: string): Failure => new Failure('VALIDATION_FAILED', { errors: [{ path, message }] });

/** Fails with VALIDATION_FAILED for a day that no calendar has. */
export function requireDate<T extends string | null | undefined>(path: string, value: T): T {
  if (typeof value === 'string' && !isCalendarDate(value)) throw refuse(path, 'Not a date of the calendar.');
  return value;
}

/** Fails with VALIDATION_FAILED for text that can't be stored (NUL, half a surrogate pair). */
export function requireText<T extends string | null | undefined>(path: string, value: T): T {
  if (typeof value === 'string' && storableText(value) !== value) throw refuse(path, 'Not a text.');
  return value;
}

export const unknownGroup = (): Failure => refuse('groupId', 'No such group.');

/** SQLSTATE of a key that another row has (PostgreSQL, appendix A). */
export const UNIQUE_VIOLATION = '23505';
export const FOREIGN_KEY_VIOLATION = '23503';
/** Of our own triggers: what a legal hold keeps. */
const HELD = 'NG001';

/** The code by which PostgreSQL, or the connection to it, says what is wrong; undefined for anything else. */
export const sqlStateOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

export const isUniqueViolation = (error: unknown): boolean => sqlStateOf(error) === UNIQUE_VIOLATION;

/** Whether the policies of the database refused to write a row: out of the actor's scope, or in it for reading only. */
export const isOutOfScope = (error: unknown): boolean =>
  sqlStateOf(error) === '42501' && error instanceof Error && error.message.includes('row-level security');

export const isHeld = (error: unknown): boolean => sqlStateOf(error) === HELD;

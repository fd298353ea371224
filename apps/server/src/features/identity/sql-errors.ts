import type { ErrorCode } from '@negatoscope/contract';
import { Failure } from '../../kernel/failure.ts';
import { FOREIGN_KEY_VIOLATION, sqlStateOf, UNIQUE_VIOLATION } from '../../platform/db/sql-state.ts';

/** Runs database work; what the unique and foreign keys refuse becomes the given failures, everything else passes. */
export async function translating<T>(
  work: () => Promise<T>,
  failures: { unique?: ErrorCode; foreignKey?: () => Failure },
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = sqlStateOf(error);
    if (code === UNIQUE_VIOLATION && failures.unique !== undefined) throw new Failure(failures.unique);
    if (code === FOREIGN_KEY_VIOLATION && failures.foreignKey !== undefined) throw failures.foreignKey();
    throw error;
  }
}

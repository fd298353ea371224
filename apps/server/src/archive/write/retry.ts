import { setTimeout as sleep } from 'node:timers/promises';
import { sqlStateOf, UNIQUE_VIOLATION } from '../../platform/db/sql-state.ts';

/** The index changed between looking and writing: look again. */
export class Recheck extends Error {}

const MAX_ATTEMPTS = 12;
/** Deadlock, serialisation failure, a unique key that another transaction took first. */
const AGAIN = new Set(['40P01', '40001', UNIQUE_VIOLATION]);

/** Whether another transaction was in the way, and nothing else is wrong. */
export function mayTryAgain(error: unknown): boolean {
  if (error instanceof Recheck) return true;
  return AGAIN.has(sqlStateOf(error) ?? '');
}

/** Runs `work` again when another transaction was in its way; nothing of the failed attempt has been committed then. */
export async function withRetry<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!mayTryAgain(error) || attempt === MAX_ATTEMPTS) throw error;
      await sleep(Math.random() * 20 * attempt);
    }
  }
}

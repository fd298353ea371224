import { READING_LASTS_MS, type Reader, type Reading } from '@negatoscope/contract';
import { type Actor, scopeOf, seesIdentity, userOf } from '../../../access/index.ts';
import type { StudyRow } from '../../../archive/records/study-rows.ts';
import type { ReadTx } from '../../../platform/db/database.ts';
import * as repository from './repository.ts';

export const MOST_SHOWN = 20;
export const aliveAt = (now: Date): Date => new Date(now.getTime() - READING_LASTS_MS);

/** A reader as an actor may see them. */
export function readerOf(
  { user_id: userId, name, since }: Pick<repository.ReadingRow, 'user_id' | 'name' | 'since'>,
  actor: Actor,
): Reader {
  const isSelf = userId === userOf(actor);
  return { userId, name: seesIdentity(actor) || isSelf ? name : null, since: since.toISOString(), isSelf };
}

/** One line for each person, by their earliest reading. */
function readersOf(rows: readonly repository.ReadingRow[], actor: Actor): Reader[] {
  const first = new Map([...rows].reverse().map((row) => [row.user_id, row]));
  const earliest = rows.filter((row) => first.get(row.user_id) === row).slice(0, MOST_SHOWN);
  return earliest.map((row) => readerOf(row, actor));
}

export async function readingOf(tx: ReadTx, actor: Actor, study: StudyRow, now: Date): Promise<Reading> {
  const rows = await repository.findReadings(tx, scopeOf(actor), study.id, aliveAt(now));
  return {
    status: study.status,
    firstOpenedAt: study.first_opened_at?.toISOString() ?? null,
    readAt: study.read_at?.toISOString() ?? null,
    validatedAt: study.validated_at?.toISOString() ?? null,
    readers: readersOf(rows, actor),
  };
}

import type { ReadTx } from '../../../platform/db/database.ts';
import { oneLine } from '../one-line.ts';
import type { Named } from './paper.ts';
import { findNames, type ReportRow } from './repository.ts';

/** A kept report with the names that its people have today. */
export async function named(tx: ReadTx, row: NonNullable<ReportRow>): Promise<{ id: string; report: Named }> {
  const { figures } = row;
  const ids = figures.rows.flatMap(({ actorId }) => actorId ?? []);
  const names = new Map((await findNames(tx, [...new Set(ids)])).map(({ id, name }) => [id, oneLine(name ?? '')]));
  return { id: row.id, report: { ...row, figures, names } };
}

import type { Scope } from '../../../access/index.ts';
import type { ArchiveReader } from '../../../archive/doors.ts';
import type { QidoLevel } from '../../../archive/search/attributes.ts';
import { type DicomJson, type QidoStatement, searchRows } from '../../../archive/search/qido-repository.ts';
import type { Plans } from '../../../platform/db/database.ts';
import { qidoResult } from './answer.ts';
import { qidoSearch } from './keys.ts';
import { parseQidoQuery } from './query.ts';

/** The first matches come soon, the others in long runs. */
const FIRST = 50;
const NEXT = 2_000;

export interface Found {
  readonly matches: readonly DicomJson[];
  /** Keys that are not matched here. */
  readonly ignored: readonly string[];
}

/**
 * The same search as QIDO-RS's, for who sees identities in a scope and asks otherwise: matches as they are found, in runs, with the attributes that the
 * keys name and those of the level. Fails with BAD_REQUEST for keys that are none and values that are malformed.
 */
export async function* searchIndex(
  db: ArchiveReader,
  scope: Scope,
  { level, keys }: { readonly level: QidoLevel; readonly keys: URLSearchParams },
): AsyncGenerator<Found, void> {
  const parsed = parseQidoQuery(level, keys);
  const ask = async (statement: QidoStatement, plans: Plans) => (await db.asking(scope, [statement], plans))[0];
  for (let offset = 0, limit = FIRST; ; offset += limit, limit = NEXT) {
    const query = { ...parsed, offset, limit };
    const { rows, more } = await searchRows(ask, qidoSearch(query, true), undefined);
    yield { matches: rows.map((row) => qidoResult(row, query, '', true)), ignored: parsed.ignored };
    if (!more) return;
  }
}

import type { Scope } from '../../../access/index.ts';
import type { ArchiveReader } from '../../../archive/doors.ts';
import type { QidoLevel } from '../../../archive/search/attributes.ts';
import {
  placeOf,
  type QidoPlace,
  type QidoRow,
  type QidoSearch,
  type QidoStatement,
  searchRows,
} from '../../../archive/search/qido-repository.ts';
import type { Plans } from '../../../platform/db/database.ts';
import { columnOf } from './elements.ts';
import { qidoSearch } from './keys.ts';
import { parseQidoQuery } from './query.ts';

/** The first matches come soon, the others in runs that grow. */
const FIRST = 20;
const NEXT = 500;
const MOST = 2_000;

export interface Found {
  /** Keys that are not matched here. */
  readonly ignored: readonly string[];
  /** The attributes that the keys name, by their tags: how each is read of a row, and its VR where that is always the same. */
  readonly columns: ReadonlyMap<string, ReturnType<typeof columnOf>>;
  /** Rows as they are found: of one run there are none any more when the next is asked for. */
  readonly runs: AsyncGenerator<readonly QidoRow[], void>;
}

/**
 * Each run is what stands behind the last row of the one before: what comes or goes meanwhile neither doubles a match nor pushes one out, and nothing is read twice. No
 * transaction stays open for as long as a node reads.
 */
async function* rowsInRuns(db: ArchiveReader, scope: Scope, search: QidoSearch): AsyncGenerator<QidoRow[], void> {
  const ask = async (statement: QidoStatement, plans: Plans) => (await db.asking(scope, [statement], plans))[0];
  let after: QidoPlace | undefined;
  let along = true;
  for (let limit = FIRST; ; limit = limit === FIRST ? NEXT : MOST) {
    const wanted = { ...search, limit, along, ...(after === undefined ? {} : { after }) };
    const { rows, more, isThin } = await searchRows(ask, wanted, undefined);
    const last = rows.at(-1);
    if (last !== undefined) after = placeOf(last);
    yield rows;
    if (!more) return;
    along &&= isThin !== true;
  }
}

/**
 * Asks for the next run before the one that is there is worked at, and empties that afterwards: an answer of the database that a collection of memory has made old
 * keeps its rows until the next whole one, and what they hold of the young with them: each collection copied thousands of rows that nobody had any more.
 */
async function* oneAhead(runs: AsyncGenerator<QidoRow[], void>): AsyncGenerator<readonly QidoRow[], void> {
  const ask = (): Promise<IteratorResult<QidoRow[], void>> => {
    const asked = runs.next();
    // It is awaited in its turn; until then a failure must not count as unhandled.
    asked.catch(() => undefined);
    return asked;
  };
  try {
    for (let next = await ask(); next.done !== true; ) {
      const following = ask();
      yield next.value;
      next.value.length = 0;
      next = await following;
    }
  } finally {
    await runs.return();
  }
}

/**
 * The same search as QIDO-RS's, for who sees identities in a scope and asks otherwise: matches as they are found, in runs, with the attributes that the
 * keys name. Fails with BAD_REQUEST for keys that are none and values that are malformed.
 */
export function searchIndex(
  db: ArchiveReader,
  scope: Scope,
  { level, keys }: { readonly level: QidoLevel; readonly keys: URLSearchParams },
): Found {
  const query = parseQidoQuery(level, keys);
  const tags = new Set(query.include.map(([tag = '']) => tag));
  const search = { ...qidoSearch(query, true), tags };
  const columns = new Map([...tags].map((tag) => [tag, columnOf(level, tag)]));
  return { ignored: query.ignored, columns, runs: oneAhead(rowsInRuns(db, scope, search)) };
}

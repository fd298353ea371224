import { createHash } from 'node:crypto';
import { type Service, scopeOf } from '../access/index.ts';
import { type NamedObject, nextObjects } from '../archive/objects/stored-objects.ts';
import type { RowKinds } from '../archive/row-kind.ts';
import { Failure } from '../kernel/failure.ts';
import { LIST, OF_OBJECT, PART, PIECE_BYTES, type Pieces, sha256 } from '../platform/backup/index.ts';
import type { Db } from '../platform/db/database.ts';
import { type GuardedObjects, ObjectUnreadable } from '../platform/objects/store/index.ts';

export interface ObjectTools {
  readonly db: Db;
  readonly by: Service;
  readonly objects: GuardedObjects;
  readonly kinds: RowKinds;
  readonly pieces: Pieces;
  readonly signal: AbortSignal;
  /** Called after each object that was looked at. */
  readonly onObject: () => Promise<void>;
}

/** What was found on the way through all objects that rows name. */
export interface ObjectTally {
  count: number;
  bytes: number;
  copied: number;
  copiedBytes: number;
  readonly damaged: Set<string>;
  readonly gone: Set<string>;
  readonly unhashed: Map<string, string>;
}

export const emptyTally = (): ObjectTally => ({
  ...{ count: 0, bytes: 0, copied: 0, copiedBytes: 0 },
  ...{ damaged: new Set(), gone: new Set(), unhashed: new Map() },
});

const PAGE = 500;
/** Objects that are read at a time: the disk has something to do while one is hashed, and those who look at images still find it free. */
const AT_ONCE = 4;

/** Copies every object that a row names and that the backup has not got, and adds up all. Objects of the round before count once. */
export async function copyObjects(tools: ObjectTools, tally: ObjectTally): Promise<void> {
  Object.assign(tally, { count: 0, bytes: 0 });
  for (let after: string | null = null; ; ) {
    const from: string | null = after;
    const page: NamedObject[] = await tools.db.reading(scopeOf(tools.by), (tx) =>
      nextObjects(tx, tools.kinds, { after: from, limit: PAGE }),
    );
    const waiting = [...page];
    const work = Array.from({ length: AT_ONCE }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        tools.signal.throwIfAborted();
        await copyObject(tools, tally, next);
        await tools.onObject();
      }
    });
    await Promise.all(work);
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) return;
  }
}

async function copyObject(tools: ObjectTools, tally: ObjectTally, object: NamedObject): Promise<void> {
  const { pieces } = tools;
  tally.count += 1;
  tally.bytes += object.size_bytes ?? 0;
  if (object.sha256 !== null && pieces.see(object.sha256)) return;
  try {
    const known = tally.unhashed.get(object.id);
    if (known !== undefined && pieces.see(Buffer.from(known, 'base64'))) return;
    const hash = await copyWhole(tools, tally, object);
    if (object.sha256 === null) tally.unhashed.set(object.id, hash.toString('base64'));
    tally.copied += 1;
  } catch (error) {
    if (error instanceof Failure && error.code === 'OBJECT_DAMAGED') tally.damaged.add(object.id);
    // What no row names any more was removed while we came to it.
    else if (error instanceof ObjectUnreadable) tally.gone.add(object.id);
    else throw error;
  }
}

/** Reads an object and compares it with its row before it counts as copied. Gives its hash. */
async function copyWhole(
  { objects, pieces }: ObjectTools,
  tally: ObjectTally,
  { id, size_bytes, sha256: wanted }: NamedObject,
): Promise<Buffer> {
  const sizeBytes = size_bytes ?? (await objects.size(id));
  const flags = OF_OBJECT;
  if (sizeBytes <= PIECE_BYTES) {
    const bytes = await objects.read(id, 0, sizeBytes);
    const hash = sha256(bytes);
    await requireHash(objects, { id, hash, wanted });
    const { copied } = await pieces.add(bytes, { hash, flags });
    tally.copiedBytes += copied;
    return hash;
  }
  const whole = createHash('sha256');
  const parts: Buffer[] = [];
  for (let at = 0; at < sizeBytes; at += PIECE_BYTES) {
    const bytes = await objects.read(id, at, Math.min(PIECE_BYTES, sizeBytes - at));
    whole.update(bytes);
    parts.push(sha256(bytes));
    const { copied } = await pieces.add(bytes, { hash: parts.at(-1), flags: flags | PART });
    tally.copiedBytes += copied;
  }
  const hash = whole.digest();
  await requireHash(objects, { id, hash, wanted });
  await pieces.add(Buffer.concat(parts), { hash, flags: flags | LIST });
  return hash;
}

async function requireHash(
  objects: GuardedObjects,
  { id, hash, wanted }: { readonly id: string; readonly hash: Buffer; readonly wanted: Buffer | null },
): Promise<void> {
  if (wanted === null || hash.equals(wanted)) return;
  await objects.mark(id, 'HASH');
  throw new Failure('OBJECT_DAMAGED');
}

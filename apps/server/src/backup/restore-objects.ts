import { createHash } from 'node:crypto';
import { type Service, scopeOf } from '../access/index.ts';
import { type NamedObject, nextObjects } from '../archive/objects/stored-objects.ts';
import { Failure } from '../kernel/failure.ts';
import { StartError } from '../kernel/start-error.ts';
import type { Pieces } from '../platform/backup/index.ts';
import type { ObjectSource } from '../platform/objects/store/index.ts';
import type { ServerParts } from '../server-parts.ts';

export interface RestoreTools {
  readonly parts: ServerParts;
  readonly by: Service;
  readonly pieces: Pieces;
  /** Hashes of objects whose rows have none, by id. */
  readonly unhashed: Readonly<Record<string, string>>;
  /** Some may be there, of a restore that was cut off. */
  readonly isAgain: boolean;
  /** Goes on where an object can't be had, and notes it as damaged. */
  readonly acceptsDamage: boolean;
  readonly onProgress?: (done: { objects: number; bytes: number }) => void;
}

export interface RestoredObjects {
  objects: number;
  bytes: number;
  /** Ids of those that the backup has not, or not whole. */
  readonly missing: string[];
  /** Metadata of series that were made anew. */
  rebuilt: number;
}

const PAGE = 500;
const AT_ONCE = 8;
const PROGRESS_MS = 3_000;

/** Brings every object that the restored database names, compared with the hash in its row before it is written. */
export async function restoreObjects(tools: RestoreTools): Promise<RestoredObjects> {
  const done: RestoredObjects = { objects: 0, bytes: 0, missing: [], rebuilt: 0 };
  let told = performance.now();
  for (let after: string | null = null; ; ) {
    const from: string | null = after;
    const page: NamedObject[] = await tools.parts.db.reading(scopeOf(tools.by), (tx) =>
      nextObjects(tx, tools.parts.kinds, { after: from, limit: PAGE }),
    );
    const waiting = [...page];
    const work = Array.from({ length: AT_ONCE }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await restoreOne(tools, done, next);
    });
    await Promise.all(work);
    if (performance.now() - told > PROGRESS_MS) {
      told = performance.now();
      tools.onProgress?.(done);
    }
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) return done;
  }
}

async function restoreOne(tools: RestoreTools, done: RestoredObjects, object: NamedObject): Promise<void> {
  const { parts, pieces, unhashed } = tools;
  const name = unhashed[object.id];
  const hash = object.sha256 ?? (name === undefined ? undefined : Buffer.from(name, 'base64'));
  if (hash === undefined || !pieces.has(hash)) return missing(tools, done, object);
  if (tools.isAgain && (await isThere(parts, object, hash))) {
    done.objects += 1;
    done.bytes += await parts.objects.size(object.id);
    return;
  }
  try {
    const source = await sourceOf(pieces, hash);
    const { sizeBytes } = source;
    if (object.size_bytes !== null && object.size_bytes !== sizeBytes) throw damaged(object.id);
    await parts.objects.restore(object.id, source);
    if (!source.isWhole()) throw damaged(object.id);
    done.objects += 1;
    done.bytes += sizeBytes;
  } catch (error) {
    if (!(error instanceof StartError) || !tools.acceptsDamage) throw error;
    await missing(tools, done, object);
  }
}

/** A store that has none of it, or something else, gets it again. */
const isThere = async (parts: ServerParts, { id, size_bytes: sizeBytes }: NamedObject, sha256: Buffer): Promise<boolean> =>
  (await parts.objects.examine({ id, sha256, ...(sizeBytes === null ? {} : { sizeBytes }) })) === undefined;

const damaged = (id: string): StartError =>
  new StartError('BACKUP_DAMAGED', `the object ${id} is not what its row says: take another backup`);

/** An object as it is read for the store, from its beginning to its end and one piece at a time, and hashed meanwhile. */
async function sourceOf(pieces: Pieces, hash: Buffer): Promise<ObjectSource & { isWhole(): boolean }> {
  const parts = await pieces.partsOf(hash);
  const digest = createHash('sha256');
  let index = -1;
  let start = 0;
  let piece: Buffer = Buffer.alloc(0);
  const read = async (offset: number, length: number): Promise<Buffer> => {
    const found: Buffer[] = [];
    for (let at = offset; at < offset + length; ) {
      while (at >= start + piece.length) {
        index += 1;
        start += piece.length;
        piece = await pieces.read(parts[index] ?? hash);
      }
      found.push(piece.subarray(at - start, offset + length - start));
      at += found.at(-1)?.length ?? 0;
    }
    const bytes = Buffer.concat(found);
    digest.update(bytes);
    return bytes;
  };
  const sizeBytes = parts.reduce((sum, part) => sum + pieces.sizeOf(part), 0);
  return { sizeBytes, read, isWhole: () => digest.digest().equals(hash) };
}

/** Metadata of a series can be made of its instances again, at the end; anything else is lost, and known to be. */
async function missing({ parts }: RestoreTools, done: RestoredObjects, { id, series_id: seriesId }: NamedObject): Promise<void> {
  await parts.objects.mark(id, 'MISSING');
  if (seriesId === null) done.missing.push(id);
  else done.rebuilt += 1;
}

/** Makes metadata anew that the backup had not: they are put together again and again, and what was replaced before it was copied is gone. */
export async function rebuildMissing({ parts, by }: Pick<RestoreTools, 'parts' | 'by'>): Promise<void> {
  for (let after: string | null = null; ; ) {
    const from: string | null = after;
    const page: NamedObject[] = await parts.db.reading(scopeOf(by), (tx) =>
      nextObjects(tx, parts.kinds, { after: from, limit: PAGE }),
    );
    for (const { id, series_id: seriesId } of page) {
      if (seriesId === null || !(await parts.objects.isDamaged(id))) continue;
      await parts.ingest.rebuildMetadata(by, seriesId).catch((error: unknown) => {
        if (!(error instanceof Failure)) throw error;
      });
    }
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) return;
  }
}

import { createHash } from 'node:crypto';
import type { Scope } from '../../access/index.ts';
import * as repository from '../../archive/records/exported.ts';
import type { Db } from '../../platform/db/database.ts';
import type { ScratchBytes } from '../../platform/objects/scratch/index.ts';
import { type GuardedObjects, type ObjectReader, verifiedReader, withStart } from '../../platform/objects/store/index.ts';

/** How many a page of `findInstances` has. */
const PAGE = 1000;

/** The instances of a series in the scope, page by page: no transaction stays open while a slow reader downloads. */
export async function* instancePages(
  db: Pick<Db, 'reading'>,
  scope: Scope,
  seriesId: string,
): AsyncGenerator<repository.ExportedInstance[]> {
  for (let after: string | null = null; ; ) {
    const position: string | null = after;
    const page: repository.ExportedInstance[] = await db.reading(scope, (tx) =>
      repository.findInstances(tx, scope, seriesId, position),
    );
    yield page;
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) return;
  }
}

interface Stored {
  readonly id: string;
  readonly sizeBytes: number;
  readonly sha256: Buffer;
}

/** Reads one stored object whose start is there already, and compares it with its hash when it is read to its end. Fails as the store does. */
export const openVerified = (
  { reader, objects }: { readonly reader: ObjectReader; readonly objects: GuardedObjects },
  whole: Stored,
): ReturnType<typeof withStart> => withStart(verifiedReader(reader, whole, objects), whole);

export interface SentContent {
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Passes content on, and tells its size and SHA-256 once it has left whole. */
export async function* hashedContent(
  content: AsyncIterable<Uint8Array>,
  tell: (sent: SentContent) => void,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    sizeBytes += chunk.byteLength;
    yield chunk;
  }
  tell({ sizeBytes, sha256: hash.digest('hex') });
}

const CHUNK_BYTES = 1024 * 1024;

/** What was made aside, to its end. */
export async function* madeAside(bytes: ScratchBytes): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.sizeBytes; at += CHUNK_BYTES) yield await bytes.read(at, CHUNK_BYTES);
}

import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import { Turns } from '../../../kernel/turns.ts';
import type { Scratch } from '../../../platform/objects/scratch/index.ts';
import { Spool } from '../../../platform/sending/spool.ts';
import type { HeavyWork } from '../heavy.ts';
import { packedRuns } from '../packed-pieces.ts';
import type { IncomingFile, StoredFile } from '../ports.ts';
import { type Collected, collect, type Spools } from './collect-parts.ts';
import { type Document, type MadeFiles, makeFiles } from './dataset-files.ts';
import type { RelatedPart } from './multipart-related.ts';

async function bytesFrom(spool: Spool, offset: number, length: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of spool.read(offset, length)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Little is made into files here, more where it can be ended. */
async function madeOf(heavy: HeavyWork, spool: Spool, { documents, bulk, count }: Collected): Promise<MadeFiles> {
  if (!count.isQuick) {
    const lengths = Float64Array.from(documents, ({ length }) => length);
    const forms = documents.map(({ form }) => form).join(' ');
    return heavy.store({ forms, lengths, bulk: bulk.packed() }, (offset, length) => bytesFrom(spool, offset, length));
  }
  const read: Document[] = [];
  let at = 0;
  for (const { form, length } of documents) {
    read.push({ form, bytes: await bytesFrom(spool, at, length) });
    at += length;
  }
  return makeFiles(read, bulk);
}

/** Where bytes of a file are in the spool. */
interface Place {
  readonly offset: number;
  readonly length: number;
}

/** Runs of a file are often short: they are handed on in pieces of this length. */
const PIECE_BYTES = 64 * 1024;

async function* bytesOf(places: readonly Place[], spool: Spool): AsyncGenerator<Uint8Array> {
  const turns = new Turns();
  let held: Buffer[] = [];
  let length = 0;
  for (const place of places) {
    for await (const bytes of spool.read(place.offset, place.length)) {
      held.push(bytes);
      length += bytes.length;
      if (length < PIECE_BYTES) continue;
      yield held.length === 1 ? bytes : Buffer.concat(held);
      held = [];
      length = 0;
    }
    await turns.pass();
  }
  if (length > 0) yield Buffer.concat(held);
}

/** A dataset of the request: the places of its file, empty when it can't be one. */
interface Dataset {
  readonly places: readonly Place[];
  readonly isChanged: boolean;
}

/** Datasets in their order; new bytes of all files begin at `start` of the spool. Bytes of several files may be one run. */
function* datasetsOf({ pieces, files }: MadeFiles, start: number): Generator<Dataset> {
  const runs = packedRuns(pieces);
  let next = start;
  let rest: Place = { offset: start, length: 0 };
  for (let at = 0; at < files.length; at += 2) {
    const places: Place[] = [];
    for (let left = files[at] ?? 0; left > 0; ) {
      if (rest.length === 0) {
        const run = runs.next();
        if (run.done === true) throw new BrokenInvariant('The runs of the files of a request are fewer than they say.');
        const { offset = next, length } = run.value;
        rest = { offset, length };
        if (run.value.offset === undefined) next += length;
      }
      const length = Math.min(left, rest.length);
      if (length > 0) places.push({ offset: rest.offset, length });
      rest = { offset: rest.offset + length, length: rest.length - length };
      left -= length;
    }
    yield { places, isChanged: files[at + 1] === 1 };
  }
}

/** What becomes of a request's datasets besides files. */
export interface Intake {
  /** What could not become a file. */
  readonly refused: StoredFile[];
  /** Files, counted from 0, whose elements were changed on the way. */
  readonly coerced: Set<number>;
}

/**
 * Metadata with bulk data (PS3.18 10.5.2) as files, as `makeFiles` makes them. Bulk data is only what came in the same request under the dataset's
 * URI: no address of a client is ever opened.
 */
export async function* datasetsAsFiles(
  { scratch, heavy }: { readonly scratch: Pick<Scratch, 'create'>; readonly heavy: HeavyWork },
  parts: AsyncIterable<RelatedPart>,
  { refused, coerced }: Intake,
): AsyncGenerator<IncomingFile> {
  const spools: Spools = { documents: new Spool(scratch), bulk: new Spool(scratch) };
  try {
    const made = await madeOf(heavy, spools.documents, await collect(parts, spools));
    await spools.documents.discard();
    refused.push(...(JSON.parse(Buffer.from(made.refused).toString()) as StoredFile[])); // Written by `makeFiles`.
    const start = spools.bulk.length;
    await spools.bulk.write(made.pieces.bytes);
    let [number, stored] = [0, 0];
    for (const { places, isChanged } of datasetsOf(made, start)) {
      number += 1;
      if (places.length === 0) continue;
      if (isChanged) coerced.add(stored);
      stored += 1;
      yield { name: `dataset-${number}`, stream: bytesOf(places, spools.bulk) };
    }
  } finally {
    await spools.documents.discard();
    await spools.bulk.discard();
  }
}

import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import { Failure } from '../../../kernel/failure.ts';
import { Turns } from '../../../kernel/turns.ts';
import type { Scratch } from '../../../platform/objects/scratch/index.ts';
import { Spool } from '../../../platform/sending/spool.ts';
import { parseParameters } from '../accept.ts';
import { JSON_TYPE, XML_TYPE } from '../dataset-answer.ts';
import type { HeavyWork } from '../heavy.ts';
import { packedRuns } from '../packed-pieces.ts';
import type { IncomingFile, StoredFile } from '../ports.ts';
import { BulkParts } from './bulk-parts.ts';
import { type Document, type MadeFiles, makeFiles } from './dataset-files.ts';
import { JsonScan, MetadataCount, XmlScan } from './metadata-count.ts';
import type { RelatedPart } from './multipart-related.ts';

/** What waits in memory or on the disk until all of a request is there: documents, and bulk data behind which the files' new bytes come. */
interface Spools {
  readonly documents: Spool;
  readonly bulk: Spool;
}

interface Collected {
  /** Form and length of each document in its spool. */
  readonly documents: { readonly form: Document['form']; readonly length: number }[];
  readonly bulk: BulkParts;
  readonly count: MetadataCount;
}

/** What is counted in one go. */
const SCAN_BYTES = 16 * 1024;

/** A small part of a large memory would keep all of it. */
const kept = (chunk: Uint8Array): Uint8Array => (2 * chunk.length < chunk.buffer.byteLength ? Uint8Array.from(chunk) : chunk);

async function spoolDocument(part: RelatedPart, form: Document['form'], spool: Spool, count: MetadataCount): Promise<number> {
  const scan = form === 'json' ? new JsonScan(count) : new XmlScan(count);
  const start = spool.length;
  const turns = new Turns();
  for await (const chunk of part.body) {
    count.bytes(chunk.byteLength);
    for (let at = 0; at < chunk.byteLength; at += SCAN_BYTES) {
      scan.take(chunk.subarray(at, at + SCAN_BYTES));
      await turns.pass();
    }
    await spool.write(kept(chunk));
  }
  return spool.length - start;
}

async function spoolPart(part: RelatedPart, spool: Spool, count: MetadataCount): Promise<{ offset: number; length: number }> {
  const offset = spool.length;
  for await (const chunk of part.body) {
    count.bulkBytes(chunk.byteLength);
    await spool.write(kept(chunk));
  }
  return { offset, length: spool.length - offset };
}

/** Which part comes first is the sender's choice. What is too much is refused as soon as it is seen, before anything is made of it. */
async function collect(parts: AsyncIterable<RelatedPart>, spools: Spools): Promise<Collected> {
  const { documents, bulk, count }: Collected = { documents: [], bulk: new BulkParts(), count: new MetadataCount() };
  for await (const part of parts) {
    const { type } = parseParameters(part.headers.get('content-type') ?? '');
    const location = part.headers.get('content-location');
    const isJson = type === JSON_TYPE || type === 'application/json';
    if (isJson || type === XML_TYPE) {
      const form = isJson ? 'json' : 'xml';
      count.document();
      documents.push({ form, length: await spoolDocument(part, form, spools.documents, count) });
    } else if (location !== undefined) {
      count.bulkPart(location);
      bulk.add(part, location, await spoolPart(part, spools.bulk, count));
    } else for await (const _unnamed of part.body);
  }
  if (documents.length === 0) throw new Failure('BAD_REQUEST', { detail: 'No part holds metadata.' });
  return { documents, bulk, count };
}

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

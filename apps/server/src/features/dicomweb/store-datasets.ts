import { Failure } from '../../kernel/failure.ts';
import type { ObjectStore } from '../../platform/objects/types.ts';
import { Spool } from '../../platform/sending/spool.ts';
import { parseParameters } from './accept.ts';
import { type BulkPart, BulkParts } from './bulk-parts.ts';
import { JSON_TYPE, XML_TYPE } from './dataset-answer.ts';
import { type Document, type MadeFile, makeFiles } from './dataset-files.ts';
import type { HeavyWork } from './heavy.ts';
import type { RelatedPart } from './multipart-related.ts';
import type { IncomingFile, StoredFile } from './ports.ts';

/** Metadata of one request, which are kept in memory until its bulk data are there. */
const MAX_METADATA_BYTES = 16 * 1024 * 1024;
/** Metadata that are taken apart on the event loop; larger ones in a thread that can be ended. */
const QUICK_METADATA_BYTES = 64 * 1024;
/** Bulk data of one request, which wait in a temporary file; whole files, which are streamed, are the way to send more. */
const MAX_BULK_BYTES = 4 * 1024 * 1024 * 1024;

const tooLarge = (): Failure =>
  new Failure('TOO_LARGE', {
    detail: 'Metadata are limited to 16 MB a request and bulk data to 4 GB: send whole files instead.',
  });

interface Collected {
  readonly documents: Document[];
  readonly bulk: BulkParts;
}

async function readPart(part: RelatedPart, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of part.body) {
    length += chunk.byteLength;
    if (length > limit) throw tooLarge();
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}

async function spoolPart(part: RelatedPart, spool: Spool): Promise<{ offset: number; length: number }> {
  const offset = spool.length;
  for await (const chunk of part.body) {
    if (spool.length + chunk.byteLength > MAX_BULK_BYTES) throw tooLarge();
    await spool.write(Uint8Array.from(chunk));
  }
  return { offset, length: spool.length - offset };
}

/** Metadata in memory, bulk data in the spool: which part comes first is the sender's choice. */
async function collect(parts: AsyncIterable<RelatedPart>, spool: Spool): Promise<Collected> {
  const documents: Document[] = [];
  const bulk = new BulkParts();
  let metadata = 0;
  for await (const part of parts) {
    const { type } = parseParameters(part.headers.get('content-type') ?? '');
    const location = part.headers.get('content-location');
    const isJson = type === JSON_TYPE || type === 'application/json';
    if (isJson || type === XML_TYPE) {
      const bytes = await readPart(part, MAX_METADATA_BYTES - metadata);
      metadata += bytes.length;
      documents.push({ form: isJson ? 'json' : 'xml', bytes });
    } else if (location !== undefined) bulk.add(part, location, await spoolPart(part, spool));
    else for await (const _unnamed of part.body);
  }
  return { documents, bulk };
}

/** Short metadata are taken apart here, long ones where it can be ended. */
function filesOf(heavy: HeavyWork, { documents, bulk }: Collected): Promise<MadeFile[]> | MadeFile[] {
  if (documents.length === 0) throw new Failure('BAD_REQUEST', { detail: 'No part holds metadata.' });
  const bytes = documents.reduce((sum, one) => sum + one.bytes.length, 0);
  return bytes > QUICK_METADATA_BYTES ? heavy.store(documents, bulk.parts) : makeFiles(documents, bulk);
}

async function* bytesOf(runs: readonly (Uint8Array | BulkPart)[], spool: Spool): AsyncGenerator<Uint8Array> {
  for (const run of runs) {
    if (run instanceof Uint8Array) yield run;
    else yield* spool.read(run.offset, run.length);
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
  { objects, heavy }: { readonly objects: ObjectStore; readonly heavy: HeavyWork },
  parts: AsyncIterable<RelatedPart>,
  { refused, coerced }: Intake,
): AsyncGenerator<IncomingFile> {
  const spool = new Spool(objects);
  try {
    let stored = 0;
    for (const [index, file] of (await filesOf(heavy, await collect(parts, spool))).entries()) {
      if ('refused' in file) {
        refused.push(file.refused);
        continue;
      }
      if (file.isChanged) coerced.add(stored);
      stored += 1;
      yield { name: `dataset-${index + 1}`, stream: bytesOf(file.runs, spool) };
    }
  } finally {
    await spool.discard();
  }
}

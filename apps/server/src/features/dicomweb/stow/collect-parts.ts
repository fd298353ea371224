import { Failure } from '../../../kernel/failure.ts';
import { Turns } from '../../../kernel/turns.ts';
import type { Spool } from '../../../platform/sending/spool.ts';
import { parseParameters } from '../accept.ts';
import { JSON_TYPE, XML_TYPE } from '../dataset-answer.ts';
import { BulkParts } from './bulk-parts.ts';
import type { Document } from './dataset-files.ts';
import { JsonScan } from './json-scan.ts';
import { MetadataCount } from './metadata-count.ts';
import type { RelatedPart } from './multipart-related.ts';
import { XmlScan } from './xml-scan.ts';

/** What waits in memory or on the disk until all of a request is there: documents, and bulk data behind which the files' new bytes come. */
export interface Spools {
  readonly documents: Spool;
  readonly bulk: Spool;
}

export interface Collected {
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
export async function collect(parts: AsyncIterable<RelatedPart>, spools: Spools): Promise<Collected> {
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

import {
  type DatasetPart,
  DatasetWriteError,
  type DicomJsonElement,
  type DicomJsonObject,
  writeDataset,
} from '@negatoscope/dicom';
import { Failure } from '../../kernel/failure.ts';
import { IMPLEMENTATION } from '../../kernel/implementation.ts';
import type { ObjectStore } from '../../platform/objects/types.ts';
import { parseParameters } from './accept.ts';
import { BulkParts, pixelForm } from './bulk-parts.ts';
import { JSON_TYPE, XML_TYPE } from './dataset-answer.ts';
import { FrameSpool } from './frame-spool.ts';
import type { RelatedPart } from './multipart-related.ts';
import { readNativeModels } from './native-model-reader.ts';
import type { IncomingFile, StoredFile } from './ports.ts';

/** Metadata of one request, which are kept in memory until its bulk data are there. */
const MAX_METADATA_BYTES = 16 * 1024 * 1024;
/** Bulk data of one request, which wait in a temporary file; whole files, which are streamed, are the way to send more. */
const MAX_BULK_BYTES = 4 * 1024 * 1024 * 1024;
const MAX_DATASETS = 10_000;

const bad = (detail: string, cause?: unknown): Failure => new Failure('BAD_REQUEST', { detail, cause });

/** Only what is an element in form becomes one; everything else of the client's JSON is refused. */
function checkedElement(value: unknown, depth: number): DicomJsonElement {
  if (typeof value !== 'object' || value === null || !('vr' in value) || typeof value.vr !== 'string')
    throw bad('An attribute lacks its VR.');
  const { vr } = value;
  if ('BulkDataURI' in value && typeof value.BulkDataURI === 'string') return { vr, BulkDataURI: value.BulkDataURI };
  if ('InlineBinary' in value && typeof value.InlineBinary === 'string') return { vr, InlineBinary: value.InlineBinary };
  if (!('Value' in value)) return { vr };
  if (!Array.isArray(value.Value)) throw bad('A Value is no array.');
  if (vr !== 'SQ') return { vr, Value: value.Value };
  return { vr, Value: value.Value.map((item) => checkedDataset(item ?? {}, depth + 1)) };
}

function checkedDataset(value: unknown, depth = 0): DicomJsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > 64)
    throw bad('A dataset is no object of attributes.');
  return Object.fromEntries(Object.entries(value).map(([tag, element]) => [tag.toUpperCase(), checkedElement(element, depth)]));
}

function jsonDatasets(bytes: Buffer): DicomJsonObject[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw bad('A part is no JSON.', cause);
  }
  return (Array.isArray(parsed) ? parsed : [parsed]).map((one) => checkedDataset(one));
}

function xmlDatasets(bytes: Buffer): DicomJsonObject[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw bad('A part is no UTF-8.', cause);
  }
  return readNativeModels(text);
}

const tooLarge = (): Failure =>
  new Failure('TOO_LARGE', {
    detail: 'Metadata are limited to 16 MB a request and bulk data to 4 GB: send whole files instead.',
  });

interface Collected {
  readonly datasets: DicomJsonObject[];
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

async function spoolPart(part: RelatedPart, spool: FrameSpool): Promise<{ offset: number; length: number }> {
  const offset = spool.length;
  for await (const chunk of part.body) {
    if (spool.length + chunk.byteLength > MAX_BULK_BYTES) throw tooLarge();
    await spool.write(Uint8Array.from(chunk));
  }
  return { offset, length: spool.length - offset };
}

/** Datasets in memory, bulk data in the spool: which part comes first is the sender's choice. */
async function collect(parts: AsyncIterable<RelatedPart>, spool: FrameSpool): Promise<Collected> {
  const datasets: DicomJsonObject[] = [];
  const bulk = new BulkParts();
  let metadata = 0;
  for await (const part of parts) {
    const { type } = parseParameters(part.headers.get('content-type') ?? '');
    const location = part.headers.get('content-location');
    const isJson = type === JSON_TYPE || type === 'application/json';
    if (isJson || type === XML_TYPE) {
      const bytes = await readPart(part, MAX_METADATA_BYTES - metadata);
      metadata += bytes.length;
      datasets.push(...(isJson ? jsonDatasets(bytes) : xmlDatasets(bytes)));
    } else if (location !== undefined) bulk.add(part, location, await spoolPart(part, spool));
    else for await (const _unnamed of part.body);
    if (datasets.length > MAX_DATASETS) throw bad('Too many datasets in one request.');
  }
  return { datasets, bulk };
}

const first = (json: DicomJsonObject, tag: string): { readonly value?: string } => {
  const value = json[tag]?.Value?.[0];
  return typeof value === 'string' ? { value } : {};
};

function refusal(json: DicomJsonObject, reason: string): StoredFile {
  const [sopClass, sop] = [first(json, '00080016').value, first(json, '00080018').value];
  return {
    outcome: 'rejected',
    reason,
    ...(sopClass === undefined ? {} : { sopClassUid: sopClass }),
    ...(sop === undefined ? {} : { sopInstanceUid: sop }),
  };
}

async function* pieces(parts: readonly DatasetPart[], collected: Collected, spool: FrameSpool): AsyncGenerator<Uint8Array> {
  // Headers of a few bytes are joined, large values go as they are.
  let held: Uint8Array[] = [];
  for (const part of parts) {
    if (part instanceof Uint8Array && part.byteLength < 4096) {
      held.push(part);
      continue;
    }
    yield Buffer.concat(held);
    held = [];
    if (part instanceof Uint8Array) yield part;
    else yield* collected.bulk.bytes(spool, part.bulk, part.part) ?? [];
  }
  yield Buffer.concat(held);
}

const DECIMAL_LENGTH = 16;

/**
 * Whether a dataset can't be written with the very elements that were sent: another character set than the UTF-8 in which it is written, decimals
 * longer than PS3.5 6.2 allows, retired group lengths and what belongs to messages or to the file.
 */
function isChanged(json: DicomJsonObject): boolean {
  return Object.entries(json).some(([tag, { vr, Value = [] }]) => {
    if (tag === '00080005') return Value.some((term) => term !== 'ISO_IR 192');
    if (tag.endsWith('0000') || tag < '00080000') return true;
    if (vr === 'DS') return Value.some((value) => typeof value === 'number' && String(value).length > DECIMAL_LENGTH);
    return vr === 'SQ' && Value.some((item) => typeof item === 'object' && item !== null && isChanged(item as DicomJsonObject)); // Items are datasets.
  });
}

/** What becomes of a request's datasets besides files. */
export interface Intake {
  /** What could not become a file. */
  readonly refused: StoredFile[];
  /** Files, counted from 0, whose elements were changed on the way. */
  readonly coerced: Set<number>;
}

/**
 * Metadata with bulk data (PS3.18 10.5.2) as files: explicit VR little endian in UTF-8. Bulk data is only what came in the same request under the
 * dataset's URI: no address of a client is ever opened. What can't be written is refused alone.
 */
export async function* datasetsAsFiles(
  objects: ObjectStore,
  parts: AsyncIterable<RelatedPart>,
  { refused, coerced }: Intake,
): AsyncGenerator<IncomingFile> {
  const spool = new FrameSpool(objects);
  try {
    const collected = await collect(parts, spool);
    if (collected.datasets.length === 0) throw bad('No part holds metadata.');
    let made = 0;
    for (const [index, json] of collected.datasets.entries()) {
      const form = pixelForm(json, collected.bulk);
      if ('refusal' in form) {
        refused.push(refusal(json, form.refusal));
        continue;
      }
      const bulk = (uri: string): number[] => collected.bulk.of(uri).map(({ length }) => length);
      try {
        const file = writeDataset(json, { ...form, bulk, implementation: IMPLEMENTATION });
        if (isChanged(json)) coerced.add(made);
        made += 1;
        yield { name: `dataset-${index + 1}`, stream: pieces(file, collected, spool) };
      } catch (error) {
        if (!(error instanceof DatasetWriteError)) throw error;
        refused.push(refusal(json, `DATASET_${error.code}`));
      }
    }
  } finally {
    await spool.discard();
  }
}

import {
  DatasetWriteError,
  type DicomJsonElement,
  type DicomJsonObject,
  TRANSFER_SYNTAXES,
  writeDataset,
} from '@negatoscope/dicom';
import { Failure } from '../../kernel/failure.ts';
import { parseParameters } from './accept.ts';
import { JSON_TYPE, XML_TYPE } from './dataset-answer.ts';
import { IMPLEMENTATION } from './implementation.ts';
import type { RelatedPart } from './multipart-related.ts';
import { readNativeModels } from './native-model-reader.ts';
import type { IncomingFile, StoredFile } from './ports.ts';

/** Metadata and bulk data are put together in memory; whole files, which are streamed, are the way to send more. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_DATASETS = 10_000;
const EXPLICIT_LE = '1.2.840.10008.1.2.1';

interface Bulk {
  readonly bytes: Buffer;
  readonly mediaType: string;
  readonly transferSyntaxUid: string | undefined;
}

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

async function collect(parts: AsyncIterable<RelatedPart>): Promise<{ datasets: DicomJsonObject[]; bulk: Map<string, Bulk> }> {
  const datasets: DicomJsonObject[] = [];
  const bulk = new Map<string, Bulk>();
  let total = 0;
  for await (const part of parts) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of part.body) {
      total += chunk.byteLength;
      if (total > MAX_BYTES)
        throw new Failure('TOO_LARGE', { detail: 'Send whole files instead: metadata with bulk data is limited to 256 MB.' });
      chunks.push(Buffer.from(chunk));
    }
    const bytes = Buffer.concat(chunks);
    const { type, parameters } = parseParameters(part.headers.get('content-type') ?? '');
    const location = part.headers.get('content-location');
    if (type === JSON_TYPE || type === 'application/json') datasets.push(...jsonDatasets(bytes));
    else if (type === XML_TYPE) datasets.push(...xmlDatasets(bytes));
    else if (location !== undefined)
      bulk.set(location, { bytes, mediaType: type, transferSyntaxUid: parameters.get('transfer-syntax') });
    if (datasets.length > MAX_DATASETS) throw bad('Too many datasets in one request.');
  }
  return { datasets, bulk };
}

/** The pixel data's own transfer syntax when it came compressed: from its part, or the usual one of its media type. */
function syntaxOf(json: DicomJsonObject, bulk: ReadonlyMap<string, Bulk>): string {
  const uri = json['7FE00010']?.BulkDataURI;
  const part = uri === undefined ? undefined : bulk.get(uri);
  if (part === undefined) return EXPLICIT_LE;
  const named = part.transferSyntaxUid === undefined ? undefined : TRANSFER_SYNTAXES.get(part.transferSyntaxUid);
  if (named !== undefined) return named.isEncapsulated ? (part.transferSyntaxUid ?? EXPLICIT_LE) : EXPLICIT_LE;
  if (part.mediaType === '' || part.mediaType === 'application/octet-stream') return EXPLICIT_LE;
  for (const [uid, syntax] of TRANSFER_SYNTAXES) if (syntax.isEncapsulated && syntax.mediaType === part.mediaType) return uid;
  return EXPLICIT_LE;
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

async function* pieces(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  // Headers of a few bytes are joined, large values go as they are.
  let held: Uint8Array[] = [];
  for (const part of parts) {
    if (part.byteLength < 4096) held.push(part);
    else {
      yield Buffer.concat(held);
      held = [];
      yield part;
    }
  }
  yield Buffer.concat(held);
}

/**
 * Metadata with bulk data (PS3.18 10.5.2) as files: explicit VR little endian in UTF-8. Bulk data is only what came in the same request under the
 * dataset's URI: no address of a client is ever opened. What can't be written is refused alone.
 */
export async function* datasetsAsFiles(parts: AsyncIterable<RelatedPart>, refused: StoredFile[]): AsyncGenerator<IncomingFile> {
  const { datasets, bulk } = await collect(parts);
  if (datasets.length === 0) throw bad('No part holds metadata.');
  for (const [index, json] of datasets.entries()) {
    const transferSyntaxUid = syntaxOf(json, bulk);
    const isEncapsulated = transferSyntaxUid !== EXPLICIT_LE;
    const bytesOf = (uri: string): Buffer | undefined => bulk.get(uri)?.bytes;
    const frameOf = (uri: string): Buffer[] | undefined => {
      const bytes = bytesOf(uri);
      return bytes === undefined ? undefined : [bytes];
    };
    try {
      const options = { transferSyntaxUid, bulk: bytesOf, implementation: IMPLEMENTATION };
      const file = writeDataset(json, isEncapsulated ? { ...options, encapsulates: frameOf } : options);
      yield { name: `dataset-${index + 1}`, stream: pieces(file) };
    } catch (error) {
      if (!(error instanceof DatasetWriteError)) throw error;
      refused.push(refusal(json, `DATASET_${error.code}`));
    }
  }
}

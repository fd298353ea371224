import { DatasetWriteError, type DicomJsonElement, type DicomJsonObject, writeDataset } from '@negatoscope/dicom';
import { Failure } from '../../kernel/failure.ts';
import { IMPLEMENTATION } from '../../kernel/implementation.ts';
import { type BulkPart, type BulkParts, pixelForm } from './bulk-parts.ts';
import { readNativeModels } from './native-model-reader.ts';
import type { StoredFile } from './ports.ts';

/** Metadata of one request as they came. */
export interface Document {
  readonly form: 'json' | 'xml';
  readonly bytes: Uint8Array;
}

/** What becomes of one dataset: the runs of a file, bytes or a place in the spool, or why it can't be one. */
export type MadeFile =
  | { readonly runs: readonly (Uint8Array | BulkPart)[]; readonly isChanged: boolean }
  | { readonly refused: StoredFile };

const MAX_DATASETS = 10_000;
/** Of one request, at any depth: as many as a file may have. */
const MAX_ELEMENTS = 1_000_000;
/** Runs shorter than this are joined. */
const SHORT_BYTES = 4096;

const bad = (detail: string, cause?: unknown): Failure => new Failure('BAD_REQUEST', { detail, cause });

/** Counts elements and items while they are gone through. Fails with TOO_LARGE. */
class ElementCount {
  #count = 0;

  add(count = 1): void {
    this.#count += count;
    if (this.#count > MAX_ELEMENTS)
      throw new Failure('TOO_LARGE', { detail: 'Metadata are limited to a million elements a request.' });
  }
}

/** Fails with TOO_LARGE for a text of more objects than a million elements and their items are, before anything is built from it. */
function countObjects(text: string, count: ElementCount): void {
  const opening = text.split('{').length - 1;
  // Braces in strings count too: nobody has that many.
  count.add(Math.floor(opening / 2));
}

/** Only what is an element in form becomes one; everything else of the client's JSON is refused. */
function checkedElement(value: unknown, depth: number, count: ElementCount): DicomJsonElement {
  if (typeof value !== 'object' || value === null || !('vr' in value) || typeof value.vr !== 'string')
    throw bad('An attribute lacks its VR.');
  const { vr } = value;
  if ('BulkDataURI' in value && typeof value.BulkDataURI === 'string') return { vr, BulkDataURI: value.BulkDataURI };
  if ('InlineBinary' in value && typeof value.InlineBinary === 'string') return { vr, InlineBinary: value.InlineBinary };
  if (!('Value' in value)) return { vr };
  if (!Array.isArray(value.Value)) throw bad('A Value is no array.');
  if (vr !== 'SQ') return { vr, Value: value.Value };
  return { vr, Value: value.Value.map((item) => checkedDataset(item ?? {}, count, depth + 1)) };
}

function checkedDataset(value: unknown, count: ElementCount, depth = 0): DicomJsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > 64)
    throw bad('A dataset is no object of attributes.');
  const entries = Object.entries(value);
  count.add(entries.length);
  return Object.fromEntries(entries.map(([tag, element]) => [tag.toUpperCase(), checkedElement(element, depth, count)]));
}

function jsonDatasets(bytes: Uint8Array): DicomJsonObject[] {
  const text = utf8(bytes);
  const count = new ElementCount();
  countObjects(text, new ElementCount());
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw bad('A part is no JSON.', cause);
  }
  return (Array.isArray(parsed) ? parsed : [parsed]).map((one) => checkedDataset(one, count));
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw bad('A part is no UTF-8.', cause);
  }
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

/** Short runs are joined: a dataset is written header by header. */
function joined(parts: ReturnType<typeof writeDataset>, bulk: BulkParts): (Uint8Array | BulkPart)[] {
  const runs: (Uint8Array | BulkPart)[] = [];
  let held: Uint8Array[] = [];
  for (const part of parts) {
    if (part instanceof Uint8Array && part.byteLength < SHORT_BYTES) {
      held.push(part);
      continue;
    }
    runs.push(Buffer.concat(held));
    held = [];
    const place = part instanceof Uint8Array ? part : bulk.of(part.bulk)[part.part];
    if (place !== undefined) runs.push(place);
  }
  return [...runs, Buffer.concat(held)];
}

/**
 * Metadata with bulk data (PS3.18 10.5.2) as files: explicit VR little endian in UTF-8. What can't be written is refused alone. Pure, so that it
 * runs in whatever thread the size of the documents asks for. Fails with BAD_REQUEST for what is no document, TOO_LARGE beyond a million elements.
 */
export function makeFiles(documents: readonly Document[], bulk: BulkParts): MadeFile[] {
  const datasets = documents.flatMap(({ form, bytes }) =>
    form === 'json' ? jsonDatasets(bytes) : readNativeModels(utf8(bytes), MAX_ELEMENTS),
  );
  if (datasets.length === 0) throw bad('No part holds metadata.');
  if (datasets.length > MAX_DATASETS) throw bad('Too many datasets in one request.');
  return datasets.map((json): MadeFile => {
    const form = pixelForm(json, bulk);
    if ('refusal' in form) return { refused: refusal(json, form.refusal) };
    const lengths = (uri: string): number[] => bulk.of(uri).map(({ length }) => length);
    try {
      const parts = writeDataset(json, { ...form, bulk: lengths, implementation: IMPLEMENTATION });
      return { runs: joined(parts, bulk), isChanged: isChanged(json) };
    } catch (error) {
      if (!(error instanceof DatasetWriteError)) throw error;
      return { refused: refusal(json, `DATASET_${error.code}`) };
    }
  });
}

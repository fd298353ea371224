import { DatasetWriteError, type DicomJsonObject, type ReencodedPiece, writeDataset } from '@negatoscope/dicom';
import { IMPLEMENTATION } from '../../../kernel/implementation.ts';
import { type PackedPieces, packPieces } from '../packed-pieces.ts';
import type { StoredFile } from '../ports.ts';
import { type BulkParts, pixelForm } from './bulk-parts.ts';
import { type Bounds, bad, checkedDataset } from './checked-dataset.ts';
import { MetadataCount } from './metadata-count.ts';
import { readNativeModels } from './native-model-reader.ts';

/** Metadata of one request as they came. */
export interface Document {
  readonly form: 'json' | 'xml';
  readonly bytes: Uint8Array;
}

/**
 * What becomes of datasets, without an object for each run of their files: a request may have as many as a thread takes a minute for, and whoever is
 * handed these must not stand still for them.
 */
export interface MadeFiles {
  /** Runs of all files, one after the other: new bytes, or places in the spool of the bulk data. */
  readonly pieces: PackedPieces;
  /** Two numbers a dataset: the length of its file, 0 for none, and 1 when its elements were changed. */
  readonly files: Float64Array;
  /** JSON: an array of `StoredFile`, the datasets that can't be files, in their order. */
  readonly refused: Uint8Array;
}

function jsonDatasets(bytes: Uint8Array): unknown[] {
  const text = utf8(bytes);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw bad('A part is no JSON.', cause);
  }
  return Array.isArray(parsed) ? parsed : [parsed];
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw bad('A part is no UTF-8.', cause);
  }
}

/** PS3.5 6.2; what is longer names nothing. */
const MAX_UID = 64;

const first = (json: DicomJsonObject, tag: string): { readonly value?: string } => {
  const value = json[tag]?.Value?.[0];
  return typeof value === 'string' && value.length <= MAX_UID ? { value } : {};
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

/** Shorter pieces are copied out of the memory in which they were written, of which half may be empty. */
const SHORT_BYTES = 64 * 1024;

/** Makes file after file. */
class FileMaker {
  readonly #bounds: Bounds;
  readonly #pieces: ReencodedPiece[] = [];
  readonly #files: number[] = [];
  readonly #refused: StoredFile[] = [];

  constructor(bulk: BulkParts) {
    this.#bounds = { count: new MetadataCount(), bulk };
  }

  add(dataset: unknown): void {
    this.#bounds.count.dataset();
    const json = checkedDataset(dataset, this.#bounds);
    const written = this.#written(json);
    if (typeof written === 'string') this.#refused.push(refusal(json, written));
    this.#files.push(typeof written === 'string' ? 0 : written, isChanged(json) ? 1 : 0);
  }

  made(): MadeFiles {
    if (this.#files.length === 0) throw bad('No part holds metadata.');
    return {
      pieces: packPieces(this.#pieces),
      files: Float64Array.from(this.#files),
      refused: Uint8Array.from(Buffer.from(JSON.stringify(this.#refused))),
    };
  }

  /** The length of a file, whose runs are noted, or why it can't be one. */
  #written(json: DicomJsonObject): number | string {
    const { bulk } = this.#bounds;
    const form = pixelForm(json, bulk);
    if ('refusal' in form) return form.refusal;
    const lengths = (uri: string): number[] => bulk.of(uri).map(({ length }) => length);
    try {
      const parts = writeDataset(json, { ...form, bulk: lengths, implementation: IMPLEMENTATION });
      for (const part of parts) {
        if (part instanceof Uint8Array) this.#pieces.push({ bytes: part.length < SHORT_BYTES ? part.slice() : part });
        else this.#pieces.push({ offset: bulk.of(part.bulk)[part.part]?.offset ?? 0, length: part.length, swapWordBytes: 1 });
      }
      return parts.reduce((sum, { length }) => sum + length, 0);
    } catch (error) {
      if (!(error instanceof DatasetWriteError)) throw error;
      return `DATASET_${error.code}`;
    }
  }
}

/**
 * Metadata with bulk data (PS3.18 10.5.2) as files: explicit VR little endian in UTF-8. What can't be written is refused alone. Pure, so that it
 * runs in whatever thread the size of the documents asks for. Fails with BAD_REQUEST for what is no document, TOO_LARGE as `MetadataCount` does.
 */
export function makeFiles(documents: Iterable<Document>, bulk: BulkParts): MadeFiles {
  const maker = new FileMaker(bulk);
  const read = new MetadataCount();
  for (const { form, bytes } of documents) {
    const datasets: unknown[] = form === 'json' ? jsonDatasets(bytes) : readNativeModels(utf8(bytes), read);
    for (const [index, dataset] of datasets.entries()) {
      maker.add(dataset);
      datasets[index] = undefined;
    }
  }
  return maker.made();
}

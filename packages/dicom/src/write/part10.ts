import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { DatasetWriteError } from './error.ts';
import { valueBytes } from './values.ts';

const LONG = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const MAX_DEPTH = 64;
const MAX_SHORT = 0xfffe;
const UNDEFINED = 0xffff_ffff;
/** Pixel Data, Float Pixel Data and Double Float Pixel Data (PS3.3 C.7.6.24, C.7.6.25). */
const PIXEL_DATA = new Set(['7FE00010', '7FE00008', '7FE00009']);

export interface DatasetWriteOptions {
  /** Explicit little endian, or the syntax of the encapsulated pixel data. */
  readonly transferSyntaxUid: string;
  /**
   * Lengths, in bytes, of the parts of a value that the dataset names by its BulkDataURI, in order: the caller puts their bytes where the result
   * names them. Undefined or empty when there are none. Only Pixel Data may have several, one for each frame. Words are little endian.
   */
  readonly bulk: (uri: string) => readonly number[] | undefined;
  /** Each part of Pixel Data that is named by its BulkDataURI is a fragment; else they follow each other. */
  readonly isEncapsulated?: boolean;
  /** (0002,0012) and (0002,0013). */
  readonly implementation: { readonly classUid: string; readonly version: string };
}

/** A run of the file: bytes, or the `length` bytes of a part (counted from 0) of the value that `bulk` names. */
export type DatasetPart = Uint8Array | { readonly bulk: string; readonly part: number; readonly length: number };

interface Sink {
  readonly parts: DatasetPart[];
  length: number;
}

function push(sink: Sink, bytes: DatasetPart): void {
  sink.parts.push(bytes);
  sink.length += bytes.length;
}

function tagBytes(tag: string): Uint8Array {
  const bytes = new Uint8Array(4);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), true);
  view.setUint16(2, Number.parseInt(tag.slice(4), 16), true);
  return bytes;
}

function lengthBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, length, true);
  return bytes;
}

function header(sink: Sink, tag: string, vr: string, length: number): void {
  push(sink, tagBytes(tag));
  const code = Uint8Array.of(vr.charCodeAt(0), vr.charCodeAt(1));
  if (LONG.has(vr)) {
    push(sink, Uint8Array.of(...code, 0, 0));
    push(sink, lengthBytes(length));
    return;
  }
  if (length > MAX_SHORT) throw new DatasetWriteError('TOO_LONG');
  push(sink, Uint8Array.of(...code, length & 0xff, length >> 8));
}

function item(sink: Sink, bytes: Sink): void {
  push(sink, tagBytes('FFFEE000'));
  push(sink, lengthBytes(bytes.length));
  for (const part of bytes.parts) push(sink, part);
}

/** Encapsulated Pixel Data: empty offset table, a fragment for each part, delimiter (PS3.5 A.4). */
function encapsulated(sink: Sink, tag: string, fragments: readonly DatasetPart[]): void {
  header(sink, tag, 'OB', UNDEFINED);
  item(sink, { parts: [], length: 0 });
  for (const fragment of fragments) item(sink, even([fragment]));
  push(sink, tagBytes('FFFEE0DD'));
  push(sink, lengthBytes(0));
}

function sequence(sink: Sink, tag: string, { Value = [] }: DicomJsonElement, options: DatasetWriteOptions, depth: number): void {
  const items: Sink = { parts: [], length: 0 };
  for (const value of Value) {
    if (typeof value !== 'object' || value === null) throw new DatasetWriteError('VALUE');
    item(items, dataset(value as DicomJsonObject, options, depth + 1)); // Checked element by element while it is written.
  }
  header(sink, tag, 'SQ', items.length);
  for (const part of items.parts) push(sink, part);
}

/** The parts of a value, its length made even (PS3.5 7.1.1). */
function even(parts: readonly DatasetPart[]): Sink {
  const sink: Sink = { parts: [], length: 0 };
  for (const part of parts) push(sink, part);
  if (sink.length % 2 === 1) push(sink, new Uint8Array(1));
  return sink;
}

/** The value of an element: written here, or come along under its address. */
function contentOf(value: DicomJsonElement, { bulk }: DatasetWriteOptions): DatasetPart[] {
  const { BulkDataURI: uri } = value;
  if (uri === undefined) return [valueBytes(value)];
  const lengths = bulk(uri) ?? [];
  if (lengths.length === 0) throw new DatasetWriteError('BULK_MISSING');
  return lengths.map((length, part) => ({ bulk: uri, part, length }));
}

function element(sink: Sink, tag: string, value: DicomJsonElement, options: DatasetWriteOptions, depth: number): void {
  const { vr, BulkDataURI } = value;
  const isPixels = PIXEL_DATA.has(tag) && depth === 0 && BulkDataURI !== undefined;
  if (vr === 'SQ') {
    sequence(sink, tag, value, options, depth);
    return;
  }
  if (!/^[A-Z]{2}$/.test(vr)) throw new DatasetWriteError('VR');
  const content = contentOf(value, options);
  if (!isPixels && content.length > 1) throw new DatasetWriteError('BULK_PARTS');
  if (isPixels && options.isEncapsulated === true) {
    encapsulated(sink, tag, content);
    return;
  }
  const written = even(content);
  header(sink, tag, vr, written.length);
  for (const part of written.parts) push(sink, part);
}

function dataset(json: DicomJsonObject, options: DatasetWriteOptions, depth = 0): Sink {
  if (depth > MAX_DEPTH) throw new DatasetWriteError('TOO_DEEP');
  const sink: Sink = { parts: [], length: 0 };
  for (const tag of Object.keys(json).sort()) {
    if (!/^[0-9A-F]{8}$/.test(tag) || tag >= 'FFFE0000') throw new DatasetWriteError('TAG');
    const value = json[tag];
    // Group lengths are retired; groups 0000 and 0002 belong to messages and to the file (PS3.5 7.2, PS3.10 7.1).
    if (value === undefined || tag.endsWith('0000') || tag < '00080000') continue;
    element(sink, tag, value, options, depth);
  }
  return sink;
}

/** Group 0002 (PS3.10 7.1) of a dataset: its UIDs, the transfer syntax and who wrote it. */
export function fileMetaInformation(
  json: DicomJsonObject,
  { transferSyntaxUid, implementation }: Pick<DatasetWriteOptions, 'transferSyntaxUid' | 'implementation'>,
): Uint8Array[] {
  const meta: Sink = { parts: [], length: 0 };
  const put = (tag: string, value: DicomJsonElement): void => {
    const bytes = valueBytes(value);
    header(meta, tag, value.vr, bytes.length);
    push(meta, bytes);
  };
  header(meta, '00020001', 'OB', 2);
  push(meta, Uint8Array.of(0, 1));
  put('00020002', { vr: 'UI', Value: json['00080016']?.Value ?? [] });
  put('00020003', { vr: 'UI', Value: json['00080018']?.Value ?? [] });
  put('00020010', { vr: 'UI', Value: [transferSyntaxUid] });
  put('00020012', { vr: 'UI', Value: [implementation.classUid] });
  put('00020013', { vr: 'SH', Value: [implementation.version] });
  const group: Sink = { parts: [], length: 0 };
  header(group, '00020000', 'UL', 4);
  push(group, lengthBytes(meta.length));
  return [group, meta].flatMap(({ parts }) => parts).filter((part) => part instanceof Uint8Array);
}

const UTF8: DicomJsonElement = { vr: 'CS', Value: ['ISO_IR 192'] };

/**
 * A DICOM file (PS3.10) of a dataset in DICOM JSON: explicit VR little endian, text in UTF-8. Pieces to be sent or kept one after the
 * other, so that bulk data is not copied. Fails with DatasetWriteError.
 */
export function writeDataset(json: DicomJsonObject, options: DatasetWriteOptions): DatasetPart[] {
  const preamble = new Uint8Array(132);
  preamble.set([0x44, 0x49, 0x43, 0x4d], 128);
  return [preamble, ...fileMetaInformation(json, options), ...dataset({ ...json, '00080005': UTF8 }, options).parts];
}

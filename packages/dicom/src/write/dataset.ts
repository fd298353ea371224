import { fillOf } from '../even.ts';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { DatasetWriteError } from './error.ts';
import type { DatasetPart, FileSink } from './sink.ts';
import { valueBytes } from './values.ts';

/** Specific Character Set of all that is written. */
export const UTF8: DicomJsonElement = { vr: 'CS', Value: ['ISO_IR 192'] };
const MAX_DEPTH = 64;
const ITEM = 'FFFEE000';
const UNDEFINED = 0xffff_ffff;
/** Pixel Data, Float Pixel Data and Double Float Pixel Data (PS3.3 C.7.6.24, C.7.6.25). */
const PIXEL_DATA = new Set(['7FE00010', '7FE00008', '7FE00009']);

/** What the values of a dataset are, where they are not in it. */
export interface BulkOptions {
  /**
   * Lengths, in bytes, of the parts of a value that the dataset names by its BulkDataURI, in order: the caller puts their bytes where the result
   * names them. Undefined or empty when there are none. Only Pixel Data may have several, one for each frame. Words are little endian.
   */
  readonly bulk: (uri: string) => readonly number[] | undefined;
  /** Each part of Pixel Data that is named by its BulkDataURI is a fragment; else they follow each other. */
  readonly isEncapsulated?: boolean;
}

/** Encapsulated Pixel Data: empty offset table, a fragment of even length for each part, delimiter (PS3.5 A.4). */
function encapsulated(sink: FileSink, tag: string, fragments: readonly DatasetPart[]): void {
  sink.header(tag, 'OB', UNDEFINED);
  sink.mark(ITEM);
  for (const fragment of fragments) {
    sink.mark(ITEM, evenLength([fragment]));
    putEven(sink, [fragment], 0);
  }
  sink.mark('FFFEE0DD');
}

function sequence(sink: FileSink, tag: string, { Value = [] }: DicomJsonElement, options: BulkOptions, depth: number): void {
  const place = sink.header(tag, 'SQ', 0);
  const start = sink.length;
  for (const value of Value) {
    if (typeof value !== 'object' || value === null) throw new DatasetWriteError('VALUE');
    const itemPlace = sink.mark(ITEM);
    const itemStart = sink.length;
    dataset(sink, value as DicomJsonObject, options, depth + 1); // Checked element by element while it is written.
    sink.setLength(itemPlace, sink.length - itemStart);
  }
  sink.setLength(place, sink.length - start);
}

/** Length of a value, made even (PS3.5 7.1.1). */
function evenLength(parts: readonly DatasetPart[]): number {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return length + (length % 2);
}

function putEven(sink: FileSink, parts: readonly DatasetPart[], fill: number): void {
  const start = sink.length;
  for (const part of parts) {
    if (part instanceof Uint8Array) sink.put(part);
    else sink.putBulk(part);
  }
  if ((sink.length - start) % 2 === 1) sink.put(Uint8Array.of(fill));
}

/** The value of an element: written here, or come along under its address. */
function contentOf(value: DicomJsonElement, { bulk }: BulkOptions): DatasetPart[] {
  const { BulkDataURI: uri } = value;
  if (uri === undefined) return [valueBytes(value)];
  const lengths = bulk(uri) ?? [];
  if (lengths.length === 0) throw new DatasetWriteError('BULK_MISSING');
  return lengths.map((length, part) => ({ bulk: uri, part, length }));
}

export function element(sink: FileSink, tag: string, value: DicomJsonElement, options: BulkOptions, depth: number): void {
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
  sink.header(tag, vr, evenLength(content));
  putEven(sink, content, fillOf(vr));
}

/** Group lengths are retired; groups 0000 and 0002 belong to messages and to the file (PS3.5 7.2, PS3.10 7.1). Fails with TAG for what is none. */
export function isWritten(tag: string): boolean {
  if (!/^[0-9A-F]{8}$/.test(tag) || tag >= 'FFFE0000') throw new DatasetWriteError('TAG');
  return !tag.endsWith('0000') && tag >= '00080000';
}

export function dataset(sink: FileSink, json: DicomJsonObject, options: BulkOptions, depth = 0): void {
  if (depth > MAX_DEPTH) throw new DatasetWriteError('TOO_DEEP');
  for (const tag of Object.keys(json).sort()) {
    const value = json[tag];
    if (isWritten(tag) && value !== undefined) element(sink, tag, value, options, depth);
  }
}

import type { ByteWindow } from '../byte-window.ts';
import { DatasetReader } from '../dataset-reader.ts';
import { type ElementHeader, UNDEFINED_LENGTH } from '../element-header.ts';
import { drive, type OpenDataset } from '../part10.ts';
import type { ByteReader } from '../part10-start.ts';
import type { DicomJsonObject } from '../types.ts';

/** Where one element of the outermost dataset is. */
export interface Placed {
  readonly tag: number;
  readonly vr: string;
  /** The file says UN, whatever `vr` says. */
  readonly wasUnknown: boolean;
  readonly offset: number;
  readonly valueOffset: number;
  /** Undefined when the file says no length. */
  readonly length: number | undefined;
  /** First byte after the element; for Pixel Data of no length unknown, and its own offset stands here. */
  readonly end: number;
}

export interface Layout {
  readonly json: DicomJsonObject;
  readonly elements: readonly Placed[];
  /** Where an element greater than all others goes: before Pixel Data, else at the end of the dataset. */
  readonly end: number;
}

/** Reads a dataset as `part10Reader` does and notes where its outermost elements are. */
export function* readLayout({ window, syntax, limits, log }: OpenDataset): ByteReader<Layout> {
  const found: Omit<Placed, 'end'>[] = [];
  const onTopLevel = (header: ElementHeader, offset: number): void => {
    if (offset <= (found.at(-1)?.offset ?? -1)) return;
    const { tag, wasUnknown, headerBytes, length } = header;
    const known = length === UNDEFINED_LENGTH ? undefined : length;
    found.push({ tag, vr: header.vr.name, wasUnknown, offset, valueOffset: offset + headerBytes, length: known });
  };
  const reader = new DatasetReader(window, { encoding: syntax.encoding, limits, log, onTopLevel });
  yield* drive(reader, window);
  const end = reader.pixelData === undefined ? window.pos : (found.at(-1)?.offset ?? window.pos);
  const elements = found.map((one, index) => ({
    ...one,
    end: one.length === undefined ? (found[index + 1]?.offset ?? end) : one.valueOffset + one.length,
  }));
  return { json: reader.json, elements, end };
}

const MAX_OLD_VALUE_BYTES = 1_048_576;

/** Bytes of the space that were passed already; undefined when there are fewer or unreasonably many. */
export function* readBack(window: ByteWindow, offset: number, length: number): ByteReader<Uint8Array | undefined> {
  if (length > MAX_OLD_VALUE_BYTES) return undefined;
  window.pos = offset;
  window.windowBytes = window.jumpBytes;
  const bytes = yield* window.peek(length);
  return bytes.length === length ? bytes.slice() : undefined;
}

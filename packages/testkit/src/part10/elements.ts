import type { Dataset, EncapsulatedPixelData, ExplicitElement, TextEncoding } from './dataset.ts';
import { isEncapsulated, isExplicitElement, textEncodingOf } from './dataset.ts';
import { type TagEntry, tagOf, type Vr } from './tags.ts';
import type { Layout } from './transfer-syntax.ts';
import { encodeValue } from './values.ts';

const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_DELIMITER = 0xfffee00d;
const SEQUENCE_DELIMITER = 0xfffee0dd;

/** VRs whose explicit header has two reserved bytes and a 32-bit length (PS3.5 7.1.2). */
const LONG_VRS: ReadonlySet<Vr> = new Set<Vr>(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

export interface EncodeOptions {
  /** Elements are written in the order given, not by tag. */
  readonly keepOrder?: boolean;
  /** Default for sequences that don't say it themselves. */
  readonly undefinedLengths?: boolean;
}

interface Context {
  readonly layout: Layout;
  readonly text: TextEncoding;
  readonly options: EncodeOptions;
  readonly chunks: Uint8Array[];
}

function tagBytes(view: DataView, tag: number, littleEndian: boolean): void {
  view.setUint16(0, tag >>> 16, littleEndian);
  view.setUint16(2, tag & 0xffff, littleEndian);
}

/** Header of an item or delimiter: a tag and a 32-bit length, without VR in every syntax (PS3.5 7.5). */
function itemHeader(tag: number, length: number, isBigEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  tagBytes(view, tag, !isBigEndian);
  view.setUint32(4, length, !isBigEndian);
  return bytes;
}

function elementHeader(tag: number, vr: Vr, length: number, layout: Layout): Uint8Array {
  if (!layout.isExplicit) return itemHeader(tag, length, layout.isBigEndian);
  const isLong = LONG_VRS.has(vr);
  const bytes = new Uint8Array(isLong ? 12 : 8);
  const view = new DataView(bytes.buffer);
  tagBytes(view, tag, !layout.isBigEndian);
  bytes[4] = vr.charCodeAt(0);
  bytes[5] = vr.charCodeAt(1);
  if (isLong) view.setUint32(8, length, !layout.isBigEndian);
  else if (length > 0xffff) throw new RangeError(`testkit: ${vr} value of ${length} bytes does not fit a 16-bit length`);
  else view.setUint16(6, length, !layout.isBigEndian);
  return bytes;
}

function byteLength(chunks: readonly Uint8Array[]): number {
  let total = 0;
  for (const chunk of chunks) total += chunk.length;
  return total;
}

function writeSequence(tag: number, element: ExplicitElement, items: readonly Dataset[], context: Context): void {
  const { layout, options } = context;
  const undefinedLength = element.undefinedLength ?? options.undefinedLengths ?? false;
  const undefinedItems = element.undefinedItemLength ?? options.undefinedLengths ?? false;
  const body: Uint8Array[] = [];
  for (const item of items) {
    const chunks = encodeElements(item, layout, { ...options, text: textEncodingOf(item) ?? context.text });
    body.push(itemHeader(ITEM, undefinedItems ? UNDEFINED_LENGTH : byteLength(chunks), layout.isBigEndian));
    for (const chunk of chunks) body.push(chunk);
    if (undefinedItems) body.push(itemHeader(ITEM_DELIMITER, 0, layout.isBigEndian));
  }
  const length = element.declaredLength ?? (undefinedLength ? UNDEFINED_LENGTH : byteLength(body));
  context.chunks.push(elementHeader(tag, element.vr, length, layout));
  for (const chunk of body) context.chunks.push(chunk);
  if (undefinedLength) context.chunks.push(itemHeader(SEQUENCE_DELIMITER, 0, layout.isBigEndian));
}

function extendedOffsets(pixels: EncapsulatedPixelData): Dataset {
  if (pixels.frames.some((fragments) => fragments.length !== 1)) {
    throw new RangeError('testkit: an Extended Offset Table needs one fragment a frame (PS3.3 C.7.6.3)');
  }
  const lengths = pixels.frames.map((fragments) => BigInt(fragments[0]?.length ?? 0));
  const offsets: bigint[] = [];
  let offset = 0n;
  for (const length of lengths) {
    offsets.push(offset);
    offset += 8n + length + (length % 2n);
  }
  return { ExtendedOffsetTable: offsets, ExtendedOffsetTableLengths: lengths };
}

/** Pixel Data as fragments (PS3.5 A.4): offset table item, one item a fragment padded to even length, delimiter. */
function writeEncapsulated(tag: number, pixels: EncapsulatedPixelData, context: Context): void {
  const { chunks, layout } = context;
  const offsets: number[] = [];
  const body: Uint8Array[] = [];
  let offset = 0;
  for (const fragments of pixels.frames) {
    offsets.push(offset);
    for (const fragment of fragments) {
      const value = encodeValue('OB', fragment, { isBigEndian: false, text: 'ascii' });
      body.push(itemHeader(ITEM, value.length, false), value);
      offset += 8 + value.length;
    }
  }
  const table =
    pixels.offsetTable === 'basic' ? encodeValue('UL', offsets, { isBigEndian: false, text: 'ascii' }) : new Uint8Array(0);
  chunks.push(elementHeader(tag, 'OB', UNDEFINED_LENGTH, layout), itemHeader(ITEM, table.length, false), table, ...body);
  chunks.push(itemHeader(SEQUENCE_DELIMITER, 0, false));
}

function isItems(value: ExplicitElement['value']): value is readonly Dataset[] {
  return Array.isArray(value) && (value.length === 0 || (typeof value[0] === 'object' && value[0] !== null));
}

function writeElement(entry: TagEntry, element: ExplicitElement, context: Context): void {
  const { layout } = context;
  if (element.vr === 'SQ' || (element.vr === 'UN' && element.undefinedLength)) {
    // UN of undefined length holds a sequence in implicit VR little endian (PS3.5 6.2.2).
    const inner = element.vr === 'UN' ? { ...context, layout: { ...layout, isExplicit: false, isBigEndian: false } } : context;
    const items = isItems(element.value) ? element.value : [];
    if (inner === context) writeSequence(entry.tag, element, items, context);
    else {
      const chunks: Uint8Array[] = [];
      writeSequence(entry.tag, element, items, { ...inner, chunks });
      context.chunks.push(elementHeader(entry.tag, 'UN', UNDEFINED_LENGTH, layout), ...chunks.slice(1));
    }
    return;
  }
  const value = encodeValue(element.vr, element.value ?? null, { isBigEndian: layout.isBigEndian, text: context.text });
  context.chunks.push(elementHeader(entry.tag, element.vr, element.declaredLength ?? value.length, layout), value);
}

/** Encodes a data set (without group 0002 rules) to byte chunks in tag order, items of sequences included. */
export function encodeElements(
  dataset: Dataset,
  layout: Layout,
  options: EncodeOptions & { readonly text?: TextEncoding } = {},
): Uint8Array[] {
  const context: Context = { layout, text: options.text ?? textEncodingOf(dataset) ?? 'ascii', options, chunks: [] };
  let full = dataset;
  for (const input of Object.values(dataset)) {
    if (isEncapsulated(input) && input.offsetTable === 'extended') full = { ...full, ...extendedOffsets(input) };
  }
  const entries = Object.entries(full).map(([key, input]) => ({ entry: tagOf(key), input }));
  if (options.keepOrder !== true) entries.sort((a, b) => a.entry.tag - b.entry.tag);
  for (const { entry, input } of entries) {
    if (input === undefined) continue;
    if (isEncapsulated(input)) writeEncapsulated(entry.tag, input, context);
    else writeElement(entry, isExplicitElement(input) ? input : { vr: entry.vr, value: input }, context);
  }
  return context.chunks;
}

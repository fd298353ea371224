/** Bytes of small DICOM files, written as tests need them: right or wrong. */

export const UNDEFINED = 0xffffffff;
const LONG_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function ascii(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.length % 2 === 0 ? text : `${text} `, 'latin1'));
}

export function u16(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint16Array.from(values).buffer);
}

export function u32(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

function tagBytes(tag: string): Uint8Array {
  return u16(Number.parseInt(tag.slice(0, 4), 16), Number.parseInt(tag.slice(4), 16));
}

/** An element in Explicit VR Little Endian; `length` may lie. */
export function explicit(tag: string, vr: string, value: Uint8Array | string = new Uint8Array(0), length?: number): Uint8Array {
  const bytes = typeof value === 'string' ? ascii(value) : value;
  const size = length ?? bytes.length;
  const head = LONG_VRS.has(vr) ? concat(ascii(vr), u16(0), u32(size)) : concat(ascii(vr), u16(size));
  return concat(tagBytes(tag), head, bytes);
}

/** An element in Implicit VR Little Endian; `length` may lie. */
export function implicit(tag: string, value: Uint8Array | string = new Uint8Array(0), length?: number): Uint8Array {
  const bytes = typeof value === 'string' ? ascii(value) : value;
  return concat(tagBytes(tag), u32(length ?? bytes.length), bytes);
}

export const item = (value: Uint8Array = new Uint8Array(0), length?: number) => implicit('FFFEE000', value, length);
export const ITEM_END = implicit('FFFEE00D');
export const SEQUENCE_END = implicit('FFFEE0DD');

/** Preamble, prefix and file meta information of a transfer syntax, then the dataset. */
export function part10(dataset: Uint8Array, transferSyntax = '1.2.840.10008.1.2.1'): Uint8Array {
  const uid = concat(ascii(transferSyntax.length % 2 === 0 ? transferSyntax : `${transferSyntax}\0`));
  const meta = concat(explicit('00020001', 'OB', Uint8Array.of(0, 1)), explicit('00020010', 'UI', uid));
  return concat(new Uint8Array(128), ascii('DICM'), explicit('00020000', 'UL', u32(meta.length)), meta, dataset);
}

/** Attributes of a small monochrome image. */
export function imageAttributes(image: {
  rows: number;
  columns: number;
  bits: number;
  frames?: string;
  samples?: number;
}): Uint8Array {
  return concat(
    explicit('00280002', 'US', u16(image.samples ?? 1)),
    ...(image.frames === undefined ? [] : [explicit('00280008', 'IS', image.frames)]),
    explicit('00280010', 'US', u16(image.rows)),
    explicit('00280011', 'US', u16(image.columns)),
    explicit('00280100', 'US', u16(image.bits)),
  );
}

/** Encapsulated Pixel Data: offset table (or none), fragments, delimiter. */
export function encapsulated(fragments: readonly Uint8Array[], offsetTable: readonly number[] = []): Uint8Array {
  return concat(
    explicit('7FE00010', 'OB', new Uint8Array(0), UNDEFINED),
    item(u32(...offsetTable)),
    ...fragments.map((fragment) => item(fragment)),
    SEQUENCE_END,
  );
}

/** A seeded generator of numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

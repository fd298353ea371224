import { ProtocolError } from '../errors.ts';
import { COMMAND_FIELDS, type CommandKeyword, type CommandSet } from './fields.ts';

type Field = readonly [keyword: CommandKeyword, vr: (typeof COMMAND_FIELDS)[CommandKeyword][1]];

const KEYWORDS = Object.keys(COMMAND_FIELDS) as CommandKeyword[];
const FIELD_OF = new Map<number, Field>(
  KEYWORDS.map((keyword) => [COMMAND_FIELDS[keyword][0], [keyword, COMMAND_FIELDS[keyword][1]]]),
);
const HEADER_BYTES = 8;
const GROUP_LENGTH_BYTES = 12;

function textBytes(text: string, padding: number): Uint8Array {
  const bytes = new Uint8Array(text.length + (text.length % 2)).fill(padding);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) throw new ProtocolError('VALUE');
    bytes[at] = code;
  }
  return bytes;
}

function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff) throw new ProtocolError('VALUE');
    view.setUint16(index * 2, value, true);
  }
  return bytes;
}

function valueBytes(vr: Field[1], value: string | number | readonly string[]): Uint8Array {
  if (typeof value === 'number') return words(value);
  if (typeof value === 'string') return textBytes(value, vr === 'UI' ? 0 : 0x20);
  return words(...value.flatMap((tag) => [Number.parseInt(tag.slice(0, 4), 16), Number.parseInt(tag.slice(4), 16)]));
}

/** A command set in Implicit VR Little Endian with its group length (PS3.7 6.3.1). Fails with VALUE for what has no room. */
export function writeCommandSet(command: CommandSet): Uint8Array {
  const elements: { element: number; bytes: Uint8Array }[] = [];
  for (const keyword of KEYWORDS) {
    const value = command[keyword];
    const [element, vr] = COMMAND_FIELDS[keyword];
    if (value !== undefined) elements.push({ element, bytes: valueBytes(vr, value) });
  }
  const length = elements.reduce((sum, { bytes }) => sum + HEADER_BYTES + bytes.length, 0);
  const out = new Uint8Array(GROUP_LENGTH_BYTES + length);
  const view = new DataView(out.buffer);
  view.setUint32(4, 4, true);
  view.setUint32(8, length, true);
  let at = GROUP_LENGTH_BYTES;
  for (const { element, bytes } of elements) {
    view.setUint16(at + 2, element, true);
    view.setUint32(at + 4, bytes.length, true);
    out.set(bytes, at + HEADER_BYTES);
    at += HEADER_BYTES + bytes.length;
  }
  return out;
}

/** Without the spaces and zeros around it; other bytes than ASCII stay one character each. */
function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte === 0 ? ' ' : String.fromCharCode(byte);
  return text.trim();
}

function tagsOf(view: DataView): string[] {
  const tags: string[] = [];
  const hex = (at: number): string => view.getUint16(at, true).toString(16).padStart(4, '0').toUpperCase();
  for (let at = 0; at + 4 <= view.byteLength; at += 4) tags.push(hex(at) + hex(at + 2));
  return tags;
}

/** An empty value is none. */
function readValue(vr: Field[1], bytes: Uint8Array): string | number | string[] | undefined {
  if (bytes.length === 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (vr === 'AT') return tagsOf(view);
  if (vr !== 'US') return textOf(bytes);
  if (bytes.length !== 2) throw new ProtocolError('COMMAND_SET', { length: bytes.length });
  return view.getUint16(0, true);
}

/**
 * A command set of a peer. Elements that are not known are left alone, the group length is not believed. Fails with COMMAND_SET for other groups, lengths that
 * reach beyond the end, an element that comes twice and numbers that are none.
 */
export function readCommandSet(bytes: Uint8Array): CommandSet {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = new Map<CommandKeyword, string | number | string[]>();
  for (let at = 0; at < bytes.length; ) {
    if (at + HEADER_BYTES > bytes.length) throw new ProtocolError('COMMAND_SET', { at });
    const length = view.getUint32(at + 4, true);
    const start = at + HEADER_BYTES;
    if (view.getUint16(at, true) !== 0 || length > bytes.length - start) throw new ProtocolError('COMMAND_SET', { at, length });
    const [keyword, vr] = FIELD_OF.get(view.getUint16(at + 2, true)) ?? [];
    at = start + length;
    if (keyword === undefined || vr === undefined) continue;
    const value = readValue(vr, bytes.subarray(start, at));
    if (found.has(keyword)) throw new ProtocolError('COMMAND_SET', { keyword });
    if (value !== undefined) found.set(keyword, value);
  }
  return Object.fromEntries(found) as CommandSet; // Each value was read by the VR of its keyword.
}

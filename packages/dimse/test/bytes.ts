/** PDUs written byte by byte from PS3.8 9.3, independently from the package: right or wrong. */

export { seeded } from '../../dicom/test/build.ts';

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

export function u16(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return new Uint8Array(bytes);
}

export function u32(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return new Uint8Array(bytes);
}

/** `length` may lie. */
export const pdu = (type: number, body: Uint8Array, length = body.length): Uint8Array =>
  concat(Uint8Array.of(type, 0), u32(length), body);

/** `length` may lie. */
export const item = (type: number, body: Uint8Array | string, length?: number): Uint8Array => {
  const bytes = typeof body === 'string' ? ascii(body) : body;
  return concat(Uint8Array.of(type, 0), u16(length ?? bytes.length), bytes);
};

const title = (text: string): Uint8Array => ascii(text.padEnd(16));

export interface RawAssociate {
  readonly version?: number;
  readonly called?: string;
  readonly calling?: string;
  readonly items?: readonly Uint8Array[];
}

export const associateBody = ({ version = 1, called = 'ARCHIVE', calling = 'SCANNER', items = [] }: RawAssociate): Uint8Array =>
  concat(u16(version, 0), title(called), title(calling), new Uint8Array(32), ...items);

export const APPLICATION = item(0x10, '1.2.840.10008.3.1.1.1');
export const VERIFICATION = '1.2.840.10008.1.1';
export const CT_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
export const IMPLICIT = '1.2.840.10008.1.2';
export const EXPLICIT = '1.2.840.10008.1.2.1';
export const JPEG_LOSSLESS = '1.2.840.10008.1.2.4.70';

export const proposed = (id: number, abstractSyntax: string, ...transferSyntaxes: readonly string[]): Uint8Array =>
  item(0x20, concat(Uint8Array.of(id, 0, 0, 0), item(0x30, abstractSyntax), ...transferSyntaxes.map((uid) => item(0x40, uid))));
export const answered = (id: number, result: number, transferSyntax: string): Uint8Array =>
  item(0x21, concat(Uint8Array.of(id, 0, result, 0), item(0x40, transferSyntax)));
export const user = (maxLength = 16384, ...more: readonly Uint8Array[]): Uint8Array =>
  item(0x50, concat(item(0x51, u32(maxLength)), item(0x52, '1.2.3.4'), ...more));

export const ASSOCIATE_RQ = pdu(
  1,
  associateBody({ items: [APPLICATION, proposed(1, VERIFICATION, IMPLICIT), proposed(3, CT_STORAGE, EXPLICIT), user()] }),
);
export const ASSOCIATE_AC = pdu(
  2,
  associateBody({ items: [APPLICATION, answered(1, 0, IMPLICIT), answered(3, 0, EXPLICIT), user()] }),
);
export const ASSOCIATE_RJ = pdu(3, Uint8Array.of(0, 1, 1, 3));
export const RELEASE_RQ = pdu(5, new Uint8Array(4));
export const RELEASE_RP = pdu(6, new Uint8Array(4));
export const ABORT = pdu(7, Uint8Array.of(0, 0, 0, 0));
export const UNKNOWN = pdu(9, new Uint8Array(4));

/** A presentation data value: control 1 command, 2 last. `length` may lie. */
export const pdv = (contextId: number, control: number, bytes: Uint8Array, length = bytes.length + 2): Uint8Array =>
  concat(u32(length), Uint8Array.of(contextId, control), bytes);
export const data = (...values: readonly Uint8Array[]): Uint8Array => pdu(4, concat(...values));
export const DATA = data(pdv(1, 3, ascii('command')));

/** The bytes in runs of the lengths that `next` gives. */
export function* cut(bytes: Uint8Array, next: () => number): Generator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; ) {
    const length = Math.max(1, next());
    yield bytes.slice(at, at + length);
    at += length;
  }
}

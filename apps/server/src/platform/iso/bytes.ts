/** A logical sector (ECMA-119 6.1.2). */
export const SECTOR = 2048;

export const sectorsOf = (bytes: number): number => Math.ceil(bytes / SECTOR);

/** A number in both byte orders (ECMA-119 7.2.3, 7.3.3). */
export function putBoth(target: Buffer, at: number, value: number, width: 2 | 4): void {
  target.writeUIntLE(value, at, width);
  target.writeUIntBE(value, at + width, width);
}

/** How a tree names what is in it: ISO 9660 itself, or Joliet's Unicode for systems that would show the former in lower case. */
export interface Naming {
  readonly isUnicode: boolean;
  encode(name: string): Buffer;
}

const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

export const PRIMARY: Naming = { isUnicode: false, encode: (name) => Buffer.from(name, 'latin1') };
export const JOLIET: Naming = { isUnicode: true, encode: ucs2 };

/** Identifier of a file: name, separator even where there is no extension, version (ECMA-119 7.5.1). */
export const fileIdentifier = (name: string): string => `${name.includes('.') ? name : `${name}.`};1`;

/** A date of a directory record (ECMA-119 9.1.5), in UTC. */
export const recordDate = (at: Date): Buffer =>
  Buffer.from([
    at.getUTCFullYear() - 1900,
    at.getUTCMonth() + 1,
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
    0,
  ]);

/** A date of a volume descriptor (ECMA-119 8.4.26.1), in UTC. */
export const volumeDate = (at: Date): Buffer => Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(0, 14)}00\0`, 'latin1');

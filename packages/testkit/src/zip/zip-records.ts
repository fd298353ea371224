import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of an archive; everything but name and bytes is for archives that lie. */
export interface ZipEntry {
  /** Text is written as UTF-8 with its flag; bytes are written as they are. */
  readonly name: string | Uint8Array;
  readonly bytes: Uint8Array;
  /** 0 store (default), 8 deflate; any other number labels stored bytes. */
  readonly method?: number;
  readonly flags?: number;
  /** The name in the local header, when it differs from the central one. */
  readonly localName?: string;
  readonly crc?: number;
  readonly size?: number;
  readonly compressedSize?: number;
  /** The central directory points here, not at the entry's own header. */
  readonly offset?: number;
  readonly externalAttributes?: number;
  /** Compressed bytes given outright. */
  readonly raw?: Uint8Array;
}

interface Placed {
  readonly name: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly size: number;
  readonly compressedSize: number;
  readonly offset: number;
  readonly externalAttributes: number;
}

const UTF8_FLAG = 0x0800;
const MAX32 = 0xffffffff;
/** 1 January 2026, 00:00 in MS-DOS form, for the same bytes on every run. */
const DOS_DATE = ((2026 - 1980) << 9) | (1 << 5) | 1;

function nameBytes(name: string | Uint8Array): Uint8Array {
  return typeof name === 'string' ? Buffer.from(name, 'utf8') : name;
}

/** Local header and body of an entry at an offset (APPNOTE 4.3.7), and what the central directory says of it. */
export function placeEntry(entry: ZipEntry, offset: number): { placed: Placed; parts: Uint8Array[]; length: number } {
  const method = entry.method ?? 0;
  const body = entry.raw ?? (method === 8 ? deflateRawSync(entry.bytes) : entry.bytes);
  const name = nameBytes(entry.name);
  const localName = entry.localName === undefined ? name : nameBytes(entry.localName);
  const placed: Placed = {
    name,
    flags: (entry.flags ?? 0) | (typeof entry.name === 'string' ? UTF8_FLAG : 0),
    method,
    crc: entry.crc ?? crc32(entry.bytes),
    size: entry.size ?? entry.bytes.length,
    compressedSize: entry.compressedSize ?? body.length,
    offset: entry.offset ?? offset,
    externalAttributes: entry.externalAttributes ?? 0,
  };
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(placed.flags, 6);
  header.writeUInt16LE(method, 8);
  header.writeUInt16LE(DOS_DATE, 12);
  header.writeUInt32LE(placed.crc, 14);
  header.writeUInt32LE(placed.compressedSize, 18);
  header.writeUInt32LE(placed.size, 22);
  header.writeUInt16LE(localName.length, 26);
  return { placed, parts: [header, localName, body], length: 30 + localName.length + body.length };
}

export function centralHeader(entry: Placed): Uint8Array {
  const needsZip64 = entry.offset >= MAX32;
  const extra = needsZip64 ? Buffer.alloc(12) : Buffer.alloc(0);
  if (needsZip64) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(8, 2);
    extra.writeBigUInt64LE(BigInt(entry.offset), 4);
  }
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE((3 << 8) | (needsZip64 ? 45 : 20), 4);
  header.writeUInt16LE(needsZip64 ? 45 : 20, 6);
  header.writeUInt16LE(entry.flags, 8);
  header.writeUInt16LE(entry.method, 10);
  header.writeUInt16LE(DOS_DATE, 14);
  header.writeUInt32LE(entry.crc, 16);
  header.writeUInt32LE(entry.compressedSize, 20);
  header.writeUInt32LE(entry.size, 24);
  header.writeUInt16LE(entry.name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(entry.externalAttributes, 38);
  header.writeUInt32LE(needsZip64 ? MAX32 : entry.offset, 42);
  return Buffer.concat([header, entry.name, extra]);
}

/** End records (APPNOTE 4.3.14 to 4.3.16), with the ZIP64 pair when a count or offset asks for it. */
export function endRecords(count: number, size: number, offset: number, comment: Uint8Array): Uint8Array {
  const needsZip64 = count > 0xfffe || offset >= MAX32 || size >= MAX32;
  const zip64 = Buffer.alloc(needsZip64 ? 76 : 0);
  if (needsZip64) {
    zip64.writeUInt32LE(0x06064b50, 0);
    zip64.writeBigUInt64LE(44n, 4);
    zip64.writeUInt16LE(45, 12);
    zip64.writeUInt16LE(45, 14);
    zip64.writeBigUInt64LE(BigInt(count), 24);
    zip64.writeBigUInt64LE(BigInt(count), 32);
    zip64.writeBigUInt64LE(BigInt(size), 40);
    zip64.writeBigUInt64LE(BigInt(offset), 48);
    zip64.writeUInt32LE(0x07064b50, 56);
    zip64.writeBigUInt64LE(BigInt(offset + size), 64);
    zip64.writeUInt32LE(1, 72);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, 0xffff), 8);
  end.writeUInt16LE(Math.min(count, 0xffff), 10);
  end.writeUInt32LE(Math.min(size, MAX32), 12);
  end.writeUInt32LE(Math.min(offset, MAX32), 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([zip64, end, comment]);
}

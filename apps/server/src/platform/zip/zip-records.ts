export interface ZipOptions {
  /** The value from which numbers are written as 64 bits; lowered by tests only. */
  readonly zip64From?: number;
  readonly zip64Entries?: number;
}

export const MAX_32 = 0xffff_ffff;
export const MAX_16 = 0xffff;
/** Bit 3: sizes in the data descriptor. Bit 11: names are UTF-8. */
const FLAGS = 0x0808;

export interface Written {
  readonly name: Buffer;
  readonly crc: number;
  readonly sizeBytes: number;
  readonly offset: number;
  readonly time: number;
  readonly is64: boolean;
}

/** MS-DOS date and time, two-second steps, UTC. */
export function dosTime(date: Date): number {
  const year = Math.min(2107, Math.max(1980, date.getUTCFullYear())) - 1980;
  const day = (year << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}

/** APPNOTE 4.3.7. A 64-bit entry carries an empty ZIP64 field, which says that its descriptor has 64-bit sizes (4.3.9.2). */
export function localHeader(name: Buffer, time: number, is64: boolean): Buffer {
  const extra = is64 ? 20 : 0;
  const header = Buffer.alloc(30 + name.length + extra);
  header.writeUInt32LE(0x0403_4b50, 0);
  header.writeUInt16LE(is64 ? 45 : 20, 4);
  header.writeUInt16LE(FLAGS, 6);
  header.writeUInt32LE(time, 10);
  if (is64) header.fill(0xff, 18, 26);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra, 28);
  name.copy(header, 30);
  if (is64) {
    header.writeUInt16LE(1, 30 + name.length);
    header.writeUInt16LE(16, 32 + name.length);
  }
  return header;
}

/** APPNOTE 4.3.9. */
export function dataDescriptor(crc: number, sizeBytes: number, is64: boolean): Buffer {
  const descriptor = Buffer.alloc(is64 ? 24 : 16);
  descriptor.writeUInt32LE(0x0807_4b50, 0);
  descriptor.writeUInt32LE(crc, 4);
  if (is64) {
    descriptor.writeBigUInt64LE(BigInt(sizeBytes), 8);
    descriptor.writeBigUInt64LE(BigInt(sizeBytes), 16);
  } else {
    descriptor.writeUInt32LE(sizeBytes, 8);
    descriptor.writeUInt32LE(sizeBytes, 12);
  }
  return descriptor;
}

/** APPNOTE 4.3.12, with the ZIP64 field of 4.5.3 for what does not fit. */
export function centralHeader(entry: Written, from: number): Buffer {
  const sizes64 = entry.is64 || entry.sizeBytes >= from;
  const offset64 = entry.offset >= from;
  const values = [...(sizes64 ? [entry.sizeBytes, entry.sizeBytes] : []), ...(offset64 ? [entry.offset] : [])];
  const extra = values.length === 0 ? 0 : 4 + values.length * 8;
  const header = Buffer.alloc(46 + entry.name.length + extra);
  header.writeUInt32LE(0x0201_4b50, 0);
  header.writeUInt16LE(0x0300 | 45, 4);
  header.writeUInt16LE(extra > 0 ? 45 : 20, 6);
  header.writeUInt16LE(FLAGS, 8);
  header.writeUInt32LE(entry.time, 12);
  header.writeUInt32LE(entry.crc, 16);
  header.writeUInt32LE(sizes64 ? MAX_32 : entry.sizeBytes, 20);
  header.writeUInt32LE(sizes64 ? MAX_32 : entry.sizeBytes, 24);
  header.writeUInt16LE(entry.name.length, 28);
  header.writeUInt16LE(extra, 30);
  // Regular file, rw-r--r--, as Unix tools show it.
  header.writeUInt32LE((0o100644 << 16) >>> 0, 38);
  header.writeUInt32LE(offset64 ? MAX_32 : entry.offset, 42);
  entry.name.copy(header, 46);
  if (extra > 0) {
    header.writeUInt16LE(1, 46 + entry.name.length);
    header.writeUInt16LE(extra - 4, 48 + entry.name.length);
    for (const [index, value] of values.entries()) header.writeBigUInt64LE(BigInt(value), 50 + entry.name.length + index * 8);
  }
  return header;
}

/** APPNOTE 4.3.14 to 4.3.16: the end records, ZIP64's first where a number does not fit. */
export function endRecords(count: number, start: number, size: number, limits: Required<ZipOptions>): Buffer {
  const is64 = count >= limits.zip64Entries || start >= limits.zip64From || size >= limits.zip64From;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(is64 ? MAX_16 : count, 8);
  end.writeUInt16LE(is64 ? MAX_16 : count, 10);
  end.writeUInt32LE(is64 ? MAX_32 : size, 12);
  end.writeUInt32LE(is64 ? MAX_32 : start, 16);
  if (!is64) return end;
  const end64 = Buffer.alloc(56 + 20);
  end64.writeUInt32LE(0x0606_4b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeUInt16LE(0x0300 | 45, 12);
  end64.writeUInt16LE(45, 14);
  end64.writeBigUInt64LE(BigInt(count), 24);
  end64.writeBigUInt64LE(BigInt(count), 32);
  end64.writeBigUInt64LE(BigInt(size), 40);
  end64.writeBigUInt64LE(BigInt(start), 48);
  end64.writeUInt32LE(0x0706_4b50, 56);
  end64.writeBigUInt64LE(BigInt(start + size), 64);
  end64.writeUInt32LE(1, 72);
  return Buffer.concat([end64, end]);
}

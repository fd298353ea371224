import { type Naming, putBoth, SECTOR, volumeDate } from './bytes.ts';
import { directoryRecord } from './directories.ts';

export interface Volume {
  /** Up to 16 capital letters, digits and underscores, so that Joliet has room for it too. */
  readonly id: string;
  readonly application: string;
  readonly at: Date;
}

interface Described {
  readonly volume: Volume;
  readonly naming: Naming;
  /** Sectors of the whole image. */
  readonly sectors: number;
  readonly root: { readonly sector: number; readonly sizeBytes: number };
  readonly pathTable: { readonly sizeBytes: number; readonly little: number; readonly big: number };
}

const UNICODE_LEVEL_3 = Buffer.from('%/E', 'latin1');
/** Texts of a descriptor: where, and how many bytes (ECMA-119 8.4). */
const TEXTS = {
  system: [8, 32],
  volume: [40, 32],
  set: [190, 128],
  publisher: [318, 128],
  preparer: [446, 128],
  application: [574, 128],
  files: [702, 111],
} as const;

function putText(target: Buffer, [at, length]: readonly [number, number], text: string, { isUnicode, encode }: Naming): void {
  if (isUnicode) for (let place = at; place + 1 < at + length; place += 2) target.writeUInt16BE(0x20, place);
  else target.fill(0x20, at, at + length);
  encode(text).copy(target, at, 0, length - (length % 2));
}

/** A primary, or a supplementary volume descriptor (ECMA-119 8.4, 8.5). */
export function volumeDescriptor({ volume, naming, sectors, root, pathTable }: Described): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  bytes[0] = naming.isUnicode ? 2 : 1;
  bytes.write('CD001\u0001', 1, 'latin1');
  for (const place of Object.values(TEXTS)) putText(bytes, place, '', naming);
  putText(bytes, TEXTS.volume, volume.id, naming);
  putText(bytes, TEXTS.application, volume.application, naming);
  putBoth(bytes, 80, sectors, 4);
  if (naming.isUnicode) UNICODE_LEVEL_3.copy(bytes, 88);
  for (const at of [120, 124]) putBoth(bytes, at, 1, 2);
  putBoth(bytes, 128, SECTOR, 2);
  putBoth(bytes, 132, pathTable.sizeBytes, 4);
  bytes.writeUInt32LE(pathTable.little, 140);
  bytes.writeUInt32BE(pathTable.big, 148);
  directoryRecord(Buffer.from([0]), root, true, volume.at).copy(bytes, 156);
  for (const at of [813, 830]) volumeDate(volume.at).copy(bytes, at);
  for (const at of [847, 864]) bytes.write('0'.repeat(16), at, 'latin1');
  bytes[881] = 1;
  return bytes;
}

/** The set terminator (ECMA-119 8.3). */
export function terminator(): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  bytes[0] = 255;
  bytes.write('CD001\u0001', 1, 'latin1');
  return bytes;
}

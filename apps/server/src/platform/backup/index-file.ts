/** What bytes are in the backup, and where: the catalogue of the packs that one run wrote, or what is left of many. */
export interface IndexEntry {
  /** SHA-256 of the bytes as they were. */
  readonly hash: Buffer;
  readonly pack: number;
  readonly offset: number;
  /** In the pack; as many as they were, unless they are deflated. */
  readonly storedBytes: number;
  readonly sizeBytes: number;
  readonly flags: number;
}

export const DEFLATED = 1;
/** Of the store's objects: it is kept as long as a kept backup may need it, though no list names it. */
export const OF_OBJECT = 2;
/** Its bytes are hashes of pieces: what is too long for one piece. */
export const LIST = 4;
/** Is on a list, and stays as long as that. */
export const PART = 8;

export interface IndexFile {
  /** Names of the packs, in the order of their numbers. */
  readonly packs: readonly string[];
  /** Names of index files that this one stands for: they count no more. */
  readonly replaces: readonly string[];
  readonly entries: readonly IndexEntry[];
}

const ENTRY = 32 + 4 * 4 + 4;

/** JSON of the names, preceded by its length, then entries of 52 bytes; numbers are little endian. */
export function encodeIndex({ packs, replaces, entries }: IndexFile): Buffer {
  const names = Buffer.from(JSON.stringify({ packs, replaces }));
  const bytes = Buffer.alloc(4 + names.length + ENTRY * entries.length);
  bytes.writeUInt32LE(names.length, 0);
  names.copy(bytes, 4);
  entries.forEach((entry, index) => {
    const at = 4 + names.length + ENTRY * index;
    entry.hash.copy(bytes, at);
    [entry.pack, entry.offset, entry.storedBytes, entry.sizeBytes, entry.flags].forEach((value, column) => {
      bytes.writeUInt32LE(value, at + 32 + 4 * column);
    });
  });
  return bytes;
}

export function decodeIndex(bytes: Buffer): IndexFile {
  const length = bytes.readUInt32LE(0);
  const { packs, replaces }: Pick<IndexFile, 'packs' | 'replaces'> = JSON.parse(bytes.toString('utf8', 4, 4 + length));
  const entries: IndexEntry[] = [];
  for (let at = 4 + length; at + ENTRY <= bytes.length; at += ENTRY) {
    const value = (column: number): number => bytes.readUInt32LE(at + 32 + 4 * column);
    const hash = bytes.subarray(at, at + 32);
    entries.push({ hash, pack: value(0), offset: value(1), storedBytes: value(2), sizeBytes: value(3), flags: value(4) });
  }
  return { packs, replaces, entries };
}

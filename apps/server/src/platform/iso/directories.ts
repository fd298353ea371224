import { fileIdentifier, type Naming, putBoth, recordDate, SECTOR, sectorsOf } from './bytes.ts';
import { type Folder, type NumberedFolder, numbered, sortedFiles, sortedFolders } from './tree.ts';

interface Extent {
  readonly sector: number;
  readonly sizeBytes: number;
}

const FOLDER_FLAG = 2;

/** A directory record (ECMA-119 9.1). */
export function directoryRecord(identifier: Buffer, { sector, sizeBytes }: Extent, isFolder: boolean, at: Date): Buffer {
  const length = 33 + identifier.length + (identifier.length % 2 === 0 ? 1 : 0);
  const record = Buffer.alloc(length);
  record[0] = length;
  putBoth(record, 2, sector, 4);
  putBoth(record, 10, sizeBytes, 4);
  recordDate(at).copy(record, 18);
  record[25] = isFolder ? FOLDER_FLAG : 0;
  putBoth(record, 28, 1, 2);
  record[32] = identifier.length;
  identifier.copy(record, 33);
  return record;
}

const SELF = Buffer.from([0]);
const PARENT = Buffer.from([1]);

/** Records one behind the other, none across the end of a sector (ECMA-119 6.8.1.1). */
function inSectors(records: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const record of records) {
    const left = SECTOR - (at % SECTOR);
    if (record.length > left) {
      parts.push(Buffer.alloc(left));
      at += left;
    }
    parts.push(record);
    at += record.length;
  }
  parts.push(Buffer.alloc(sectorsOf(at) * SECTOR - at));
  return Buffer.concat(parts);
}

/** One tree of an image: its folders, numbered, where each begins, and how it names. */
export class DirectoryTree {
  readonly #naming: Naming;
  readonly #at: Date;
  readonly folders: readonly NumberedFolder[];
  readonly #places = new Map<Folder, Extent>();
  /** Sectors of all its folders. */
  readonly sectors: number;

  constructor(root: Folder, naming: Naming, { start, at }: { readonly start: number; readonly at: Date }) {
    this.#naming = naming;
    this.#at = at;
    this.folders = numbered(root);
    let sector = start;
    // Lengths do not depend on what records point at.
    for (const { folder } of this.folders) {
      const sizeBytes = this.#bytesOf(folder, folder, 0).length;
      this.#places.set(folder, { sector, sizeBytes });
      sector += sectorsOf(sizeBytes);
    }
    this.sectors = sector - start;
  }

  place(folder: Folder): Extent {
    return this.#places.get(folder) ?? { sector: 0, sizeBytes: 0 };
  }

  /** The bytes of all folders, whose files begin `data` sectors into the image. */
  *bytes(data: number): Generator<Buffer> {
    for (const { folder, parent } of this.folders) yield this.#bytesOf(folder, this.folders[parent - 1]?.folder ?? folder, data);
  }

  #bytesOf(folder: Folder, parent: Folder, data: number): Buffer {
    const { encode } = this.#naming;
    const children = [
      ...sortedFolders(folder).map((child) => ({
        name: child.name,
        record: this.#record(encode(child.name), this.place(child), true),
      })),
      ...sortedFiles(folder).map(({ name, first, sizeBytes }) => ({
        name,
        record: this.#record(encode(fileIdentifier(name)), { sector: data + first, sizeBytes }, false),
      })),
    ].sort((a, b) => (a.name < b.name ? -1 : 1));
    const own = [this.#record(SELF, this.place(folder), true), this.#record(PARENT, this.place(parent), true)];
    return inSectors([...own, ...children.map(({ record }) => record)]);
  }

  #record(identifier: Buffer, extent: Extent, isFolder: boolean): Buffer {
    return directoryRecord(identifier, extent, isFolder, this.#at);
  }

  /** The path table (ECMA-119 9.4), in one byte order. */
  pathTable(order: 'little' | 'big'): Buffer {
    return Buffer.concat(
      this.folders.map(({ folder, parent }) => {
        const identifier = folder.name === '' ? SELF : this.#naming.encode(folder.name);
        const record = Buffer.alloc(8 + identifier.length + (identifier.length % 2));
        record[0] = identifier.length;
        const { sector } = this.place(folder);
        if (order === 'little') record.writeUInt32LE(sector, 2);
        else record.writeUInt32BE(sector, 2);
        if (order === 'little') record.writeUInt16LE(parent, 6);
        else record.writeUInt16BE(parent, 6);
        identifier.copy(record, 8);
        return record;
      }),
    );
  }
}

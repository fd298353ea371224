import { once } from '../../kernel/once.ts';
import type { Scratch, ScratchBytes } from '../objects/scratch/index.ts';
import { JOLIET, PRIMARY, SECTOR, sectorsOf } from './bytes.ts';
import { terminator, type Volume, volumeDescriptor } from './descriptor.ts';
import { DirectoryTree } from './directories.ts';
import { emptyFolder, type Folder, putFile } from './tree.ts';

/** A file of a medium: path of level 1 (`DICOM/ST000001/IM000001`), and what is in it. */
export interface MediumFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/** What is there already. */
export const whole = (bytes: Uint8Array): Omit<MediumFile, 'name'> => ({ sizeBytes: bytes.length, content: once(bytes) });

export interface IsoImage {
  readonly sizeBytes: number;
  readonly bytes: AsyncGenerator<Uint8Array>;
  /** Gives back what it takes. Safe to call again. */
  discard(): Promise<void>;
}

/** A file of one extent, and the sectors that a volume can count. */
const MOST_FILE_BYTES = 0xffff_ffff;
const SYSTEM_SECTORS = 16;
const READ_BYTES = 256 * 1024;

/**
 * An image of a disc (ISO 9660 level 1 with Joliet, ECMA-119) of `files`. Directories come before what they point at, so that all files are read
 * first and wait in scratch. Fails with RangeError for an unsafe name or a file of 4 GiB, and as a file or scratch does; scratch is given back then.
 */
export async function isoImage(
  files: AsyncIterable<MediumFile>,
  { scratch, volume }: { readonly scratch: Pick<Scratch, 'create'>; readonly volume: Volume },
): Promise<IsoImage> {
  const data = await scratch.create();
  try {
    const root = await spool(files, data);
    const head = Buffer.concat([...headOf(root, volume, sectorsOf(data.sizeBytes))]);
    return { sizeBytes: head.length + data.sizeBytes, bytes: imageBytes(head, data), discard: () => data.remove() };
  } catch (error) {
    await data.remove();
    throw error;
  }
}

/** Writes each file on sectors of its own; gives the tree of what lies where. */
async function spool(files: AsyncIterable<MediumFile>, data: ScratchBytes): Promise<Folder> {
  const root = emptyFolder();
  for await (const { name, content } of files) {
    const start = data.sizeBytes;
    for await (const chunk of content) await data.write(chunk);
    const sizeBytes = data.sizeBytes - start;
    if (sizeBytes > MOST_FILE_BYTES) throw new RangeError('A file is too long for a medium.');
    const rest = sectorsOf(sizeBytes) * SECTOR - sizeBytes;
    if (rest > 0) await data.write(Buffer.alloc(rest));
    putFile(root, name, { first: start / SECTOR, sizeBytes });
  }
  return root;
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(sectorsOf(bytes.length) * SECTOR - bytes.length)]);

/** Everything before the data: descriptors, path tables in both byte orders and folders, of both trees. */
function* headOf(root: Folder, volume: Volume, dataSectors: number): Generator<Buffer> {
  const { at } = volume;
  const tablesOf = (tree: DirectoryTree): Buffer[] => [padded(tree.pathTable('little')), padded(tree.pathTable('big'))];
  const namings = [PRIMARY, JOLIET];
  // Their tables' lengths are known before their places.
  const tableSectors = namings.map((naming) =>
    sectorsOf(new DirectoryTree(root, naming, { start: 0, at }).pathTable('little').length),
  );
  let next = SYSTEM_SECTORS + namings.length + 1;
  const tables = tableSectors.map((sectors) => {
    const little = next;
    next += 2 * sectors;
    return { little, big: little + sectors };
  });
  const trees = namings.map((naming) => {
    const tree = new DirectoryTree(root, naming, { start: next, at });
    next += tree.sectors;
    return tree;
  });
  const first = next;
  yield Buffer.alloc(SYSTEM_SECTORS * SECTOR);
  for (const [index, tree] of trees.entries()) {
    const pathTable = { sizeBytes: tree.pathTable('little').length, ...(tables[index] ?? { little: 0, big: 0 }) };
    yield volumeDescriptor({
      volume,
      naming: namings[index] ?? PRIMARY,
      sectors: first + dataSectors,
      root: tree.place(root),
      pathTable,
    });
  }
  yield terminator();
  for (const tree of trees) yield* tablesOf(tree);
  for (const tree of trees) yield* tree.bytes(first);
}

async function* imageBytes(head: Buffer, data: ScratchBytes): AsyncGenerator<Uint8Array> {
  yield head;
  const reader = await data.open();
  try {
    for (let at = 0; at < reader.sizeBytes; ) {
      const piece = Buffer.allocUnsafe(Math.min(READ_BYTES, reader.sizeBytes - at));
      const length = await reader.read(piece, at);
      if (length === 0) throw new RangeError('What was written for a medium is gone.');
      yield piece.subarray(0, length);
      at += length;
    }
  } finally {
    await reader.close();
    await data.remove();
  }
}

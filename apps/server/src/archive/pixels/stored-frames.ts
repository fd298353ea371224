import { type FrameTable, finishFrameRead, planFrameRead } from '@negatoscope/dicom';
import { notFound } from '../../kernel/failure.ts';
import { gathered } from './inflate.ts';
import type { StoredSource } from './locate.ts';
import type { InstanceEntry } from './series-table.ts';

/** Shifts a frame that begins inside a byte to a byte border (PS3.5 8.1.1); unused bits of the last byte are zero. */
export function alignBits(bytes: Buffer, firstBit: number, bits: number): Buffer {
  const shift = firstBit % 8;
  const result = Buffer.alloc(Math.ceil(bits / 8));
  for (let i = 0; i < result.length; i += 1)
    result[i] = ((bytes[i] ?? 0) >> shift) | (((bytes[i + 1] ?? 0) << (8 - shift)) & 0xff);
  const spare = result.length * 8 - bits;
  if (spare > 0) result[result.length - 1] = (result[result.length - 1] ?? 0) & (0xff >> spare);
  return result;
}

type Source = (offset: number, length: number) => Promise<Buffer>;

/** Fragments that are read from the disk at once for one frame. */
const AT_ONCE = 4;

async function inGroups<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const result: R[] = [];
  for (let at = 0; at < list.length; at += AT_ONCE) result.push(...(await Promise.all(list.slice(at, at + AT_ONCE).map(work))));
  return result;
}

/** One frame as little endian bytes, from 0; undefined when the table has no such frame. `source` reads the space that the table is of. */
export async function readFrame(source: Source, table: FrameTable, frame: number): Promise<Buffer | undefined> {
  const plan = planFrameRead(table, frame);
  if (plan === undefined) return undefined;
  const parts = await inGroups(plan.ranges, ({ offset, length }) => source(offset, length));
  const [only] = parts;
  const read = finishFrameRead(plan, parts.length === 1 && only !== undefined ? only : Buffer.concat(parts));
  const bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength);
  return table.kind === 'packed-bits' ? alignBits(bytes, frame * table.frameBits, table.frameBits) : bytes;
}

/** A stored frame of an instance as little endian bytes, `frame` from 0: one positional read for each run of stored bytes. Fails with NOT_FOUND where there is none. */
export async function storedFrame({ objects, locator }: StoredSource, entry: InstanceEntry, frame: number): Promise<Buffer> {
  const table = await locator.frameTable(entry);
  const fromFile: Source = (offset, length) => objects.read(entry.id, offset, length);
  const fromDataset: Source = async (offset, length) => gathered(locator.inflated(entry, offset, offset + length));
  const bytes = await readFrame(table.space === 'file' ? fromFile : fromDataset, table, frame);
  if (bytes === undefined) throw notFound();
  return bytes;
}

import { type ByteReader, type ByteSpace, DicomError } from '@negatoscope/dicom';
import { coercedFile, type IndexValues } from '../../../archive/coercion/index.ts';
import type { InstanceEntry } from '../../../archive/pixels/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { Spool } from '../../../platform/sending/spool.ts';
import { InflatedSpace } from '../../../platform/workers/inflated-space.ts';
import { isHeavy, QUICK_HEADER } from '../../../platform/workers/quick-work.ts';
import type { Dicomweb, FileWork } from '../service.ts';
import { type Rewriting, type Rewritten, rewritten } from './rewritten.ts';

/** A deflated dataset that grows past this is not written in another form. */
const MAX_INFLATED_BYTES = 1024 * 1024 * 1024;

/** Bytes of a file, or of its inflated dataset, at any place. */
export interface FileBytes {
  read(space: ByteSpace, offset: number, length: number): Promise<Buffer>;
  discard(): Promise<void>;
}

/** A file as the index has it. */
export interface FileSource extends FileBytes {
  readonly isApproximated: boolean;
  /** Fails with UNPROCESSABLE for what can't be written in that form. */
  rewrite(rewriting: Rewriting): Promise<Rewritten>;
}

const unreadable = (cause: unknown): Failure =>
  new Failure('UNPROCESSABLE', { detail: 'This file cannot be written in another transfer syntax.', cause });

type Read = (offset: number, length: number) => Promise<Buffer>;
interface ReadableFile {
  readonly sizeBytes: number;
  /** As many bytes as there are. */
  readonly read: Read;
}

/** The dataset behind the `from`th byte, inflated once into what waits in memory or on the disk. */
async function inflated(web: Pick<Dicomweb, 'scratch'>, { sizeBytes, read }: ReadableFile, from: number): Promise<Spool> {
  const spool = new Spool(web.scratch);
  const space = new InflatedSpace({ read, from, sizeBytes, maxBytes: MAX_INFLATED_BYTES });
  try {
    for (let bytes = await space.supply(0); bytes.length > 0; bytes = await space.supply(spool.length)) await spool.write(bytes);
    return spool;
  } catch (error) {
    await spool.discard();
    throw error instanceof DicomError ? unreadable(error) : error;
  } finally {
    await space.close();
  }
}

function bytesOf(web: Pick<Dicomweb, 'scratch'>, file: ReadableFile, datasetOffset: () => Promise<number>): FileBytes {
  let dataset: Promise<Spool> | undefined;
  return {
    read: async (space, offset, length) => {
      if (space === 'file') return file.read(offset, length);
      dataset ??= datasetOffset().then((from) => inflated(web, file, from));
      const parts: Buffer[] = [];
      for await (const part of (await dataset).read(offset, length)) parts.push(part);
      return Buffer.concat(parts);
    },
    discard: async () => (await dataset?.catch(() => undefined))?.discard(),
  };
}

const storedRead =
  (web: Pick<Dicomweb, 'objects'>, { id, sizeBytes }: InstanceEntry): Read =>
  async (offset, length) => {
    const available = Math.min(length, sizeBytes - offset);
    return available <= 0 ? Buffer.alloc(0) : web.objects.read(id, offset, available);
  };

/** A file as it is stored. */
export const storedBytesOf = (web: Pick<Dicomweb, 'objects' | 'scratch' | 'locator'>, entry: InstanceEntry): FileBytes =>
  bytesOf(web, { sizeBytes: entry.sizeBytes, read: storedRead(web, entry) }, () => web.locator.datasetOffset(entry));

/** Here when the header is short, else where it can be ended. */
async function rewrite({ heavy }: Pick<Dicomweb, 'heavy'>, file: ReadableFile, rewriting: Rewriting): Promise<Rewritten> {
  const reader: ByteReader<Rewritten> = rewritten(file.sizeBytes, rewriting, QUICK_HEADER);
  try {
    let step = reader.next();
    while (step.done !== true && step.value.space === 'file')
      step = reader.next(await file.read(step.value.offset, step.value.length));
    if (step.done === true) return step.value;
  } catch (error) {
    if (!isHeavy(error)) throw error instanceof DicomError ? unreadable(error) : error;
  }
  return heavy.rewrite(file.sizeBytes, rewriting, file.read);
}

/** Opens a stored file with the values of the index in it. Fails as `coercedFile` does. */
export async function openSource(web: FileWork, entry: InstanceEntry, values: IndexValues | undefined): Promise<FileSource> {
  const { objects, scratch, heavy } = web;
  const coerced = await coercedFile({ objects, scratch, heavy }, entry, values);
  const sizeBytes = coerced?.sizeBytes ?? entry.sizeBytes;
  const read: Read =
    coerced === undefined
      ? storedRead(web, entry)
      : async (offset, length) => coerced.read(offset, Math.max(0, Math.min(length, sizeBytes - offset)));
  const file = { sizeBytes, read };
  let datasetOffset = 0;
  // Only runs of what was rewritten are in the inflated dataset.
  const bytes = bytesOf(web, file, async () => datasetOffset);
  return {
    isApproximated: (coerced?.approximated.length ?? 0) > 0,
    read: bytes.read,
    rewrite: async (rewriting) => {
      const result = await rewrite(web, file, rewriting);
      datasetOffset = result.datasetOffset;
      return result;
    },
    discard: async () => {
      await bytes.discard();
      await coerced?.discard();
    },
  };
}

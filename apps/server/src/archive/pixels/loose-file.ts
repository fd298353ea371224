import { Readable } from 'node:stream';
import type { CodecPool } from '../../platform/codecs/pool.ts';
import type { ReadBytes } from '../../platform/workers/killable-worker.ts';
import type { PixelSource } from './decoded-frames.ts';
import type { StoredBytes } from './inflate.ts';
import type { HeaderThread } from './large-header.ts';
import { createLocator } from './locate.ts';
import { type InstanceEntry, withoutRow } from './series-table.ts';

/** A DICOM file that is in no archive. */
export interface LooseFile {
  /** Names it while it is looked at. */
  readonly id: string;
  readonly sizeBytes: number;
  readonly read: ReadBytes;
}

const STREAM_STEP_BYTES = 1024 * 1024;

function bytesOf({ read, sizeBytes }: LooseFile): StoredBytes {
  const piece = async (offset: number, length: number): Promise<Buffer> => Buffer.from(await read(offset, length));
  return {
    read: (_id, offset, length) => piece(offset, length),
    stream: (_id, { start, end } = { start: 0, end: sizeBytes - 1 }) =>
      Readable.from(
        (async function* () {
          for (let at = start; at <= end; at += STREAM_STEP_BYTES)
            yield await piece(at, Math.min(STREAM_STEP_BYTES, end - at + 1));
        })(),
        { objectMode: false },
      ),
  };
}

/** Opens it like a stored instance, by the same pipeline. Fails with FRAME_UNREADABLE for what is no DICOM file. */
export async function openLooseFile(
  file: LooseFile,
  { codecs, headers }: { readonly codecs: CodecPool; readonly headers: HeaderThread },
): Promise<{ readonly source: PixelSource; readonly entry: InstanceEntry }> {
  const objects = bytesOf(file);
  const source = { objects, codecs, locator: createLocator(objects, headers) };
  const unknown = withoutRow(file);
  const { transferSyntaxUid } = await source.locator.header(unknown);
  const { count } = await source.locator.frameTable(unknown);
  return { source, entry: { ...unknown, transferSyntaxUid, frames: count } };
}

import { type ByteReader, datasetOffsetReader, TRANSFER_SYNTAXES } from '@negatoscope/dicom';
import type { IndexValues } from '../../../archive/coercion/index.ts';
import type { ArchiveReader } from '../../../archive/doors.ts';
import { createPixelSource, type InstanceEntry } from '../../../archive/pixels/index.ts';
import type { Scratch } from '../../../platform/objects/scratch/index.ts';
import type { GuardedObjects } from '../../../platform/objects/store/index.ts';
import { PieceMemory } from '../../../platform/sending/piece-memory.ts';
import type { HeavyWork } from '../heavy.ts';
import { type FileWork, IDLE_PIECE_BYTES } from '../service.ts';
import { openFile } from './outgoing-files.ts';
import type { OutgoingFile } from './transcoded-file.ts';

export interface DatasetPorts {
  readonly db: ArchiveReader;
  readonly objects: GuardedObjects;
  readonly scratch: Scratch;
  /** Ended with the datasets. */
  readonly heavy: HeavyWork;
}

/** A dataset on its way, without preamble and file meta information. `discard` gives back what it holds, whether it was sent or not. */
export interface OutgoingDataset {
  readonly transferSyntaxUid: string;
  readonly bytes: AsyncGenerator<Buffer>;
  discard(): Promise<void>;
}

/** More than file meta information has, mostly. */
const START_BYTES = 65_536;

/** The start of a file as far as a reader needs it; what is there is there again when it asks for more. */
async function offsetIn(file: OutgoingFile, start: { bytes: Buffer }): Promise<number> {
  const supply = async (length: number): Promise<void> => {
    while (start.bytes.length < Math.min(length, file.sizeBytes)) {
      const next = await file.bytes.next();
      if (next.done === true) return;
      start.bytes = start.bytes.length === 0 ? next.value : Buffer.concat([start.bytes, next.value]);
    }
  };
  await supply(START_BYTES);
  const reader: ByteReader<number> = datasetOffsetReader(file.sizeBytes);
  let step = reader.next();
  while (step.done !== true) {
    const { offset, length } = step.value;
    await supply(offset + length);
    step = reader.next(start.bytes.subarray(offset, offset + length));
  }
  return step.value;
}

async function* datasetOf(file: OutgoingFile): AsyncGenerator<Buffer> {
  const start = { bytes: Buffer.alloc(0) };
  const offset = await offsetIn(file, start);
  if (start.bytes.length > offset) yield start.bytes.subarray(offset);
  yield* file.bytes;
  // Files are written without it, and messages end at an even place (PS3.5 A.5, PS3.8 9.3.5.1).
  const isOdd = (file.sizeBytes - offset) % 2 === 1;
  if (isOdd && TRANSFER_SYNTAXES.get(file.transferSyntaxUid)?.isDeflated === true) yield Buffer.alloc(1);
}

/**
 * Stored instances as datasets for who sends them by another protocol: the very files that DICOMweb gives, with the patient and study that the index has now, in
 * the transfer syntax of the file or another one. What is not as it was received is found out before its last byte is given.
 */
export function createDatasets({ scratch, heavy, ...ports }: DatasetPorts): {
  /** Fails as `openFile` does. */
  open(entry: InstanceEntry, transferSyntaxUid: string, values: IndexValues): Promise<OutgoingDataset>;
  close(): Promise<void>;
} {
  const pixels = createPixelSource({ ...ports, headers: heavy });
  const work: FileWork = { ...pixels, objects: ports.objects, scratch, heavy, pieces: new PieceMemory(IDLE_PIECE_BYTES) };
  return {
    open: async (entry, transferSyntaxUid, values) => {
      const target = transferSyntaxUid === entry.transferSyntaxUid ? undefined : transferSyntaxUid;
      const file = await openFile(work, { entry, target }, { values, isGone: () => false });
      return { transferSyntaxUid: file.transferSyntaxUid, bytes: datasetOf(file), discard: () => file.discard() };
    },
    close: async () => {
      await pixels.close();
      await heavy.close();
    },
  };
}

import type { Scratch } from '../objects/scratch/index.ts';

/** What is made and waits in memory for readers, in all; more waits on the disk. */
const MAX_HELD_BYTES = 32 * 1024 * 1024;
/** Less is not worth a file. */
const MIN_DISK_BYTES = 1024 * 1024;
/** What a slow reader of bytes on the disk holds at a time. */
const PIECE_BYTES = 64 * 1024;

let heldBytes = 0;

/** What waits in memory for readers now. */
export const heldNow = (): number => heldBytes;

/** Whether `bytes` more may wait in memory; if so they count until they are given back. */
export function takeHeld(bytes: number): boolean {
  if (heldBytes + bytes > MAX_HELD_BYTES) return false;
  heldBytes += bytes;
  return true;
}

export function giveHeld(bytes: number): void {
  heldBytes -= bytes;
}

/** Bytes that were made for an answer and are sent as fast as its reader takes them. */
export interface HeldBytes {
  readonly length: number;
  /** All of them, while they are in memory; undefined on the disk. */
  readonly whole: Buffer | undefined;
  /** To be read once. */
  pieces(): AsyncGenerator<Buffer>;
  /** Gives back what they take, whether they were read or not; more than once does no harm. */
  end(): Promise<void>;
}

function inMemory(bytes: Buffer): HeldBytes {
  heldBytes += bytes.length;
  let held: Buffer | undefined = bytes;
  return {
    length: bytes.length,
    whole: bytes,
    pieces: async function* () {
      for (let at = 0; held !== undefined && at < held.length; at += PIECE_BYTES) yield held.subarray(at, at + PIECE_BYTES);
    },
    end: async () => {
      if (held === undefined) return;
      heldBytes -= bytes.length;
      held = undefined;
    },
  };
}

async function onDisk(scratch: Pick<Scratch, 'create'>, bytes: Buffer): Promise<HeldBytes> {
  const spooled = await scratch.create();
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) await spooled.write(bytes.subarray(at, at + PIECE_BYTES));
  } catch (error) {
    await spooled.remove();
    throw error;
  }
  const { length } = bytes;
  return {
    length,
    whole: undefined,
    pieces: async function* () {
      for (let at = 0; at < length; at += PIECE_BYTES) yield await spooled.read(at, Math.min(PIECE_BYTES, length - at));
    },
    end: () => spooled.remove(),
  };
}

/**
 * Holds bytes until their reader has them: in memory while that of the process has room, else in a temporary file, so that any number of slow
 * readers costs little more than their pieces. Fails as scratch does.
 */
export const holdBytes = (scratch: Pick<Scratch, 'create'>, bytes: Buffer): Promise<HeldBytes> =>
  bytes.length < MIN_DISK_BYTES || heldBytes + bytes.length <= MAX_HELD_BYTES
    ? Promise.resolve(inMemory(bytes))
    : onDisk(scratch, bytes);

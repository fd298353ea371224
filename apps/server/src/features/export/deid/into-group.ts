import type { FileOutcome, FileReason } from '@negatoscope/contract';
import type { Service } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure } from '../../../kernel/failure.ts';
import { once } from '../../../kernel/once.ts';
import type { ZipEntry } from '../../../platform/zip/zip-writer.ts';

export interface TakenFile {
  readonly name: string;
  readonly outcome: FileOutcome;
  readonly reason?: FileReason;
  readonly sopInstanceUid?: string;
}

/** Takes files into a group by the one pipeline; gives the outcome of each, in order. */
export type TakeInto = (
  by: Service,
  groupId: string,
  files: AsyncIterable<{ readonly name: string; readonly stream: AsyncIterable<Uint8Array> }>,
) => Promise<readonly TakenFile[]>;

/** What became of files that came into a group. */
export class Arrivals {
  stored = 0;
  unchanged = 0;
  readonly notTaken: { readonly path: string; readonly because: string }[] = [];
  readonly files: TakenFile[] = [];

  add(taken: readonly TakenFile[]): void {
    for (const { name, outcome, reason, sopInstanceUid } of taken) {
      // The store fails for all that comes: the export is made anew, and finds what has come.
      if (reason === 'STORAGE_FULL') throw new Failure('STORAGE_FULL');
      if (reason === 'STORAGE_FAILED') throw new Failure('UNAVAILABLE');
      if (outcome === 'stored') this.stored += 1;
      else if (outcome === 'duplicate') this.unchanged += 1;
      else this.notTaken.push({ path: name, because: reason ?? (outcome === 'conflict' ? 'CONFLICT' : 'NOT_TAKEN') });
      this.files.push({ name, outcome, ...(reason && { reason }), ...(sopInstanceUid && { sopInstanceUid }) });
    }
  }
}

/** Files of one import. */
const PIECE = 2_000;
const MANIFEST = 'manifest.json';

/** A file that can't be read to its end is damaged here: the pipeline would say that its sender went away. */
async function* noting(content: AsyncIterable<Uint8Array>, broken: unknown[]): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    broken.push(error);
    throw error;
  }
}

interface Going {
  readonly takeInto: TakeInto;
  readonly clock: Clock;
  readonly by: Service;
  readonly groupId: string;
  readonly arrivals: Arrivals;
  readonly signal: AbortSignal;
  /** Told before each file. */
  readonly progress: () => void;
}

/**
 * Lets the files of an export into a group, and gives what is left for its ZIP: the manifest, and what became of each file there. What has come by the time
 * that it ends badly stays: nothing in it names anybody, and the next time it is there already. Fails with STORAGE_FULL, UNAVAILABLE, and as the pipeline does.
 */
export async function* intoGroup(entries: AsyncGenerator<ZipEntry>, going: Going): AsyncGenerator<ZipEntry> {
  const { takeInto, by, groupId, arrivals, signal, progress } = going;
  let rest: ZipEntry | undefined;
  let isOver = false;
  const broken: unknown[] = [];
  async function* some(): AsyncGenerator<{ name: string; stream: AsyncIterable<Uint8Array> }> {
    for (let count = 0; count < PIECE; count += 1) {
      signal.throwIfAborted();
      progress();
      const { done, value } = await entries.next();
      isOver = done === true || value.name === MANIFEST;
      if (done !== true && isOver) rest = value;
      if (done === true || isOver) return;
      yield { name: value.name, stream: noting(value.content, broken) };
    }
  }
  try {
    while (!isOver) {
      const taken = await takeInto(by, groupId, some());
      signal.throwIfAborted();
      if (broken.length > 0) throw broken[0];
      arrivals.add(taken);
    }
  } finally {
    if (!isOver) await entries.return(undefined);
  }
  if (rest !== undefined) yield rest;
  const bytes = Buffer.from(JSON.stringify({ groupId, files: arrivals.files }, null, 1));
  yield { name: 'group.json', sizeBytes: bytes.length, modified: going.clock.now(), content: once(bytes) };
}

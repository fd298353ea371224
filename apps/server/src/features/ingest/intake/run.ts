import type { Scratch, ScratchBytes, ScratchReader } from '../../../platform/objects/scratch/index.ts';
import { reasonOf } from '../reasons.ts';
import { verdict } from '../stage/stage.ts';
import type { FileResult, IncomingFile, IngestLimits } from '../types.ts';
import { Batches } from './batches.ts';
import { partOf } from './part.ts';
import { peek } from './peek.ts';
import { displayName, type IngestSession } from './session.ts';
import { spool } from './spool.ts';
import { isZip, zipFiles } from './zip.ts';

export interface RunOptions {
  readonly session: IngestSession;
  readonly limits: IngestLimits;
  /** Where ZIPs are until they are whole. */
  readonly scratch: Scratch;
  /** Whether a file may be a ZIP of files. */
  readonly opensZips: boolean;
  /** Spooled ZIPs are handed back instead of being opened. */
  readonly defersZips?: boolean;
  /** When the store fails behind files that were committed, these are told and the rest is rejected, instead of failing as a whole. */
  readonly tellsPart?: boolean;
}

export interface RunOutcome {
  readonly results: FileResult[];
  /** ZIPs that were put off, in order. They are the caller's now, to be read or removed. */
  readonly deferred: readonly SpooledArchive[];
}

/**
 * Takes files one after the other, as their streams come, and gives the outcome of each. What was committed stays when it fails or when
 * the sender goes away.
 */
export async function runFiles(options: RunOptions, files: AsyncIterable<IncomingFile>): Promise<RunOutcome> {
  const results: FileResult[] = [];
  const batches = new Batches(options.session, (some) => results.push(...some));
  const deferred: SpooledArchive[] = [];
  let isRead = false;
  try {
    for await (const file of files) {
      const archive = await takeFile(options, batches, file);
      if (archive === undefined) continue;
      if (options.defersZips) deferred.push(archive);
      else await takeZip(options, batches, archive).finally(() => archive.bytes.remove());
    }
    isRead = true;
    await batches.finish();
  } catch (error) {
    const refused = await batches.abandon();
    await Promise.all(deferred.map(({ bytes }) => bytes.remove()));
    const told = options.tellsPart ? partOf({ results, refused, isRead }, error) : undefined;
    if (told === undefined) throw error;
    return { results: told, deferred: [] };
  }
  return { results, deferred };
}

/** Reads archives one after the other, from the entry after the first `skip` of all of them, until told to stop. They stay. */
export async function readArchives(
  options: RunOptions,
  archives: readonly Archive[],
  from: { skip: number; signal: AbortSignal },
): Promise<void> {
  const batches = new Batches(options.session, () => undefined);
  const place = { skip: from.skip, signal: from.signal };
  try {
    for (const archive of archives) await takeZip(options, batches, archive, place);
    await batches.finish();
  } catch (error) {
    await batches.abandon();
    throw error;
  }
}

/** A ZIP that is whole. */
export interface Archive {
  readonly name: string;
  readonly open: () => Promise<ScratchReader>;
}

/** One that was put off. */
export interface SpooledArchive extends Archive {
  readonly bytes: ScratchBytes;
}

interface Place {
  /** Entries that are to be passed over: their outcome is known. */
  skip: number;
  readonly signal?: AbortSignal;
}

/** Returns when the file's bytes have been taken: it is hashed and read while the next one arrives. */
async function receive({ session }: RunOptions, batches: Batches, file: IncomingFile): Promise<void> {
  let ended: () => void = () => undefined;
  const taken = new Promise<void>((resolve) => {
    ended = resolve;
  });
  async function* stream(): AsyncGenerator<Uint8Array> {
    try {
      yield* file.stream;
    } finally {
      ended();
    }
  }
  const staged = session.receive(file.name, stream());
  await Promise.race([taken, staged]);
  await batches.addPending(staged);
}

/** Receives a file, or gives the archive that it is. */
async function takeFile(options: RunOptions, batches: Batches, file: IncomingFile): Promise<SpooledArchive | undefined> {
  if (!options.opensZips) {
    await receive(options, batches, file);
    return undefined;
  }
  const { head, all, failure } = await peek(file.stream);
  if (failure !== undefined) {
    await batches.add(verdict({ name: displayName(file.name), sizeBytes: head.length }, failure));
    return undefined;
  }
  if (!isZip(head)) {
    await receive(options, batches, { name: file.name, stream: all });
    return undefined;
  }
  try {
    const bytes = await spool(options.scratch, all, options.limits.maxUploadBytes);
    return { name: displayName(file.name), open: () => bytes.open(), bytes };
  } catch (error) {
    await batches.add(verdict({ name: displayName(file.name), sizeBytes: 0 }, reasonOf(error)));
    return undefined;
  }
}

async function takeZip(options: RunOptions, batches: Batches, archive: Archive, place: Place = { skip: 0 }): Promise<void> {
  for await (const item of zipFiles(archive, options.limits)) {
    place.signal?.throwIfAborted();
    if (place.skip > 0) place.skip -= 1;
    else if ('stream' in item) await receive(options, batches, item);
    else await batches.add({ ...item, result: { ...item.result, name: displayName(item.result.name) } });
  }
}

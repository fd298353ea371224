import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileReason } from '@negatoscope/contract';
import type { ObjectDraft, ObjectStore } from '../../platform/objects/types.ts';
import { isHopeless } from './dataset-start.ts';
import { hashSmall, StreamHashes } from './hashes.ts';
import type { HeaderReader } from './header.ts';
import { classifyByName, Rejection, reasonOf } from './rejection.ts';
import type { IncomingFile, Staged, StagedVerdict } from './types.ts';

export interface StageTools {
  readonly objects: ObjectStore;
  readonly headers: HeaderReader;
  readonly maxFileBytes: number;
}

/** Files up to here are hashed at once, on other threads than the event loop's; larger ones while they pass. */
const WHOLE_BYTES = 4 * 1024 * 1024;
/** A first chunk that is shorter tells too little. */
const SNIFF_BYTES = 4096;

/**
 * Writes one file under a temporary name, hashes it and reads its header. A file that can't be used gives a verdict; only what concerns
 * every file (full disk, failed store) is thrown.
 */
export async function stageFile(tools: StageTools, file: IncomingFile): Promise<Staged> {
  // Small files that are in memory already would otherwise follow each other without the event loop getting a turn.
  await nextTurn();
  const draft = await tools.objects.create();
  let hashes: StreamHashes | undefined;
  let staged: Staged | undefined;
  try {
    await receive(tools, file, async (chunk) => {
      await draft.write(chunk);
      if (hashes !== undefined) hashes.update(chunk);
      else if (draft.sizeBytes > WHOLE_BYTES) hashes = await StreamHashes.over(draft);
    });
    staged = await read(tools, { name: file.name, draft, hashes });
  } catch (error) {
    staged = verdict(file.name, draft.sizeBytes, reasonOf(error));
  } finally {
    if (staged?.kind !== 'instance') await draft.discard();
  }
  return staged;
}

async function receive(tools: StageTools, file: IncomingFile, take: (chunk: Uint8Array) => Promise<void>): Promise<void> {
  let sizeBytes = 0;
  let refused: FileReason | undefined;
  const chunks = file.stream[Symbol.asyncIterator]();
  for (;;) {
    // A stream that fails is the sender's: what `take` throws is ours and passes.
    const next = await chunks.next().catch((error: unknown) => {
      throw error instanceof Rejection ? error : new Rejection('UPLOAD_INTERRUPTED');
    });
    if (next.done) break;
    const chunk = next.value;
    if (
      sizeBytes === 0 &&
      chunk.byteLength >= SNIFF_BYTES &&
      isHopeless(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    ) {
      refused = 'NOT_DICOM';
    }
    sizeBytes += chunk.byteLength;
    if (sizeBytes > tools.maxFileBytes) refused ??= 'FILE_TOO_LARGE';
    // The rest of a refused file is read and dropped: the next one comes behind it in the same body.
    if (refused === undefined) await take(chunk);
  }
  if (refused !== undefined) throw new Rejection(refused);
}

interface Received {
  readonly name: string;
  readonly draft: ObjectDraft;
  readonly hashes: StreamHashes | undefined;
}

async function read(tools: StageTools, { name, draft, hashes }: Received): Promise<Staged> {
  const whole = hashes === undefined ? await draft.read(0, draft.sizeBytes) : undefined;
  const fileHash = whole === undefined ? undefined : hashSmall(whole);
  const readBytes = (offset: number, length: number): Promise<Buffer> =>
    whole === undefined ? draft.read(offset, length) : Promise.resolve(whole.subarray(offset, offset + length));
  const digest = await tools.headers.read(draft.sizeBytes, readBytes).catch(reasonOf);
  const fileSha256 = (await fileHash) ?? hashes?.fileSha256();
  if (fileSha256 === undefined) throw new Error('A file was not hashed.');
  if (typeof digest === 'string') return verdict(name, draft.sizeBytes, digest, fileSha256);
  if (digest.kind === 'dicomdir') {
    const sha256 = fileSha256.toString('hex');
    const result = { name, outcome: 'ignored', reason: 'DICOMDIR', sizeBytes: draft.sizeBytes, sha256 } as const;
    return { kind: 'verdict', result, announced: digest.announced };
  }
  const { summary, json, frameTable } = digest;
  const start = { transferSyntaxUid: summary.transferSyntaxUid, offset: digest.datasetOffset };
  const datasetSha256 = whole === undefined ? await hashes?.datasetSha256(draft, start) : await hashSmall(whole, start);
  if (datasetSha256 === undefined) throw new Error('A dataset was not hashed.');
  return {
    kind: 'instance',
    name,
    draft,
    sizeBytes: draft.sizeBytes,
    fileSha256,
    datasetSha256,
    summary,
    json: Buffer.from(json),
    frameTable: frameTable === null ? null : Buffer.from(frameTable),
  };
}

/** A file that was not stored: one that is no DICOM and looks like a CD's company is ignored, the others are rejected. */
export function verdict(name: string, sizeBytes: number, reason: FileReason, sha256?: Buffer): StagedVerdict {
  const company = reason === 'NOT_DICOM' || reason === 'EMPTY_FILE' ? classifyByName(name) : undefined;
  const hash = sha256 === undefined ? {} : { sha256: sha256.toString('hex') };
  const decided =
    company === undefined ? ({ outcome: 'rejected', reason } as const) : ({ outcome: 'ignored', reason: company } as const);
  return { kind: 'verdict', result: { name, ...decided, sizeBytes, ...hash }, announced: [] };
}

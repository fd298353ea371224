import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileReason } from '@negatoscope/contract';
import type { ObjectDraft, ObjectStore } from '../../platform/objects/types.ts';
import { type DatasetStart, guessDatasetStart, isHopeless } from './dataset-start.ts';
import type { HeaderReader } from './header.ts';
import { classifyByName, Rejection, reasonOf } from './rejection.ts';
import type { IncomingFile, Staged, StagedVerdict } from './types.ts';

export interface StageTools {
  readonly objects: ObjectStore;
  readonly headers: HeaderReader;
  readonly maxFileBytes: number;
}

/** First bytes among which the end of group 0002 is looked for. */
const HEAD_BYTES = 64 * 1024;
const READ_BYTES = 256 * 1024;
/** A first chunk that is shorter tells too little. */
const SNIFF_BYTES = 4096;

/** Where an incoming file's two hashes are computed while it passes. */
class Hashes {
  readonly #file = createHash('sha256');
  readonly #dataset = createHash('sha256');
  #head: Buffer[] = [];
  #headBytes = 0;
  #start: DatasetStart | undefined | 'pending' = 'pending';

  update(chunk: Uint8Array): void {
    this.#file.update(chunk);
    if (this.#start === undefined) return;
    if (this.#start !== 'pending') {
      this.#dataset.update(chunk);
      return;
    }
    this.#head.push(Buffer.from(chunk));
    this.#headBytes += chunk.byteLength;
    if (this.#headBytes >= HEAD_BYTES) this.#begin();
  }

  finish(): { fileSha256: Buffer; guess: DatasetStart | undefined; datasetSha256: Buffer } {
    if (this.#start === 'pending') this.#begin();
    const guess = this.#start === 'pending' ? undefined : this.#start;
    return { fileSha256: this.#file.digest(), guess, datasetSha256: this.#dataset.digest() };
  }

  #begin(): void {
    const head = Buffer.concat(this.#head);
    this.#head = [];
    this.#start = guessDatasetStart(head);
    if (this.#start === undefined) return;
    this.#dataset.update(this.#start.transferSyntaxUid);
    this.#dataset.update(head.subarray(this.#start.offset));
  }
}

/** Transfer syntax UID and every byte after group 0002: the same image keeps this hash whatever file meta information it carries. */
async function hashDataset(draft: ObjectDraft, start: DatasetStart): Promise<Buffer> {
  const hash = createHash('sha256').update(start.transferSyntaxUid);
  for (let at = start.offset; at < draft.sizeBytes; at += READ_BYTES) {
    hash.update(await draft.read(at, Math.min(READ_BYTES, draft.sizeBytes - at)));
    await nextTurn();
  }
  return hash.digest();
}

/**
 * Writes one file under a temporary name, hashes it and reads its header. A file that can't be used gives a verdict; only what concerns
 * every file (full disk, failed store) is thrown.
 */
export async function stageFile(tools: StageTools, file: IncomingFile): Promise<Staged> {
  const draft = await tools.objects.create();
  const hashes = new Hashes();
  let staged: Staged | undefined;
  try {
    await receive(tools, file, (chunk) => {
      hashes.update(chunk);
      return draft.write(chunk);
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

async function read(tools: StageTools, file: { name: string; draft: ObjectDraft; hashes: Hashes }): Promise<Staged> {
  const { name, draft } = file;
  const { fileSha256, guess, datasetSha256 } = file.hashes.finish();
  const digest = await tools.headers.read(draft.sizeBytes, (offset, length) => draft.read(offset, length)).catch(reasonOf);
  if (typeof digest === 'string') return verdict(name, draft.sizeBytes, digest, fileSha256);
  if (digest.kind === 'dicomdir') {
    const result = {
      name,
      outcome: 'ignored',
      reason: 'DICOMDIR',
      sizeBytes: draft.sizeBytes,
      sha256: fileSha256.toString('hex'),
    } as const;
    return { kind: 'verdict', result, announced: digest.announced };
  }
  const { summary } = digest;
  const start = { transferSyntaxUid: summary.transferSyntaxUid, offset: digest.datasetOffset };
  const isGuessed = guess?.offset === start.offset && guess.transferSyntaxUid === start.transferSyntaxUid;
  return {
    kind: 'instance',
    name,
    draft,
    sizeBytes: draft.sizeBytes,
    fileSha256,
    datasetSha256: isGuessed ? datasetSha256 : await hashDataset(draft, start),
    summary,
    json: Buffer.from(digest.json),
    frameTable: digest.frameTable === null ? null : Buffer.from(digest.frameTable),
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

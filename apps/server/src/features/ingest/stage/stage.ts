import type { FileReason } from '@negatoscope/contract';
import type { Draft, Staging, Written } from '../../../platform/objects/staging/index.ts';
import { classifyByName, reasonOf, reasonOfCode, storageReason } from '../reasons.ts';
import { Rejection } from '../rejection.ts';
import type { FileResult, HeaderDigest, IncomingFile, Staged, StagedVerdict } from '../types.ts';
import { isHopeless } from './dataset-start.ts';
import type { HeaderReader } from './header.ts';
import type { Inspection } from './inspection.ts';

export interface StageTools {
  readonly staging: Staging<Inspection>;
  readonly headers: HeaderReader;
  readonly maxFileBytes: number;
}

/** A first chunk that is shorter tells too little. */
const SNIFF_BYTES = 4096;

/**
 * Writes one file under a temporary name, hashes it and reads its header. A file that can't be used gives a verdict; only what concerns
 * every file (full disk, failed store) is thrown.
 */
export async function stageFile(tools: StageTools, file: IncomingFile): Promise<Staged> {
  const draft = await tools.staging.begin();
  let staged: Staged | undefined;
  try {
    await receive(tools, file, (chunk) => draft.write(chunk));
    staged = await read(tools, file.name, draft);
  } catch (error) {
    staged = verdict({ name: file.name, sizeBytes: draft.sizeBytes }, reasonOf(error));
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
      // What comes by way of a temporary object fails as the store does.
      throw error instanceof Rejection || storageReason(error) !== undefined ? error : new Rejection('UPLOAD_INTERRUPTED');
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

async function read(tools: StageTools, name: string, draft: Draft<Inspection>): Promise<Staged> {
  const written = await draft.finish();
  const { sizeBytes } = written;
  const fileSha256 = Buffer.from(written.sha256);
  const sha256 = fileSha256.toString('hex');
  const digest = await digestOf(tools, draft, written).catch(reasonOf);
  if (typeof digest === 'string') return verdict({ name, sizeBytes, sha256 }, digest);
  if (digest.kind === 'refused') return verdict({ name, sizeBytes, sha256, ...digest.named }, reasonOfCode(digest.code));
  if (digest.kind === 'dicomdir') {
    const result = { name, outcome: 'ignored', reason: 'DICOMDIR', sizeBytes, sha256, ...digest.named } as const;
    return { kind: 'verdict', result, announced: digest.announced };
  }
  const { summary, json, frameTable } = digest;
  return {
    kind: 'instance',
    name,
    draft,
    sizeBytes,
    fileSha256,
    summary,
    json: Buffer.from(json),
    frameTable: frameTable === null ? null : Buffer.from(frameTable),
  };
}

/** Fails with what `reasonOf` knows. */
async function digestOf({ headers }: StageTools, draft: Draft<Inspection>, written: Written<Inspection>): Promise<HeaderDigest> {
  const { inspected: inspection } = written;
  if (inspection.kind === 'read') return inspection.digest;
  return headers.read(written.sizeBytes, (offset, length) => draft.read(offset, length));
}

type Received = Pick<FileResult, 'name' | 'sizeBytes' | 'sha256' | 'sopClassUid' | 'sopInstanceUid'>;

/** A file that was not stored: one that is no DICOM and looks like a CD's company is ignored, the others are rejected. */
export function verdict(received: Received, reason: FileReason): StagedVerdict {
  const company = reason === 'NOT_DICOM' || reason === 'EMPTY_FILE' ? classifyByName(received.name) : undefined;
  const decided =
    company === undefined ? ({ outcome: 'rejected', reason } as const) : ({ outcome: 'ignored', reason: company } as const);
  return { kind: 'verdict', result: { ...received, ...decided }, announced: [] };
}

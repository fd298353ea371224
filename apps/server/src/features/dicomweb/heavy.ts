import { type CoercedFile, DICOM_ERROR_CODES, DicomError, type DicomErrorCode } from '@negatoscope/dicom';
import type { HeavyCoercion, IndexValues } from '../../archive/coercion/index.ts';
import type { HeaderThread, LargeHeader, PackedLevel } from '../../archive/pixels/index.ts';
import type { DicomJson } from '../../archive/search/qido-repository.ts';
import { Failure } from '../../kernel/failure.ts';
import { ByteBudget, workMemory } from '../../platform/sending/byte-budget.ts';
import { KillableWorkers, ownBytes, type ReadBytes, WorkerTaskError } from '../../platform/workers/killable-worker.ts';
import { workerScript } from '../../platform/workers/worker-script.ts';
import type { Rewriting, Rewritten } from './files/rewritten.ts';
import type { InstanceFacts, MetadataView } from './metadata/instance-text.ts';
import type { PackedBulk } from './stow/bulk-parts.ts';
import type { MadeFiles } from './stow/dataset-files.ts';

export type HeavyTask =
  | { readonly kind: 'header'; readonly sizeBytes: number }
  | { readonly kind: 'slide'; readonly sizeBytes: number }
  | { readonly kind: 'coerce'; readonly sizeBytes: number; readonly values: IndexValues }
  | { readonly kind: 'rewrite'; readonly sizeBytes: number; readonly rewriting: Rewriting }
  | {
      readonly kind: 'metadata';
      readonly deflated: Uint8Array;
      readonly view: MetadataView;
      readonly address: string;
      readonly facts: InstanceFacts;
    }
  | { readonly kind: 'model'; readonly text: Uint8Array }
  | { readonly kind: 'attributes'; readonly deflated: Uint8Array; readonly address: string }
  | ({ readonly kind: 'store' } & PackedRequest);

/** The metadata of a request that wait to be read, and what came with them. */
export interface PackedRequest {
  /** `json` or `xml` for each document, with blanks between. */
  readonly forms: string;
  /** Bytes of each: they stand one after the other. */
  readonly lengths: Float64Array<ArrayBuffer>;
  readonly bulk: PackedBulk;
}

/** Work on datasets of many elements, in a thread that is ended when it takes too long or too much memory. */
export interface HeavyWork extends HeavyCoercion, HeaderThread {
  /** A file in another transfer syntax, but for its pixels. Fails with UNPROCESSABLE. */
  rewrite(sizeBytes: number, rewriting: Rewriting, read: ReadBytes): Promise<Rewritten>;
  metadata(work: Omit<Extract<HeavyTask, { kind: 'metadata' }>, 'kind'>): Promise<Buffer>;
  /** A Native DICOM Model from DICOM JSON. */
  model(text: Buffer): Promise<Buffer>;
  /** Attributes of an instance but for those with many elements. */
  attributes(deflated: Buffer, address: string): Promise<DicomJson>;
  /** Files of a request's datasets, whose text `read` gives. What is packed in the request is gone afterwards. Fails with BAD_REQUEST or TOO_LARGE. */
  store(request: PackedRequest, read: ReadBytes): Promise<MadeFiles>;
  close(): Promise<void>;
}

/** Of DICOM JSON that is turned into XML: a longer text takes the process more memory than a request may. */
const MAX_MODEL_BYTES = 10 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
const MAX_HEAP_MB = 160;
/** Of the memory for gathering: the thread's own, so that nothing else of that size goes on beside it. */
const WORK_BYTES = 128 * 1024 * 1024;

const nothing: ReadBytes = async () => new Uint8Array(0);
const isOfDicom = (code: string): code is DicomErrorCode => (DICOM_ERROR_CODES as readonly string[]).includes(code);

/** Texts are parts of larger memory, which would go with them. */
function withOwnBytes(task: HeavyTask): { readonly task: HeavyTask; readonly memory: ArrayBuffer[] } {
  if ('deflated' in task) {
    const deflated = ownBytes(task.deflated);
    return { task: { ...task, deflated }, memory: [deflated.buffer] };
  }
  if (task.kind === 'model') {
    const text = ownBytes(task.text);
    return { task: { ...task, text }, memory: [text.buffer] };
  }
  if (task.kind !== 'store') return { task, memory: [] };
  const { lengths, bulk } = task;
  return { task, memory: [lengths.buffer, bulk.names.buffer, bulk.places.buffer] };
}

export function createHeavyWork(): HeavyWork {
  const workers = new KillableWorkers(() => workerScript('heavy.worker', './heavy.worker.ts', import.meta.url), {
    timeoutMs: TIMEOUT_MS,
    maxHeapMb: MAX_HEAP_MB,
    threads: 1,
    tasksPerThread: 20,
  });
  // Who waits for the thread waits here: in the line for all memory, which nobody overtakes, pictures would wait for the thread too.
  const line = new ByteBudget(WORK_BYTES);
  const run = (task: HeavyTask, read: ReadBytes, failed: Failed): Promise<unknown> =>
    line.use(WORK_BYTES, () => workMemory.use(WORK_BYTES, () => runOn(workers, task, read, failed)));
  return {
    // What heavy.worker.ts gives for each task.
    header: async (sizeBytes, read) => (await run({ kind: 'header', sizeBytes }, read, unreadable)) as LargeHeader,
    slideLevel: async (sizeBytes, read) => (await run({ kind: 'slide', sizeBytes }, read, unreadable)) as PackedLevel | undefined,
    coerce: async (sizeBytes, values, read) =>
      (await run({ kind: 'coerce', sizeBytes, values }, read, uncoercible)) as CoercedFile,
    rewrite: async (sizeBytes, rewriting, read) =>
      (await run({ kind: 'rewrite', sizeBytes, rewriting }, read, unwritable)) as Rewritten,
    metadata: async (work) => bytesOf(await run({ kind: 'metadata', ...work }, nothing, tooLarge)),
    model: async (text) => {
      requireShortEnough(text);
      return bytesOf(await run({ kind: 'model', text }, nothing, tooLarge));
    },
    attributes: async (deflated, address) =>
      (await run({ kind: 'attributes', deflated, address }, nothing, tooLarge)) as DicomJson,
    store: async (request, read) => (await run({ kind: 'store', ...request }, read, refused)) as MadeFiles,
    close: () => workers.close(),
  };
}

/** What a task's failure in the thread means to who asked for it. */
type Failed = (code: string, cause: unknown) => Error;

function runOn(workers: KillableWorkers, task: HeavyTask, read: ReadBytes, failed: Failed): Promise<unknown> {
  const own = withOwnBytes(task);
  return workers.run(own.task, read, own.memory).catch((error: unknown) => {
    throw error instanceof WorkerTaskError ? failed(error.code, error) : error;
  });
}

const tooLarge: Failed = (_code, cause) =>
  new Failure('UNPROCESSABLE', { detail: 'The metadata of this instance are too large for this.', cause });

const unreadable: Failed = (code, cause) =>
  isOfDicom(code) ? new Failure('FRAME_UNREADABLE', { cause }) : tooLarge(code, cause);

const unwritable: Failed = (_code, cause) =>
  new Failure('UNPROCESSABLE', { detail: 'This file cannot be written in another transfer syntax.', cause });

const uncoercible: Failed = (code, cause) => (isOfDicom(code) ? new DicomError(code) : tooLarge(code, cause));

const refused: Failed = (code, cause) =>
  code === 'BAD_REQUEST' || code === 'WORKER_FAILED'
    ? new Failure('BAD_REQUEST', { detail: 'A part holds no datasets in the form that it announces.', cause })
    : new Failure('TOO_LARGE', { detail: 'These metadata take too much memory or time: send whole files instead.', cause });

function requireShortEnough(text: Buffer): void {
  if (text.length > MAX_MODEL_BYTES)
    throw new Failure('UNPROCESSABLE', {
      detail: 'The metadata of this instance are too long for XML: ask for application/dicom+json.',
    });
}

function bytesOf(result: unknown): Buffer {
  const bytes = result as Uint8Array; // What the thread gives for texts.
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

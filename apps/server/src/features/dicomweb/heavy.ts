import { DICOM_ERROR_CODES, type ParsedInstance } from '@negatoscope/dicom';
import type { DicomJson } from '../../archive/search/qido-repository.ts';
import { Failure } from '../../kernel/failure.ts';
import { workMemory } from '../../platform/sending/byte-budget.ts';
import { KillableWorkers, type ReadBytes, WorkerTaskError } from '../../platform/workers/killable-worker.ts';
import { workerScript } from '../../platform/workers/worker-script.ts';
import type { BulkPart } from './bulk-parts.ts';
import type { Document, MadeFile } from './dataset-files.ts';
import type { FrameGroups } from './heavy-header.ts';
import type { InstanceFacts, MetadataView } from './metadata-text.ts';

/** What a reader does on the event loop itself, some milliseconds: a header beyond goes to a thread that can be ended. */
export const QUICK_HEADER = { maxHeaderBytes: 256 * 1024, maxElements: 2000 };
/** The same for a text of DICOM JSON. */
export const QUICK_TEXT_BYTES = 256 * 1024;

export type HeavyTask =
  | { readonly kind: 'header'; readonly sizeBytes: number }
  | {
      readonly kind: 'metadata';
      readonly deflated: Uint8Array;
      readonly view: MetadataView;
      readonly address: string;
      readonly facts: InstanceFacts;
    }
  | { readonly kind: 'model'; readonly text: Uint8Array }
  | { readonly kind: 'attributes'; readonly deflated: Uint8Array; readonly address: string }
  | { readonly kind: 'store'; readonly documents: readonly Document[]; readonly bulk: Map<string, BulkPart[]> };

/** A header that is too large to be had whole. */
export interface HeavyHeader {
  readonly parsed: ParsedInstance;
  readonly groups: FrameGroups | undefined;
}

/** Work on datasets of many elements, in a thread that is ended when it takes too long or too much memory. */
export interface HeavyWork {
  header(sizeBytes: number, read: ReadBytes): Promise<HeavyHeader>;
  metadata(work: Omit<Extract<HeavyTask, { kind: 'metadata' }>, 'kind'>): Promise<Buffer>;
  /** A Native DICOM Model from DICOM JSON. */
  model(text: Buffer): Promise<Buffer>;
  /** Attributes of an instance but for those with many elements. */
  attributes(deflated: Buffer, address: string): Promise<DicomJson>;
  /** Fails with BAD_REQUEST or TOO_LARGE. */
  store(documents: readonly Document[], bulk: Map<string, BulkPart[]>): Promise<MadeFile[]>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 60_000;
const MAX_HEAP_MB = 160;
/** Of the memory for gathering: the thread's own, so that nothing else of that size goes on beside it. */
const WORK_BYTES = 128 * 1024 * 1024;

const nothing: ReadBytes = async () => new Uint8Array(0);
const isOfDicom = (code: string): boolean => (DICOM_ERROR_CODES as readonly string[]).includes(code);

/** Whether reading a header quickly found that it is none for the event loop. */
export const isHeavy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ELEMENT_LIMIT' || error.code === 'HEADER_TOO_LARGE');

export function createHeavyWork(): HeavyWork {
  const workers = new KillableWorkers(() => workerScript('heavy.worker', './heavy.worker.ts', import.meta.url), {
    timeoutMs: TIMEOUT_MS,
    maxHeapMb: MAX_HEAP_MB,
    threads: 1,
    tasksPerThread: 20,
  });
  const run = (task: HeavyTask, read: ReadBytes, failed: (code: string, cause: unknown) => Failure): Promise<unknown> =>
    workMemory.use(WORK_BYTES, () =>
      workers.run(task, read).catch((error: unknown) => {
        throw error instanceof WorkerTaskError ? failed(error.code, error) : error;
      }),
    );
  const tooLarge = (_code: string, cause: unknown): Failure =>
    new Failure('UNPROCESSABLE', { detail: 'The metadata of this instance are too large for this.', cause });
  const unreadable = (code: string, cause: unknown): Failure =>
    isOfDicom(code) ? new Failure('FRAME_UNREADABLE', { cause }) : tooLarge(code, cause);
  const refused = (code: string, cause: unknown): Failure =>
    code === 'BAD_REQUEST' || code === 'WORKER_FAILED'
      ? new Failure('BAD_REQUEST', { detail: 'A part holds no datasets in the form that it announces.', cause })
      : new Failure('TOO_LARGE', {
          detail: 'Metadata are limited to 16 MB and a million elements: send whole files instead.',
          cause,
        });
  const bytesOf = (result: unknown): Buffer => {
    const bytes = result as Uint8Array; // What the thread gives for texts.
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  return {
    // What heavy.worker.ts gives for each task.
    header: async (sizeBytes, read) => (await run({ kind: 'header', sizeBytes }, read, unreadable)) as HeavyHeader,
    metadata: async (work) => bytesOf(await run({ kind: 'metadata', ...work }, nothing, tooLarge)),
    model: async (text) => bytesOf(await run({ kind: 'model', text }, nothing, tooLarge)),
    attributes: async (deflated, address) =>
      (await run({ kind: 'attributes', deflated, address }, nothing, tooLarge)) as DicomJson,
    store: async (documents, bulk) => (await run({ kind: 'store', documents, bulk }, nothing, refused)) as MadeFile[],
    close: () => workers.close(),
  };
}

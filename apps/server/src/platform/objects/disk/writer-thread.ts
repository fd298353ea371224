import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { ownPort } from '../../workers/own-port.ts';
import type { Inspect } from '../staging/index.ts';
import { FileWriter } from './file-writer.ts';
import { type JournalPlace, SmallJournal } from './small-journal.ts';
import { nodeSyncFs } from './sync-fs.ts';
import { WriteError, type WriteJob, type WriteSite } from './write-jobs.ts';

/** A job with its number; those that come in one turn of the event loop are sent together. */
export interface WriterRequest {
  readonly number: number;
  readonly job: WriteJob;
}

export interface WriterAnswer {
  readonly number: number;
  readonly result?: unknown;
  readonly failed?: { readonly code: string; readonly site: WriteSite };
  /** The bytes of the job are still being written: a second answer of this number says when they are not. */
  readonly isWriting?: boolean;
}

const SWEEP_MS = 250;
/** Answers that wait for company: telling each alone costs more than some of their jobs do. */
const MOST_ANSWERS = 16;

/** What a thread is started with. */
export interface WriterSettings {
  /** Where its journals go, when it may keep any. */
  readonly journal?: JournalPlace;
}

/** A writer thread's half of WriterThreads. */
export function serveWriter(inspect?: Inspect<unknown>): void {
  const port = ownPort();
  const { journal } = workerData as WriterSettings; // Given by writer-threads.ts.
  const writer = new FileWriter(nodeSyncFs, {
    inspect,
    journal: journal === undefined ? undefined : new SmallJournal(nodeSyncFs, journal),
  });
  setInterval(() => writer.sweep(), SWEEP_MS).unref();
  const waiting: WriterRequest[] = [];
  let answers: WriterAnswer[] = [];
  const tell = (): void => {
    if (answers.length > 0) port.postMessage(answers);
    answers = [];
  };
  const work = (request: WriterRequest): void => {
    const { answer, rest } = begun(writer, request);
    answers.push(answer);
    if (rest !== undefined) {
      tell();
      rest();
      answers.push({ number: request.number });
    }
    if (request.job.op === 'settle' || answers.length >= MOST_ANSWERS) tell();
  };
  // One after the other, with what has come meanwhile looked at in between.
  const turn = (): void => {
    for (let more = receiveMessageOnPort(port); more !== undefined; more = receiveMessageOnPort(port))
      waiting.push(...(more.message as readonly WriterRequest[])); // Sent by WriterThreads.
    const request = next(waiting);
    if (request !== undefined) work(request);
    if (waiting.length > 0) setImmediate(turn);
    else tell();
  };
  port.on('message', (requests: readonly WriterRequest[]) => {
    // Whoever finds some waiting has a turn to come.
    if (waiting.push(...requests) === requests.length) turn();
  });
}

/**
 * The next request: what makes files durable before what writes others. Somebody waits for it, and sends more when it is told; its files are written already, so that
 * no job of theirs is overtaken.
 */
function next(waiting: WriterRequest[]): WriterRequest | undefined {
  const at = waiting.findIndex(({ job }) => job.op === 'settle');
  return waiting.splice(Math.max(0, at), 1)[0];
}

function begun(
  writer: FileWriter,
  { number, job }: WriterRequest,
): { readonly answer: WriterAnswer; readonly rest?: () => void } {
  try {
    const { result, rest } = writer.begin(job);
    return rest === undefined ? { answer: { number, result } } : { answer: { number, result, isWriting: true }, rest };
  } catch (error) {
    const { code, site } = error instanceof WriteError ? error : new WriteError('UNKNOWN', 'file');
    return { answer: { number, failed: { code, site } } };
  }
}

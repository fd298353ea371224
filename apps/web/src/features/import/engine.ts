import type { FileOutcome, ImportedFile } from '@negatoscope/contract';
import { ApiError } from '../../api/error.ts';
import { EMPTY_COUNTS, type FileLine, IDLE, type ImportPhase, type ImportSnapshot } from './import-store.ts';
import {
  BATCH_LIMITS,
  type BatchLimits,
  type Candidate,
  type ChosenFile,
  HASH_LIMIT_BYTES,
  isZip,
  planBatches,
  RateMeter,
  retryDelayMs,
} from './planner.ts';

export interface KnownFile extends Candidate {
  readonly sha256: string;
}
/** What the engine needs from the world; `F` is the browser's File. */
export interface ImportPorts<F> {
  /** SHA-256 in lower-case hex; undefined where the page may not hash (plain http). */
  readonly hash: (file: F) => Promise<string | undefined>;
  readonly known: (files: readonly KnownFile[], signal: AbortSignal) => Promise<ReadonlySet<string>>;
  readonly send: (
    batch: readonly { name: string; file: F }[],
    signal: AbortSignal,
    onBytes: (sent: number) => void,
  ) => Promise<readonly ImportedFile[]>;
  readonly finish: (cancelled: boolean) => Promise<void>;
  /** Resolves after `ms`, or at once when the connection comes back. */
  readonly wait: (ms: number) => Promise<void>;
  readonly signedIn: () => Promise<void>;
  readonly readable: (file: F) => Promise<boolean>;
  readonly now: () => number;
  readonly publish: (snapshot: ImportSnapshot) => void;
}
const PARALLEL = 3;
/** Codes after which the same batch is sent again: nothing was refused, a part was away. */
const isPassing = (error: ApiError): boolean =>
  error.status === 0 || error.status === 429 || (error.status >= 502 && error.status !== 507);

/** Sends the files of one import in batches, three in flight, and survives lost connections, expired sessions and full disks. */
export class ImportEngine<F> {
  readonly #files: readonly ChosenFile<F>[];
  readonly #ports: ImportPorts<F>;
  readonly #lines: FileLine[];
  readonly #queue: number[][];
  readonly #meter = new RateMeter();
  readonly #abort = new AbortController();
  readonly #inFlight = new Map<number, number>();
  readonly #counts: Record<FileOutcome, number> = { ...EMPTY_COUNTS };
  readonly #base: Pick<ImportSnapshot, 'importId' | 'resumed'>;
  readonly #bytesTotal: number;
  #phase: ImportPhase = 'running';
  #waiting = 0;
  #error: ApiError['code'] | undefined;
  #bytesDone = 0;
  #filesDone = 0;
  #version = 0;
  #resume: (() => void)[] = [];

  constructor(
    files: readonly ChosenFile<F>[],
    ports: ImportPorts<F>,
    importId: string,
    options: { resumed?: boolean; limits?: BatchLimits } = {},
  ) {
    this.#files = files;
    this.#ports = ports;
    this.#base = { importId, resumed: options.resumed ?? false };
    this.#lines = files.map(({ name, sizeBytes }) => ({ name, sizeBytes, state: 'queued' }));
    this.#bytesTotal = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    this.#queue = planBatches(files, options.limits ?? BATCH_LIMITS);
  }

  /** Resolves when everything was sent, cancelled, or stopped by an error that no waiting mends. */
  async run(): Promise<void> {
    this.#emit();
    await Promise.all(Array.from({ length: PARALLEL }, () => this.#work()));
    if (this.#phase === 'cancelled' || this.#phase === 'failed') return;
    this.#phase = 'finishing';
    this.#emit();
    await this.#insist(() => this.#ports.finish(false));
    if (this.#phase === 'finishing') this.#phase = 'done';
    this.#emit();
  }
  pause(error?: ApiError['code']): void {
    if (this.#phase !== 'running') return;
    this.#phase = 'paused';
    this.#error = error;
    this.#emit();
  }
  resume(): void {
    if (this.#phase !== 'paused') return;
    this.#phase = 'running';
    this.#error = undefined;
    this.#meter.reset();
    this.#wake();
    this.#emit();
  }
  /** What was acknowledged stays; the rest is not sent. */
  async cancel(): Promise<void> {
    if (this.#phase === 'done' || this.#phase === 'cancelled') return;
    this.#phase = 'cancelled';
    this.#abort.abort();
    this.#wake();
    this.#emit();
    await this.#ports.finish(true).catch(() => undefined);
    this.#emit();
  }

  #wake(): void {
    for (const resume of this.#resume.splice(0)) resume();
  }
  #isStopped(): boolean {
    return this.#phase === 'cancelled' || this.#phase === 'failed';
  }
  async #work(): Promise<void> {
    for (;;) {
      while (this.#phase === 'paused') await new Promise<void>((resume) => this.#resume.push(resume));
      if (this.#isStopped()) return;
      const batch = this.#queue.shift();
      if (batch === undefined) return;
      await this.#insist(() => this.#sendBatch(batch), batch);
    }
  }

  /** Tries until it succeeds, is refused for good, or the import is stopped. */
  async #insist(action: () => Promise<void>, batch: readonly number[] = []): Promise<void> {
    for (let attempt = 1; !this.#isStopped(); attempt++) {
      try {
        await action();
        return;
      } catch (error) {
        if (this.#isStopped()) return;
        const refusal = error instanceof ApiError ? error : new ApiError('INTERNAL', 500);
        if (await this.#isSettled(refusal, batch, attempt)) return;
      }
    }
  }
  /** Whether there is nothing left to try for this batch. */
  async #isSettled(error: ApiError, batch: readonly number[], attempt: number): Promise<boolean> {
    if (error.status === 401) {
      await this.#away(() => this.#ports.signedIn());
      return false;
    }
    if (isPassing(error)) {
      if (error.status === 0) await this.#dropUnreadable(batch);
      await this.#away(() => this.#ports.wait(retryDelayMs(attempt, error.retryAfterS)));
      return false;
    }
    if (error.code === 'STORAGE_FULL') {
      this.pause('STORAGE_FULL');
      this.#queue.unshift(this.#unsettled(batch));
      return true;
    }
    if (['IMPORT_FINISHED', 'NOT_FOUND', 'FORBIDDEN', 'GROUP_REQUIRED', 'CSRF_REQUIRED'].includes(error.code)) {
      this.#phase = 'failed';
      this.#error = error.code;
      this.#abort.abort();
      this.#emit();
      return true;
    }
    for (const index of this.#unsettled(batch))
      this.#settle(index, 'rejected', error.code === 'TOO_LARGE' ? 'FILE_TOO_LARGE' : 'UPLOAD_INTERRUPTED');
    this.#emit();
    return true;
  }
  async #away(until: () => Promise<void>): Promise<void> {
    this.#waiting += 1;
    this.#emit();
    await until();
    this.#waiting -= 1;
    this.#meter.reset();
    this.#emit();
  }
  /** A file that was moved or deleted since it was dropped looks like a lost connection; it is told apart by reading a byte. */
  async #dropUnreadable(batch: readonly number[]): Promise<void> {
    for (const index of this.#unsettled(batch)) {
      const chosen = this.#files[index];
      if (chosen !== undefined && !(await this.#ports.readable(chosen.file)))
        this.#settle(index, 'rejected', 'UPLOAD_INTERRUPTED');
    }
  }
  #unsettled(batch: readonly number[]): number[] {
    return batch.filter((index) => ['queued', 'sending'].includes(this.#lines[index]?.state ?? 'stored'));
  }

  async #sendBatch(batch: readonly number[]): Promise<void> {
    const pending = this.#unsettled(batch);
    for (const index of pending) this.#mark(index, 'sending');
    this.#emit();
    await this.#skipKnown(pending);
    const left = this.#unsettled(pending);
    const first = left[0];
    if (first === undefined) return;
    const parts = left.flatMap((index) => {
      const chosen = this.#files[index];
      return chosen === undefined ? [] : [{ name: chosen.name, file: chosen.file }];
    });
    const limit = left.reduce((sum, index) => sum + (this.#lines[index]?.sizeBytes ?? 0), 0);
    try {
      const answers = await this.#ports.send(parts, this.#abort.signal, (sent) => {
        this.#inFlight.set(first, Math.min(sent, limit));
        this.#emit();
      });
      this.#take(left, answers);
    } finally {
      this.#inFlight.delete(first);
    }
    this.#emit();
  }
  async #skipKnown(batch: readonly number[]): Promise<void> {
    const hashed: { index: number; entry: KnownFile }[] = [];
    const hash = async (index: number): Promise<void> => {
      const chosen = this.#files[index];
      if (chosen === undefined || isZip(chosen.name) || chosen.sizeBytes > HASH_LIMIT_BYTES) return;
      const sha256 = await this.#ports.hash(chosen.file).catch(() => undefined);
      if (sha256 !== undefined) hashed.push({ index, entry: { name: chosen.name, sizeBytes: chosen.sizeBytes, sha256 } });
    };
    // A batch is small enough for all of it to be in memory at once.
    await Promise.all(batch.map(hash));
    if (hashed.length === 0 || this.#isStopped()) return;
    const known = await this.#ports.known(
      hashed.map(({ entry }) => entry),
      this.#abort.signal,
    );
    for (const { index, entry } of hashed) {
      if (!known.has(entry.sha256)) continue;
      this.#settle(index, 'duplicate', 'SAME_CONTENT');
      this.#counts.duplicate += 1;
    }
  }
  /** Takes the server's outcomes; a ZIP answers one outcome for each entry and shows the best of them. */
  #take(batch: readonly number[], answers: readonly ImportedFile[]): void {
    for (const answer of answers) this.#counts[answer.outcome] += 1;
    const byName = new Map(answers.map((answer) => [answer.name, answer]));
    const best = (['stored', 'conflict', 'duplicate', 'rejected', 'ignored'] as const).find((outcome) =>
      answers.some((a) => a.outcome === outcome),
    );
    for (const index of batch) {
      const answer =
        byName.get(this.#lines[index]?.name ?? '') ?? (batch.length === 1 && answers.length === 1 ? answers[0] : undefined);
      this.#settle(index, answer?.outcome ?? best ?? 'ignored', answer?.reason, false);
    }
  }
  #mark(index: number, state: FileLine['state']): void {
    const line = this.#lines[index];
    if (line !== undefined) line.state = state;
    this.#version += 1;
  }
  #settle(index: number, outcome: FileOutcome, reason?: FileLine['reason'], count = outcome === 'rejected'): void {
    const line = this.#lines[index];
    if (line === undefined) return;
    line.reason = reason;
    this.#mark(index, outcome);
    if (count) this.#counts[outcome] += 1;
    this.#filesDone += 1;
    this.#bytesDone += line.sizeBytes;
  }
  #emit(): void {
    let bytesDone = this.#bytesDone;
    for (const sent of this.#inFlight.values()) bytesDone += sent;
    const bytesTotal = this.#bytesTotal;
    this.#meter.add(this.#ports.now(), bytesDone);
    this.#ports.publish({
      ...IDLE,
      ...this.#base,
      phase: this.#phase === 'running' && this.#waiting > 0 ? 'waiting' : this.#phase,
      lines: this.#lines,
      version: this.#version,
      scanned: this.#lines.length,
      filesDone: this.#filesDone,
      bytesDone,
      bytesTotal,
      counts: { ...this.#counts },
      bytesPerSecond: this.#meter.bytesPerSecond(),
      remainingS: this.#meter.remainingSeconds(bytesTotal - bytesDone),
      error: this.#error,
    });
  }
}

import { FileWriter } from '../../src/platform/objects/disk/file-writer.ts';
import { SmallJournal } from '../../src/platform/objects/disk/small-journal.ts';
import type { SyncFs } from '../../src/platform/objects/disk/sync-fs.ts';
import { WriteError, type WriteJob } from '../../src/platform/objects/disk/write-jobs.ts';
import { type WriteBlock, WriteMemory } from '../../src/platform/objects/disk/write-memory.ts';
import type { WriterSettings } from '../../src/platform/objects/disk/writer-thread.ts';
import type { WriterLane, Writers } from '../../src/platform/objects/disk/writer-threads.ts';
import { type Faults, MachineStopped } from './faults.ts';

const LANES = 3;
/** Of a first journal: some batches fill it. */
const JOURNAL_BYTES = 32 * 1024;

/** A clock that the schedule moves. */
export interface SimClock {
  ms: number;
}

class Lane implements WriterLane {
  isGone = false;
  readonly #writer: FileWriter;
  readonly #faults: Faults;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(writer: FileWriter, faults: Faults) {
    this.#writer = writer;
    this.#faults = faults;
  }

  run(job: WriteJob): Promise<unknown> {
    const done = this.#queue.then(() => this.#run(job));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  sweep(): void {
    if (!this.isGone && !this.#faults.isStopped) this.#writer.sweep();
  }

  async #run(job: WriteJob): Promise<unknown> {
    await this.#faults.turns();
    if (this.isGone) throw new WriteError('UNKNOWN', 'file');
    const dies = this.#faults.hits(this.#faults.weather.threads);
    this.isGone = dies;
    const result = this.#writer.run(job);
    // What it did is done, and nobody is told.
    if (dies) throw new WriteError('UNKNOWN', 'file');
    if (this.#faults.isStopped) throw new MachineStopped();
    await this.#faults.turns();
    return result;
  }
}

/** Writer threads without threads: jobs of a lane are done in order, those of different lanes in any. */
export class SimWriters implements Writers {
  // One for all schedules: it is meant to be used again and again.
  static readonly #memory = new WriteMemory();
  readonly #make: () => Lane;
  readonly #faults: Faults;
  #lanes: Lane[];

  constructor({ sync, faults, clock }: { sync: SyncFs; faults: Faults; clock: SimClock }, { journal }: WriterSettings) {
    this.#faults = faults;
    this.#make = () => {
      const own =
        journal === undefined
          ? undefined
          : new SmallJournal(sync, { ...journal, now: () => clock.ms, firstBytes: JOURNAL_BYTES });
      return new Lane(new FileWriter(sync, { journal: own }), faults);
    };
    this.#lanes = Array.from({ length: LANES }, this.#make);
  }

  async lane(): Promise<WriterLane> {
    this.#lanes = this.#lanes.map((lane) => (lane.isGone ? this.#make() : lane));
    return this.#faults.prng.pick(this.#lanes);
  }

  block(length: number): Promise<WriteBlock> {
    return SimWriters.#memory.take(length);
  }

  sweep(): void {
    for (const lane of this.#lanes) lane.sweep();
  }

  close(): void {}
}

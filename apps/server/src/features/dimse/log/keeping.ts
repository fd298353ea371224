import { NOTHING } from '../../../access/index.ts';
import { newId } from '../../../kernel/ids.ts';
import { Recorder, type RecorderPorts } from './recorder.ts';
import { removeListener, reportListener } from './repository.ts';

const FLUSH_MS = 1_000;
const REPORT_MS = 5_000;

/** What a listener says of itself. */
export interface Listening {
  port(): number | undefined;
  tlsPort(): number | undefined;
  trouble(): string | undefined;
  counts(): { readonly connections: number; readonly associations: number };
  turnedAway(): number;
}

/** Writes the log every second and a sign of life every five, until it is ended. A database that is away is no reason to end. */
export class LogKeeping {
  readonly recorder: Recorder;
  readonly #ports: RecorderPorts;
  readonly #id = newId();
  readonly #startedAt: Date;
  readonly #timers: NodeJS.Timeout[] = [];
  #reporting: Promise<unknown> = Promise.resolve();

  constructor(ports: RecorderPorts) {
    this.#ports = ports;
    this.recorder = new Recorder(ports);
    this.#startedAt = ports.clock.now();
  }

  begin(listening: Listening): void {
    const report = (): void => {
      this.#reporting = this.#reporting.then(() => this.#report(listening)).catch(() => undefined);
    };
    this.#timers.push(
      setInterval(() => void this.recorder.flush(), FLUSH_MS),
      setInterval(report, REPORT_MS),
    );
    // The port is there, or not, a moment later.
    this.#timers.push(setTimeout(report, FLUSH_MS / 4));
  }

  async #report(listening: Listening): Promise<void> {
    const { db, clock } = this.#ports;
    await db.withScope(NOTHING, (tx) =>
      reportListener(tx, {
        ...{ id: this.#id, startedAt: this.#startedAt, at: clock.now() },
        ...{ isListening: (listening.port() ?? listening.tlsPort()) !== undefined, trouble: listening.trouble() ?? null },
        ...{ ...listening.counts(), turnedAway: listening.turnedAway() },
      }),
    );
  }

  async end(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.recorder.flush();
    await this.#reporting;
    await this.#ports.db.withScope(NOTHING, (tx) => removeListener(tx, this.#id)).catch(() => undefined);
  }
}

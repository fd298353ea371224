import { NextFrame } from './next-frame.ts';
import { EMPTY_PANE, type PaneSnapshot } from './snapshot.ts';

/** What a pane tells of itself: at once, or with the next frame of the screen. */
export class Told {
  readonly #describe: () => PaneSnapshot;
  readonly #onTold: (snapshot: PaneSnapshot) => void;
  readonly #listeners = new Set<() => void>();
  #snapshot: PaneSnapshot = EMPTY_PANE;
  readonly #next = new NextFrame(() => this.publish());

  constructor(describe: () => PaneSnapshot, onTold: (snapshot: PaneSnapshot) => void) {
    this.#describe = describe;
    this.#onTold = onTold;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): PaneSnapshot => this.#snapshot;

  publish(): void {
    this.#snapshot = this.#describe();
    this.#onTold(this.#snapshot);
    for (const listener of this.#listeners) listener();
  }

  readonly schedule = (): void => this.#next.schedule();

  close(): void {
    this.#next.cancel();
    this.#listeners.clear();
  }
}

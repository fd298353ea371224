import type { SeriesMapping } from '@negatoscope/dicom';

/** Null: the server could measure no frame of the series. */
export type LoadMapping = () => Promise<SeriesMapping | null>;

/** For a frame that the page can show though the server could measure none. */
const WITHOUT_RANGE: SeriesMapping = { lower: 0, upper: 255 };

/** The mapping of a series for as long as a pane shows it: asked for once, when a frame needs it. */
export class PaneMapping {
  readonly #source: LoadMapping | undefined;
  #pending: Promise<void> | undefined;
  #range: SeriesMapping | undefined;

  constructor(source?: LoadMapping) {
    this.#source = source;
  }

  /** Undefined until it is here. */
  get range(): SeriesMapping | undefined {
    return this.#range;
  }

  load(): Promise<void> {
    const take = (range: SeriesMapping | null | undefined): void => {
      this.#range = range ?? WITHOUT_RANGE;
    };
    this.#pending ??= (this.#source?.() ?? Promise.resolve(null)).then(take).catch((error: unknown) => {
      // Whoever tries the frame again asks again.
      this.#pending = undefined;
      throw error;
    });
    return this.#pending;
  }
}

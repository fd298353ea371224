/** Does something once with the next frame of the screen, however often it was asked for until then. */
export class NextFrame {
  readonly #run: () => void;
  #handle: number | undefined;

  constructor(run: () => void) {
    this.#run = run;
  }

  readonly schedule = (): void => {
    this.#handle ??= requestAnimationFrame(() => {
      this.#handle = undefined;
      this.#run();
    });
  };

  cancel(): void {
    if (this.#handle !== undefined) cancelAnimationFrame(this.#handle);
  }
}

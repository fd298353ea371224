import type { IncomingFile } from '../types.ts';

export type FileStream = NodeJS.ReadableStream & AsyncIterable<Uint8Array>;

/** Files that busboy found and nobody has taken yet: as many as one chunk of the body holds. */
export class Found {
  readonly #files: IncomingFile[] = [];
  #ended = false;
  #error: Error | undefined;
  #wake: () => void = () => undefined;

  push(file: IncomingFile): void {
    this.#files.push(file);
    this.#wake();
  }

  end(error?: Error): void {
    this.#error ??= error;
    this.#ended = true;
    this.#wake();
  }

  /** Waits for the next file without taking it; undefined at the end. Fails with what ended the body early. */
  async first(): Promise<IncomingFile | undefined> {
    while (this.#files.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#files.length === 0 && this.#error !== undefined) throw this.#error;
    return this.#files[0];
  }

  shift(): void {
    this.#files.shift();
  }
}

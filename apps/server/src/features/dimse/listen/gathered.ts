/** A dataset of some dozens of short elements, put together up to a length. */
export class Gathered {
  readonly #most: number;
  #runs: Uint8Array[] = [];
  #bytes = 0;

  constructor(most = 65_536) {
    this.#most = most;
  }

  get isTooLong(): boolean {
    return this.#bytes > this.#most;
  }

  /** What comes beyond the length is counted and dropped. */
  add(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (this.isTooLong) this.#runs = [];
    else this.#runs.push(bytes.slice());
  }

  leave(): void {
    this.#runs = [];
  }

  get bytes(): Uint8Array {
    return Buffer.concat(this.#runs);
  }
}

/** Bytes that wait for whoever reads them, before who brings them waits as well. */
const MOST_WAITING = 262_144;

/** A stream of runs of bytes from who brings them to who reads them; memory stays flat, since who brings waits. */
export class Runs implements AsyncIterable<Uint8Array> {
  readonly #waiting: Uint8Array[] = [];
  #bytes = 0;
  #end: { readonly error?: Error } | undefined;
  /** Nobody reads any more: what is brought is dropped. */
  #isLeft = false;
  #wakeReader: () => void = () => undefined;
  #wakeWriter: () => void = () => undefined;

  /** Resolves when more may be brought. */
  async push(bytes: Uint8Array): Promise<void> {
    if (this.#isLeft || bytes.length === 0) return;
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
    this.#wakeReader();
    while (this.#bytes > MOST_WAITING && !this.#isLeft) {
      await new Promise<void>((wake) => {
        this.#wakeWriter = wake;
      });
    }
  }

  end(): void {
    this.#end ??= {};
    this.#wakeReader();
  }

  /** What was brought is not all there is. */
  fail(error: Error): void {
    this.#end ??= { error };
    this.#wakeReader();
  }

  /** Says that nobody will read on. */
  leave(): void {
    this.#isLeft = true;
    this.#waiting.length = 0;
    this.#wakeWriter();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) {
        this.#bytes -= next.length;
        this.#wakeWriter();
        yield next;
        continue;
      }
      if (this.#end?.error !== undefined) throw this.#end.error;
      if (this.#end !== undefined) return;
      await new Promise<void>((wake) => {
        this.#wakeReader = wake;
      });
    }
  }
}

import { Readable, type Writable } from 'node:stream';
import { Turns } from '../../kernel/turns.ts';

/** Given to the connection before the system has taken it; what a slow client costs in memory, beside what was read ahead. */
const IN_FLIGHT_BYTES = 1024 * 1024;

/**
 * The body of an answer from pieces that are read while it is sent. It writes them itself instead of passing them through the buffers of
 * streams: the next piece is read while the system takes the one before, and `taken` is told when it has, for memory that is used again.
 * A failure breaks the connection, so that a cut answer is never taken for a whole one; a client that goes closes the source.
 */
export class SentBody extends Readable {
  readonly #pieces: AsyncGenerator<Uint8Array>;
  readonly #taken: (piece: Uint8Array) => void;
  #inFlight = 0;
  #wake: (() => void) | undefined;

  constructor(pieces: AsyncGenerator<Uint8Array>, taken: (piece: Uint8Array) => void = () => undefined) {
    super();
    this.#pieces = pieces;
    this.#taken = taken;
  }

  override pipe<T extends NodeJS.WritableStream>(target: T, options: { end?: boolean } = {}): T {
    // Fastify pipes into its response, which is a Writable.
    void this.#send(target as unknown as Writable, options.end !== false).catch((error: Error) => this.destroy(error));
    return target;
  }

  async #send(target: Writable, ends: boolean): Promise<void> {
    // Thousands of short pieces that are all there are a long time.
    const turns = new Turns();
    for (;;) {
      const { value, done } = await this.#pieces.next();
      if (this.destroyed) return;
      if (done === true) break;
      this.#write(target, value);
      if (this.#inFlight >= IN_FLIGHT_BYTES) await this.#room();
      await turns.pass();
    }
    if (ends) target.end();
    this.push(null);
    this.resume();
  }

  #write(target: Writable, piece: Uint8Array): void {
    this.#inFlight += piece.length;
    target.write(piece, (error) => {
      this.#inFlight -= piece.length;
      // Of a connection that broke the system may still hold the memory.
      if (error === undefined || error === null) this.#taken(piece);
      if (this.#inFlight < IN_FLIGHT_BYTES) this.#go();
    });
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #go(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  /** Nothing is kept here for who would read: pieces go where the body is piped. */
  override _read(): void {}

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#go();
    const closed = (): void => done(error);
    this.#pieces.return(undefined).then(closed, closed);
  }
}

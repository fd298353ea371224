/** Type and length of a PDU (PS3.8 9.3.1). */
const HEAD_BYTES = 6;

/** The head of the first PDU of these. */
export const headOf = ([pdu]: readonly Uint8Array[]): Uint8Array | undefined => pdu?.subarray(0, HEAD_BYTES);

/** The head of what is sent next for certain: once it was given, nothing else is sent, or the association is over. Undefined while that is not known. */
export type NextHead = () => Uint8Array | undefined;

/**
 * The head of the message that comes next, sent while the answer to the one before is on its way. Many nodes, those built on DCMTK among them, write the head of an answer and
 * its rest apart: their system keeps the rest until the head is acknowledged (Nagle, RFC 896), and ours acknowledges it after 40 ms unless it has something to send
 * (RFC 1122 4.2.3.2). Six bytes that would be sent anyway are enough: 200 instances take a second instead of nine.
 */
export class BegunMessage {
  readonly #write: (bytes: Uint8Array) => void;
  #next: NextHead | undefined;
  /** Of the message that was begun. */
  #head: Uint8Array | undefined;
  #written = 0;

  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write;
  }

  /** Whether nothing but the rest of that message can be sent. */
  get isBegun(): boolean {
    return this.#head !== undefined;
  }

  /** An answer is awaited, after which what has this head is sent next for certain; or none is. */
  expect(next: NextHead | undefined): void {
    this.#next = next;
  }

  /** An answer has begun to come. */
  begin(): void {
    this.#writeMore(HEAD_BYTES);
  }

  /** What comes may wait to be acknowledged, and does so more than once: six times, a byte each. */
  nudge(): void {
    this.#writeMore(1);
  }

  #writeMore(most: number): void {
    this.#head ??= this.#next?.();
    const more = this.#head?.subarray(this.#written, this.#written + most);
    if (more === undefined || more.length === 0) return;
    this.#written += more.length;
    this.#write(more);
  }

  /** What of a message was not sent yet; undefined where another one was begun. */
  rest(pdus: readonly Uint8Array[]): readonly Uint8Array[] | undefined {
    const [head, written, [first, ...others]] = [this.#head, this.#written, pdus];
    if (head === undefined || first === undefined) return pdus;
    if (!Buffer.from(head).equals(first.subarray(0, head.length))) return undefined;
    this.#head = undefined;
    this.#written = 0;
    return [first.subarray(written), ...others];
  }
}

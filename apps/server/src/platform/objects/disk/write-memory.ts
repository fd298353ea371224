/** Memory for the bytes of one job of a writer. */
export interface WriteBlock {
  /** Exactly as long as was asked for. */
  readonly bytes: Uint8Array;
  /** Nobody uses the bytes any more. To be called once. */
  release(): void;
}

/** Of a memory page, and of what disks are written in without the kernel's cache. */
export const PAGE_BYTES = 4096;
/** What a draft gathers and a page more, in whole pages of WebAssembly. */
const SLOT_BYTES = 704 * 1024;
const SLOTS = 16;
const WASM_PAGE_BYTES = 64 * 1024;
/** Shorter runs are cheaper in memory of their own. */
const MIN_SLOT_BYTES = 64 * 1024;

/** Types of Node.js leave it to those of browsers. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Memory: new (size: { initial: number; maximum: number; shared: true }) => { readonly buffer: SharedArrayBuffer };
  };
};

/**
 * Memory that is shared with the writer threads and used again and again: fresh memory of this size costs the kernel as much as the copy into
 * it. Its slots begin at memory pages, which only WebAssembly promises, so that a disk can be written to directly.
 */
export class WriteMemory {
  #buffer: SharedArrayBuffer | undefined;
  readonly #free: number[] = Array.from({ length: SLOTS }, (_, slot) => slot);
  readonly #waiting: ((slot: number) => void)[] = [];

  /** Waits while all slots are in use: what arrives faster than it can be written waits with its sender. */
  async take(length: number): Promise<WriteBlock> {
    if (length < MIN_SLOT_BYTES || length > SLOT_BYTES - PAGE_BYTES) return ownBlock(length);
    const slot = this.#free.pop() ?? (await new Promise<number>((resolve) => this.#waiting.push(resolve)));
    const bytes = new Uint8Array(this.#memory(), slot * SLOT_BYTES, length);
    return { bytes, release: () => this.#release(slot) };
  }

  #release(slot: number): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(slot);
    else next(slot);
  }

  #memory(): SharedArrayBuffer {
    const pages = (SLOTS * SLOT_BYTES) / WASM_PAGE_BYTES;
    this.#buffer ??= new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }).buffer;
    return this.#buffer;
  }
}

export const ownBlock = (length: number): WriteBlock => ({ bytes: new Uint8Array(length), release: () => undefined });

/**
 * The chunks one after the other. By `fill`, which copies as C does: `set` goes round the engine's rules for memory that threads share, at four
 * times the cost.
 */
export function copyAll(chunks: readonly Uint8Array[], { buffer, byteOffset, length }: Uint8Array): void {
  const target = Buffer.from(buffer, byteOffset, length);
  let at = 0;
  for (const chunk of chunks) {
    if (chunk.byteLength > 0) target.fill(chunk, at, at + chunk.byteLength);
    at += chunk.byteLength;
  }
}

/** The bytes and zeros behind them up to the next page, where they lie as WriteMemory gives them; undefined for others. */
export function wholePages(bytes: Uint8Array): Uint8Array | undefined {
  const { buffer, byteOffset, length } = bytes;
  const padded = Math.ceil(length / PAGE_BYTES) * PAGE_BYTES;
  if (!(buffer instanceof SharedArrayBuffer) || byteOffset % PAGE_BYTES !== 0 || byteOffset + padded > buffer.byteLength) return;
  return new Uint8Array(buffer, byteOffset, padded).fill(0, length);
}

import type { Prng } from '@negatoscope/testkit';
import { arena } from './arena.ts';

type Dirty = { readonly at: number; readonly bytes: Uint8Array } | { readonly length: number };

const PAGE = 4096;
const ZEROS = Buffer.alloc(1024 * 1024);

/** Bytes of a file; zeros at its end take no memory. */
class Content {
  #buffer: Buffer = Buffer.alloc(0);
  /** Bytes that are held; what lies behind them is zero. */
  #held = 0;
  size = 0;

  apply(change: Dirty): void {
    if ('length' in change) {
      this.#held = Math.min(this.#held, change.length);
      this.size = change.length;
      return;
    }
    const { at, bytes } = change;
    const end = at + bytes.length;
    this.#reserve(end);
    if (at > this.#held) this.#buffer.fill(0, this.#held, at);
    this.#buffer.set(bytes, at);
    this.#held = Math.max(this.#held, end);
    this.size = Math.max(this.size, end);
  }

  read(target: Uint8Array, position: number): number {
    const count = Math.max(0, Math.min(target.length, this.size - position));
    const bytes = this.#buffer.subarray(position, Math.max(position, Math.min(position + count, this.#held)));
    target.set(bytes);
    target.fill(0, bytes.length, count);
    return count;
  }

  become(other: Content): void {
    this.#held = 0;
    this.#reserve(other.#held);
    this.#buffer.set(other.#buffer.subarray(0, other.#held));
    this.#held = other.#held;
    this.size = other.size;
  }

  #reserve(length: number): void {
    if (length <= this.#buffer.length) return;
    const longer = arena.take(Math.max(length, 2 * this.#buffer.length));
    longer.set(this.#buffer.subarray(0, this.#held));
    this.#buffer = longer;
  }
}

/** A file as programs see it, and as the disk has it. */
export class SimFile {
  readonly #seen = new Content();
  readonly #durable = new Content();
  #dirty: Dirty[] = [];

  get size(): number {
    return this.#seen.size;
  }

  read(target: Uint8Array, position: number): number {
    return this.#seen.read(target, position);
  }

  write(bytes: Uint8Array, at: number): void {
    const isRoom = at >= this.size && ZEROS.length >= bytes.length && ZEROS.subarray(0, bytes.length).equals(bytes);
    // A copy: the caller's memory is used again.
    this.#do(isRoom ? { length: at + bytes.length } : { at, bytes: arena.copy(bytes) });
  }

  truncate(length: number): void {
    this.#do({ length });
  }

  /** With a generator the flush fails: any part was written, and the kernel lets go of the rest. */
  flush(failing: Prng | undefined): void {
    for (const change of this.#dirty) if (failing === undefined || failing.next() < 0.5) this.#durable.apply(change);
    this.#dirty = [];
  }

  /** Of what was not flushed any part had been written back. */
  loseMemory(prng: Prng): void {
    for (const change of this.#dirty) {
      const draw = prng.next();
      if (draw < 0.4) this.#durable.apply(change);
      else if (draw < 0.6 && 'bytes' in change) this.#durable.apply({ at: change.at, bytes: torn(change.bytes, prng) });
    }
    this.#dirty = [];
    this.#seen.become(this.#durable);
  }

  #do(change: Dirty): void {
    this.#seen.apply(change);
    this.#dirty.push(change);
  }
}

/** A beginning in whole pages, and then nothing, or zeros where the length had been noted already. */
function torn(bytes: Uint8Array, prng: Prng): Uint8Array {
  const end = PAGE * prng.integer(0, Math.floor(bytes.length / PAGE));
  if (prng.next() < 0.5) return bytes.subarray(0, end);
  return arena.copy(bytes).fill(0, end);
}

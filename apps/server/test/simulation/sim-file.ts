import type { Prng } from '@negatoscope/testkit';

type Dirty = { readonly at: number; readonly bytes: Uint8Array } | { readonly length: number };

const PAGE = 4096;
const ZEROS = Buffer.alloc(1024 * 1024);

/** Bytes of a file; zeros at its end take no memory. */
class Content {
  #bytes: Buffer = Buffer.alloc(0);
  size = 0;

  apply(change: Dirty): void {
    if ('length' in change) {
      if (change.length < this.#bytes.length) this.#bytes = Buffer.from(this.#bytes.subarray(0, change.length));
      this.size = change.length;
      return;
    }
    const end = change.at + change.bytes.length;
    if (end > this.#bytes.length) {
      const longer = Buffer.alloc(end);
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    this.#bytes.set(change.bytes, change.at);
    this.size = Math.max(this.size, end);
  }

  read(target: Uint8Array, position: number): number {
    const count = Math.max(0, Math.min(target.length, this.size - position));
    const bytes = this.#bytes.subarray(position, position + count);
    target.set(bytes);
    target.fill(0, bytes.length, count);
    return count;
  }

  copy(): Content {
    const copy = new Content();
    copy.#bytes = Buffer.from(this.#bytes);
    copy.size = this.size;
    return copy;
  }
}

/** A file as programs see it, and as the disk has it. */
export class SimFile {
  #seen = new Content();
  #durable = new Content();
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
    this.#do(isRoom ? { length: at + bytes.length } : { at, bytes: Uint8Array.from(bytes) });
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
    this.#seen = this.#durable.copy();
  }

  #do(change: Dirty): void {
    this.#seen.apply(change);
    this.#dirty.push(change);
  }
}

/** A beginning in whole pages, and then nothing, or zeros where the length had been noted already. */
function torn(bytes: Uint8Array, prng: Prng): Uint8Array {
  const end = PAGE * prng.integer(0, Math.floor(bytes.length / PAGE));
  if (prng.next() < 0.5) return bytes.slice(0, end);
  const part = new Uint8Array(bytes.length);
  part.set(bytes.subarray(0, end));
  return part;
}

import type { Scratch, ScratchBytes, ScratchReader } from '../scratch/index.ts';
import { type ObjectStore, ObjectUnreadable } from '../store/port.ts';

type Elsewhere = Pick<ObjectStore, 'restore' | 'size' | 'stream' | 'delete' | 'list'>;

/**
 * Scratch whose kept bytes are in the bucket, so that any node finishes what another one accepted. What is needed for a while only stays on this machine's disk; what
 * was kept there before is still found.
 */
export class SharedScratch implements Scratch {
  readonly #here: Scratch;
  readonly #there: Elsewhere;

  constructor(here: Scratch, there: Elsewhere) {
    this.#here = here;
    this.#there = there;
  }

  create(): Promise<ScratchBytes> {
    return this.#here.create();
  }

  async keep(bytes: readonly ScratchBytes[]): Promise<void> {
    try {
      for (const one of bytes) await this.#send(one);
    } catch (error) {
      await this.#there.delete(bytes.map(({ id }) => id)).catch(() => undefined);
      throw error;
    }
    for (const one of bytes) await one.remove();
  }

  async #send(one: ScratchBytes): Promise<void> {
    const reader = await one.open();
    try {
      await this.#there.restore(one.id, {
        sizeBytes: one.sizeBytes,
        read: async (offset, length) => {
          const target = Buffer.allocUnsafe(length);
          return target.subarray(0, await reader.read(target, offset));
        },
      });
    } finally {
      await reader.close();
    }
  }

  /** Copied here first: what is kept is a ZIP often, which is read in small pieces. */
  async kept(id: string): Promise<ScratchReader | undefined> {
    const here = await this.#here.kept(id);
    if (here !== undefined) return here;
    const isThere = await this.#there.size(id).then(
      () => true,
      (error: unknown) => {
        if (error instanceof ObjectUnreadable && error.reason === 'MISSING') return false;
        throw error;
      },
    );
    if (!isThere) return undefined;
    const copy = await this.#here.create();
    try {
      for await (const chunk of this.#there.stream(id)) await copy.write(chunk as Buffer); // A stream of bytes.
      const reader = await copy.open();
      return { sizeBytes: reader.sizeBytes, read: reader.read, close: () => reader.close().finally(() => copy.remove()) };
    } catch (error) {
      await copy.remove();
      throw error;
    }
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#here.remove(ids);
    // Who looks for what nobody needs any more finds what can't be deleted now.
    await this.#there.delete(ids).catch(() => undefined);
  }

  async list(before: Date): Promise<string[]> {
    const there: string[] = [];
    for await (const ids of this.#there.list({ before })) there.push(...ids);
    return [...(await this.#here.list(before)), ...there];
  }

  clean(): Promise<number> {
    return this.#here.clean();
  }
}

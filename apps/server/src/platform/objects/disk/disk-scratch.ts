import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { flushFolder } from '../../../kernel/flush-folder.ts';
import { storageFailure } from '../../../kernel/full-disk.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Scratch, ScratchBytes, ScratchReader } from '../scratch/index.ts';
import { isAbandoned } from './abandoned.ts';
import { errorCode, nodeFs } from './fs-port.ts';
import { openReader, ScratchFile, told } from './scratch-file.ts';

const SUFFIX = '.spool';
const OWNER = `${process.pid}.${randomBytes(4).toString('hex')}`;

export interface DiskScratchPlace {
  /** DATA_DIR/tmp. */
  readonly temporary: string;
  /** DATA_DIR/spool, on the same file system: what is kept. */
  readonly kept: string;
}

/** Scratch as files of two folders. */
export class DiskScratch implements Scratch {
  readonly #place: DiskScratchPlace;

  constructor(place: DiskScratchPlace) {
    this.#place = place;
  }

  create(): Promise<ScratchBytes> {
    return told(async () => {
      const { temporary } = this.#place;
      await mkdir(temporary, { recursive: true, mode: 0o700 });
      const id = newId();
      const file = path.join(temporary, `${OWNER}.${id}${SUFFIX}`);
      return new ScratchFile(id, file, await open(file, 'wx+', 0o600));
    });
  }

  async keep(bytes: readonly ScratchBytes[]): Promise<void> {
    const files = bytes.map((one) => {
      if (!(one instanceof ScratchFile)) throw new TypeError('The bytes are not of this scratch.');
      return one;
    });
    const { kept } = this.#place;
    try {
      await mkdir(kept, { recursive: true, mode: 0o700 });
      await flushFolder(path.dirname(kept));
      for (const file of files) await file.keepAs(this.#pathOf(file.id));
      await flushFolder(kept);
    } catch (error) {
      await this.remove(files.map(({ id }) => id));
      throw storageFailure(error);
    }
  }

  kept(id: string): Promise<ScratchReader | undefined> {
    return told(async () => {
      try {
        return await openReader(this.#pathOf(id));
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return undefined;
        throw error;
      }
    });
  }

  async remove(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => rm(this.#pathOf(id), { force: true }).catch(() => undefined)));
  }

  async list(before: Date): Promise<string[]> {
    const { kept } = this.#place;
    const old: string[] = [];
    for (const name of await readdir(kept).catch(() => [])) {
      const found = await stat(path.join(kept, name)).catch(() => undefined);
      if (found !== undefined && found.ctime < before) old.push(name);
    }
    return old;
  }

  async clean(): Promise<number> {
    const { temporary } = this.#place;
    const names = (await readdir(temporary).catch(() => [])).filter((name) => name.endsWith(SUFFIX));
    let removed = 0;
    for (const name of names) {
      const file = path.join(temporary, name);
      if (!(await isAbandoned(nodeFs, { name, file, owner: OWNER }))) continue;
      await rm(file, { force: true });
      removed += 1;
    }
    return removed;
  }

  #pathOf(id: string): string {
    return path.join(this.#place.kept, path.basename(id));
  }
}

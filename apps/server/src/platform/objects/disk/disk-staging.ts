import path from 'node:path';
import { newId } from '../../../kernel/ids.ts';
import type { Staging } from '../staging/index.ts';
import { isAbandoned } from './abandoned.ts';
import { DiskDraft } from './disk-draft.ts';
import type { FsPort } from './fs-port.ts';
import type { StorageHealth } from './storage-health.ts';
import type { Writers } from './writer-threads.ts';

export interface StagingPlace {
  readonly fs: FsPort;
  /** Where temporary files go, on the file system of the objects. */
  readonly folder: string;
  /** Begins the names of this process's temporary files. */
  readonly owner: string;
  readonly writers: Writers;
  readonly health: StorageHealth;
  /** Fails while nothing new may be taken. */
  readonly requireRoom: () => void;
}

/** Drafts beside the objects of a disk, which costs their store a rename. */
export class DiskStaging<Inspected> implements Staging<Inspected> {
  readonly #place: StagingPlace;

  constructor(place: StagingPlace) {
    this.#place = place;
  }

  async begin(): Promise<DiskDraft<Inspected>> {
    const { folder, owner, writers, health, requireRoom } = this.#place;
    requireRoom();
    const id = newId();
    return new DiskDraft(id, { writers, health, temporaryPath: path.join(folder, `${owner}.${id}`) });
  }

  async clean(): Promise<number> {
    const { fs, folder, owner } = this.#place;
    let removed = 0;
    for (const name of await fs.readdir(folder)) {
      const file = path.join(folder, name);
      if (!(await isAbandoned(fs, { name, file, owner }))) continue;
      await fs.unlink(file).then(
        () => {
          removed += 1;
        },
        () => undefined,
      );
    }
    return removed;
  }
}

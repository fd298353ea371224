import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A folder that something else is mounted on. */
export interface Mount {
  readonly folder: string;
  mount(): void;
  /** Also while files in it are open. */
  unmount(): void;
  remove(): void;
}

/** A disk in memory, whose size can be changed. */
export interface MemoryDisk extends Mount {
  /** Gives it another size, as if files of others had been removed. */
  resize(sizeBytes: number): void;
}

function run(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

function mountOf(args: readonly string[]): Mount {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-mount-'));
  const unmount = (): void => void run('umount', ['-l', folder]);
  return {
    folder,
    mount: () => {
      if (!run('mount', [...args, folder])) throw new Error(`Nothing could be mounted on ${folder}.`);
    },
    unmount,
    remove: () => {
      unmount();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A disk of this size, in memory; what is on it is gone with it. */
export function smallDisk(sizeBytes: number): MemoryDisk {
  const mount = mountOf(['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs']);
  return {
    ...mount,
    resize: (newBytes) => {
      if (!run('mount', ['-o', `remount,size=${newBytes}`, mount.folder])) throw new Error(`${mount.folder} kept its size.`);
    },
  };
}

/** A disk of this size with ext4, in a file on a loop device: it takes direct writes and allocates late, as disks of servers do. */
export function smallExt4(sizeBytes: number): Mount {
  // In memory where there is some: what is tested is the file system, not the disk beneath.
  const parent = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'negatoscope-image-'));
  const image = path.join(parent, 'ext4');
  writeFileSync(image, '');
  truncateSync(image, sizeBytes);
  const isMade = run('mkfs.ext4', ['-q', '-m', '0', image]);
  const mount = mountOf(['-o', 'loop', image]);
  return {
    ...mount,
    mount: () => {
      if (!isMade) throw new Error('No ext4 could be made.');
      mount.mount();
    },
    remove: () => {
      mount.remove();
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

/** Takes all room of a disk but so much, without writing; gives the file, whose removal gives the room back. Others may be writing there. */
export function takeRoom(folder: string, leftBytes: number): string {
  const file = path.join(folder, 'ballast');
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const { bavail, bsize } = statfsSync(folder);
    const length = Math.floor(bavail * bsize - leftBytes);
    if (length <= 0 || run('fallocate', ['-l', String(length), file])) return file;
    rmSync(file, { force: true });
  }
  throw new Error(`The room of ${folder} could not be taken.`);
}

/** Another folder's content under this address, as a disk that can be taken away and brought back. */
export const detachableDisk = (content: string): Mount => mountOf(['--bind', content]);

function canUse(make: () => Mount): boolean {
  if (process.getuid?.() !== 0) return false;
  const probe = make();
  try {
    probe.mount();
    return true;
  } catch {
    return false;
  } finally {
    probe.remove();
  }
}

/** Whether this process may mount: as root outside a tight container. Tests of full disks are left out elsewhere. */
export const canMount = canUse(() => smallDisk(4096));
/** Whether it has loop devices and ext4 as well. */
export const canMountExt4 = (): boolean => canMount && canUse(() => smallExt4(8 * 1024 * 1024));

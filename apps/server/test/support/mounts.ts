import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A folder that something else is mounted on. */
export interface Mount {
  readonly folder: string;
  mount(): void;
  /** Also while files in it are open. */
  unmount(): void;
  /** Of a small disk: gives it another size, as if files of others had been removed. */
  resize(sizeBytes: number): void;
  remove(): void;
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
    resize: (sizeBytes) => {
      if (!run('mount', ['-o', `remount,size=${sizeBytes}`, folder])) throw new Error(`${folder} kept its size.`);
    },
    remove: () => {
      unmount();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A disk of this size, in memory; what is on it is gone with it. */
export const smallDisk = (sizeBytes: number): Mount => mountOf(['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs']);

/** Another folder's content under this address, as a disk that can be taken away and brought back. */
export const detachableDisk = (content: string): Mount => mountOf(['--bind', content]);

/** Whether this process may mount: as root outside a tight container. Tests of full disks are left out elsewhere. */
export const canMount = ((): boolean => {
  if (process.getuid?.() !== 0) return false;
  const probe = smallDisk(4096);
  try {
    probe.mount();
    return true;
  } catch {
    return false;
  } finally {
    probe.remove();
  }
})();

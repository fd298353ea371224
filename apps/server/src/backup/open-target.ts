import { readFileSync, statSync } from 'node:fs';
import { StartError } from '../kernel/start-error.ts';
import { type BackupTarget, folderTarget, readKey } from '../platform/backup/index.ts';

/** The target that an address names. Fails with BACKUP_TARGET. */
export function openTarget(address: string | undefined): BackupTarget {
  if (address === undefined)
    throw new StartError('BACKUP_TARGET', 'say where the backup is: --to or --from FOLDER, or the setting BACKUP_TO');
  if (/^[a-z0-9+.-]+:\/\//i.test(address))
    throw new StartError('BACKUP_TARGET', `${address} is of a kind that this version doesn't know: give a folder`);
  return folderTarget(address);
}

/** The key in a file that nobody else may read. Fails with BACKUP_KEY_FILE. */
export function readKeyFile(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    if (process.platform !== 'win32' && (statSync(file).mode & 0o007) !== 0)
      throw new StartError('BACKUP_KEY_FILE', `everybody on this machine may read ${file}: chmod 600`);
    return readKey(readFileSync(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    throw new StartError(
      'BACKUP_KEY_FILE',
      `the key in ${file} can't be read: give the file that "npm run backup -- new-key" made`,
      cause,
    );
  }
}

import { readFileSync, statSync } from 'node:fs';
import type { BackupS3 } from '../config/backup-settings.ts';
import { S3_ADDRESS } from '../config/shape.ts';
import { StartError } from '../kernel/start-error.ts';
import { type BackupTarget, folderTarget, readKey } from '../platform/backup/index.ts';

const refuse = (message: string): StartError => new StartError('BACKUP_TARGET', message);

/** The target that an address names, to be closed by who goes on without it. Nothing is asked of it yet; the client of S3 is loaded only where it is used. Fails with BACKUP_TARGET. */
export async function openTarget(address: string | undefined, s3?: BackupS3): Promise<BackupTarget> {
  if (address === undefined)
    throw refuse('say where the backup is: --to or --from with a folder or s3://bucket/prefix, or the setting BACKUP_TO');
  if (!/^[a-z0-9+.-]+:\/\//i.test(address)) return folderTarget(address);
  const [, bucket, prefix] = S3_ADDRESS.exec(address) ?? [];
  if (bucket === undefined)
    throw refuse(`${address} is of a kind that this version doesn't know: give a folder, or s3://bucket/prefix`);
  if (s3 === undefined)
    throw refuse(`no key for ${address} is set: BACKUP_S3_ACCESS_KEY_ID, BACKUP_S3_SECRET_ACCESS_KEY and BACKUP_S3_ENDPOINT`);
  if (bucket === s3.objectsBucket)
    throw refuse(`the bucket ${bucket} is that of the objects, and a backup there would be lost with it: choose another one`);
  const { s3Target } = await import('../platform/objects/s3/index.ts');
  return s3Target({ ...s3, bucket, prefix: prefix === undefined ? '' : `${prefix}/` });
}

/** Nothing goes to a bucket, which is somebody else's machine, without a key unless somebody has said that it is wanted so. Fails with BACKUP_KEY_MISSING. */
export function requireSealed(
  address: string,
  { isPlainWanted, key }: { readonly isPlainWanted: boolean; readonly key: string | undefined },
): void {
  if (key === undefined && !isPlainWanted && S3_ADDRESS.test(address))
    throw new StartError(
      'BACKUP_KEY_MISSING',
      `whoever can read ${address} would read the patients: give a key by --key-file or BACKUP_KEY_FILE ("npm run backup -- new-key FILE" makes one), or set BACKUP_PLAIN=yes`,
    );
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

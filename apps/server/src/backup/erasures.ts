import { ErasureEntry } from '../features/privacy/index.ts';
import { StartError } from '../kernel/start-error.ts';
import {
  type BackupTarget,
  getDocument,
  putDocument,
  type UnlockedRepository,
  unlockRepository,
} from '../platform/backup/index.ts';
import type { ServerParts } from '../server-parts.ts';
import { openTarget, readKeyFile } from './open-target.ts';

const FOLDER = 'erasures';

/** Puts erasures that are not there beside the backups of a target, each a document of its own that no backup owns: whichever is restored, all of these are read. Gives how many were new. */
export async function putErasures(
  target: BackupTarget,
  { key }: UnlockedRepository,
  entries: readonly ErasureEntry[],
): Promise<number> {
  const known = new Set((await target.list(FOLDER)).map(({ name }) => name));
  const missing = entries.filter(({ id }) => !known.has(`${FOLDER}/${id}`));
  for (const entry of missing)
    await putDocument(target, key, `${FOLDER}/${entry.id}`, Buffer.from(JSON.stringify(ErasureEntry.parse(entry))));
  return missing.length;
}

/** Fails where one can't be read: who was erased would be there again. */
export async function readErasures(target: BackupTarget, { key }: UnlockedRepository): Promise<ErasureEntry[]> {
  const found: ErasureEntry[] = [];
  for (const { name } of await target.list(FOLDER))
    found.push(ErasureEntry.parse(JSON.parse((await getDocument(target, key, name)).toString('utf8'))));
  return found;
}

/** The same for the job that erases, by BACKUP_TO. Where no backup was made yet there is nothing that would bring anybody back, and a target that does not answer is asked again by the clock. */
export async function keepBesideBackups(
  { backup }: Pick<ServerParts, 'backup'>,
  entries: readonly ErasureEntry[],
): Promise<number> {
  if (backup.to === undefined || entries.length === 0) return 0;
  try {
    const target = await openTarget(backup.to, backup.s3);
    try {
      return await putErasures(target, await unlockRepository(target, readKeyFile(backup.keyFile)), entries);
    } finally {
      target.close();
    }
  } catch (error) {
    if (error instanceof StartError) return 0;
    throw error;
  }
}

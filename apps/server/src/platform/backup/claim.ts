import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { StartError } from '../../kernel/start-error.ts';
import type { BackupTarget } from './target.ts';

/** In clear: whose backups these are, which nobody else learns from it. */
const OWNER = 'negatoscope-owner.txt';

/** What stays the same over restores and upgrades, on every node, and is nobody else's: a print of the key of the audit chain. */
export async function installationOf(dataDir: string): Promise<string> {
  const key = await readFile(path.join(dataDir, 'secrets', 'audit-key'), 'utf8');
  return createHash('sha256').update(`installation that backs up ${key.trim()}`).digest('hex');
}

/**
 * Makes a target that of one installation, or finds that it is: another's run would take what only these backups need for what nobody needs. Fails with
 * BACKUP_TARGET.
 */
export async function claimTarget(target: BackupTarget, installation: string): Promise<void> {
  const isNew = await target.create(OWNER, Buffer.from(`${installation}\n`));
  const owner = isNew ? installation : (await target.get(OWNER)).toString('utf8').trim();
  if (owner !== installation)
    throw new StartError(
      'BACKUP_TARGET',
      `${target.address} holds the backups of another installation: choose another folder or prefix; or, if that one is gone and this one has its place, remove ${OWNER} there`,
    );
}

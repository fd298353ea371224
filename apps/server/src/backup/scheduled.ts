import type { Service } from '../access/index.ts';
import { isBackupDue } from '../features/backup/index.ts';
import { StartError } from '../kernel/start-error.ts';
import { readApplied } from '../platform/db/migrate.ts';
import { findEmbeddedPostgres } from '../platform/postgres/embedded.ts';
import type { JobReport } from '../platform/queue/job.ts';
import type { ServerParts } from '../server-parts.ts';
import { readerOf } from './embedded.ts';
import { openTarget, readKeyFile } from './open-target.ts';
import { runBackup } from './run.ts';

/** Makes a backup where BACKUP_EVERY says that it is time. The database of DATABASE_URL is not in it. */
export async function backUpWhenDue(parts: ServerParts, by: Service, signal: AbortSignal): Promise<JobReport | undefined> {
  const { dataDir, databaseUrl, to, keyFile, isPlainWanted, everyMs, keep, s3 } = parts.backup;
  if (everyMs === undefined || !(await isBackupDue(parts, by, everyMs))) return undefined;
  const key = readKeyFile(keyFile);
  const owner = databaseUrl === undefined ? (await findEmbeddedPostgres(dataDir))?.owner : { connectionString: databaseUrl };
  if (owner === undefined)
    throw new StartError('DATABASE_UNREACHABLE', 'the embedded database of this DATA_DIR runs on another machine');
  const applied = await readApplied(owner);
  const target = await openTarget(to, s3);
  const reader = databaseUrl === undefined ? await readerOf(dataDir) : undefined;
  try {
    const { progress } = await runBackup({ parts, dataDir, by, target, key, isPlainWanted, reader, applied, keep, signal });
    return { objects: progress.objects, copied: progress.copiedObjects, bytes: progress.copiedBytes, damaged: progress.damaged };
  } finally {
    target.close();
    await reader?.close();
  }
}

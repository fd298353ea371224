import path from 'node:path';
import { postgresMajor } from '../platform/postgres/binaries.ts';
import { type ClusterReader, openClusterReader } from '../platform/postgres/cluster-reader.ts';
import { findEmbeddedPostgres } from '../platform/postgres/embedded.ts';

/** The embedded server that runs on a DATA_DIR, to be copied; undefined where none does. Fails with BACKUP_RUNNING. */
export async function readerOf(dataDir: string): Promise<ClusterReader | undefined> {
  const running = await findEmbeddedPostgres(dataDir);
  return running && openClusterReader(running.superuser, path.join(dataDir, 'postgres', postgresMajor));
}

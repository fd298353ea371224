import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** Empty folders in a copy: what is in them is of the running server. */
const OF_THE_RUN = [
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
];
const LEFT_OUT =
  /^(postmaster\.(pid|opts)|backup_label(\.old)?|tablespace_map(\.old)?|recovery\.(signal|done)|standby\.signal|pg_internal\.init.*)$/;
const TEMPORARY = /^pgsql_tmp/;
const CONTROL = 'global/pg_control';

export interface ClusterListing {
  readonly folders: readonly string[];
  /** In the order in which they are copied; the control file is the last. */
  readonly files: readonly string[];
}

/** What of a running cluster belongs into a copy, as pg_basebackup has it. Paths are relative and have slashes. */
export async function listCluster(clusterDir: string): Promise<ClusterListing> {
  const folders: string[] = [];
  const files: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(path.join(clusterDir, folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (LEFT_OUT.test(entry.name) || TEMPORARY.test(entry.name)) continue;
      if (entry.isFile()) files.push(name);
      else if (entry.isDirectory()) {
        folders.push(name);
        if (!OF_THE_RUN.includes(name)) await walk(name);
      }
    }
  };
  await walk('');
  return {
    folders: [...folders, 'pg_wal/archive_status', 'pg_wal/summaries'],
    files: [...files.filter((name) => name !== CONTROL), CONTROL],
  };
}

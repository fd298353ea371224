import { existsSync } from 'node:fs';
import path from 'node:path';
import { Client, type ClientConfig } from 'pg';
import { StartError } from '../../kernel/start-error.ts';
import { placeOf, segmentAt, segmentName } from './log-segments.ts';

/** Held for as long as a backup of this database runs; it ends with its connection. */
const BACKUP_LOCK = 7_205_759_404;
/** Keeps what of the log no backup has yet. */
const SLOT = 'negatoscope_backup';

export interface ClusterIdentity {
  readonly systemId: string;
  readonly timeline: number;
}

/** A running cluster while it is copied: one at a time (BACKUP_RUNNING). The connection stays open, as an online copy needs it to. */
export interface ClusterReader {
  readonly identity: ClusterIdentity;
  readonly clusterDir: string;
  /** From now on the log is kept until `release`. */
  keepLog(): Promise<void>;
  /** Begins a copy of the files; gives the first segment that it needs. A checkpoint is made at once. */
  beginBase(): Promise<number>;
  /** What the copy is labelled with, as its file `backup_label`. */
  endBase(): Promise<string>;
  /** Ends the segment that is being written: everything committed before is in those before the number that it gives. */
  closeSegment(): Promise<number>;
  /** The file of a segment; undefined when it is not kept any more. */
  segmentFile(number: number): string | undefined;
  /** What stands before a segment is in a backup: the log is kept from there. */
  release(from: number): Promise<void>;
  close(): Promise<void>;
}

/** `superuser` of the embedded server, which runs on `clusterDir`. */
export async function openClusterReader(superuser: ClientConfig, clusterDir: string): Promise<ClusterReader> {
  const client = await lockBackups(superuser);
  const one = async (sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>> => {
    const { rows } = await client.query<Record<string, unknown>>(sql, [...values]);
    return rows[0] ?? {};
  };
  const found = await one(
    'SELECT system_identifier::text AS id, left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) AS timeline FROM pg_control_system()',
  );
  const identity = { systemId: String(found.id), timeline: Number.parseInt(String(found.timeline), 16) };
  return {
    identity,
    clusterDir,
    keepLog: async () => {
      // A slot that was left behind the log is of no use: it goes, and the next copy is a whole one.
      await client.query(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1 AND wal_status = 'lost'",
        [SLOT],
      );
      await client.query(
        'SELECT pg_create_physical_replication_slot($1, true) WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1)',
        [SLOT],
      );
    },
    beginBase: async () => segmentAt(String((await one("SELECT pg_backup_start('negatoscope', true)::text AS place")).place)),
    endBase: async () => String((await one('SELECT labelfile FROM pg_backup_stop(false)')).labelfile),
    closeSegment: async () => {
      await client.query('SELECT pg_switch_wal()');
      return segmentAt(String((await one('SELECT pg_current_wal_insert_lsn()::text AS place')).place));
    },
    segmentFile: (number) => {
      const file = path.join(clusterDir, 'pg_wal', segmentName(identity.timeline, number));
      return existsSync(file) ? file : undefined;
    },
    release: async (from) => {
      await client.query('SELECT pg_replication_slot_advance($1, $2::pg_lsn)', [SLOT, placeOf(from)]);
    },
    close: () => client.end(),
  };
}

/** A connection that keeps other backups of this database away. Fails with BACKUP_RUNNING. */
export async function lockBackups(connection: ClientConfig): Promise<Client> {
  const client = new Client({ ...connection, application_name: 'negatoscope-backup', keepAlive: true });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [BACKUP_LOCK]);
  if (rows[0]?.locked === true) return client;
  await client.end();
  throw new StartError('BACKUP_RUNNING', 'another backup of this server is running: wait until it is done');
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { requirePostgresBinaries } from '../../src/platform/postgres/binaries.ts';
import { type Command, commandAs, type RunAs } from '../../src/platform/postgres/run-as.ts';
import { freePort } from './orthanc.ts';
import { familyOf } from './process-family.ts';

/** A primary, a replica that follows it synchronously, and one address that is the primary's. */
export interface ReplicatedPostgres {
  /** At the address that moves. */
  readonly url: string;
  /** Both servers by their own addresses, the first primary named last. */
  readonly several: string;
  readonly primaryUrl: string;
  readonly replicaUrl: string;
  /** As a superuser, on the first primary. */
  ask(...statements: string[]): Promise<void>;
  killPrimary(): Promise<void>;
  /** Lets the first primary answer nothing, without a sign. */
  freezePrimary(): void;
  killReplica(): Promise<void>;
  startReplica(): Promise<void>;
  /** Promotes the replica and moves the address. */
  promote(): Promise<void>;
  /** Starts the first primary again as if nothing had been promoted: what nobody should do. */
  startStalePrimary(): Promise<void>;
  stop(): Promise<void>;
}

interface Cluster {
  readonly folder: string;
  readonly port: number;
  child: ChildProcess | undefined;
}

// Root's own namespace, in which it is called otherwise: PostgreSQL refuses to run as root.
const runAs: RunAs = process.getuid?.() === 0 ? { kind: 'namespace' } : { kind: 'plain' };
const commandOf = (file: string, ...args: string[]): Command => commandAs(runAs, file, args);

const urlOf = (port: number): string => `postgres://postgres@127.0.0.1:${port}/negatoscope`;

const clientOf = (port: number, database = 'postgres'): Client => {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  return client;
};

async function ask(port: number, ...statements: string[]): Promise<void> {
  const client = clientOf(port);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function start(cluster: Cluster): Promise<void> {
  const { file, args } = commandOf(requirePostgresBinaries().postgres, '-D', cluster.folder, '-p', String(cluster.port));
  cluster.child = spawn(file, args, { stdio: 'ignore' });
  for (let tries = 0; tries < 200; tries += 1) {
    if (
      await ask(cluster.port, 'SELECT 1').then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(100);
  }
  throw new Error('PostgreSQL does not answer.');
}

async function end({ child }: Cluster, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

/** To the server and its processes, which don't share a fate with it where a signal only stops them. */
function signalFamily({ child }: Cluster, signal: NodeJS.Signals): void {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  for (const pid of familyOf(child.pid)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended.
    }
  }
}

const SETTINGS = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
wal_level = replica
wal_keep_size = '256MB'
max_connections = 200
shared_buffers = '64MB'
`;

async function openPrimary(root: string): Promise<Cluster> {
  const primary: Cluster = { folder: path.join(root, 'primary'), port: await freePort(), child: undefined };
  const options = ['-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const { file, args } = commandOf(requirePostgresBinaries().initdb, '-D', primary.folder, '--locale=C', ...options);
  execFileSync(file, [...args], { stdio: 'ignore' });
  await appendFile(path.join(primary.folder, 'postgresql.conf'), SETTINGS);
  await appendFile(path.join(primary.folder, 'pg_hba.conf'), 'host replication all 127.0.0.1/32 trust\n');
  await start(primary);
  await ask(primary.port, 'CREATE DATABASE negatoscope');
  return primary;
}

/** Without pg_basebackup: the folder is copied between pg_backup_start and pg_backup_stop, in one session. */
async function follow(primary: Cluster, root: string): Promise<Cluster> {
  const replica: Cluster = { folder: path.join(root, 'replica'), port: await freePort(), child: undefined };
  const client = clientOf(primary.port);
  await client.connect();
  await client.query("SELECT pg_backup_start('replica', true)");
  await cp(primary.folder, replica.folder, { recursive: true, filter: (source) => !source.endsWith('postmaster.pid') });
  const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
  await client.end();
  await writeFile(path.join(replica.folder, 'backup_label'), rows[0]?.labelfile ?? '');
  await writeFile(path.join(replica.folder, 'standby.signal'), '');
  const source = `host=127.0.0.1 port=${primary.port} user=postgres application_name=replica`;
  await appendFile(path.join(replica.folder, 'postgresql.conf'), `primary_conninfo = '${source}'\n`);
  await mkdir(path.join(replica.folder, 'pg_wal'), { recursive: true });
  await start(replica);
  // From here on nothing is committed that the replica does not have.
  await ask(primary.port, "ALTER SYSTEM SET synchronous_standby_names = 'replica'", 'SELECT pg_reload_conf()');
  return replica;
}

export async function openReplicatedPostgres(): Promise<ReplicatedPostgres> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-replicated-'));
  const primary = await openPrimary(root);
  const replica = await follow(primary, root);
  let target = primary.port;
  const open = new Set<net.Socket>();
  const address = net.createServer((socket) => {
    const upstream = net.connect(target, '127.0.0.1');
    const close = (): void => {
      for (const one of [socket, upstream]) {
        open.delete(one);
        one.destroy();
      }
    };
    for (const one of [socket, upstream]) open.add(one.on('error', close).on('close', close));
    socket.pipe(upstream).pipe(socket);
  });
  await new Promise<void>((resolve) => address.listen(0, '127.0.0.1', resolve));
  const { port } = address.address() as net.AddressInfo; // A TCP server has one.
  return {
    url: urlOf(port),
    several: `postgres://postgres@127.0.0.1:${replica.port},127.0.0.1:${primary.port}/negatoscope?target_session_attrs=read-write`,
    primaryUrl: urlOf(primary.port),
    replicaUrl: urlOf(replica.port),
    ask: (...statements) => ask(primary.port, ...statements),
    killPrimary: () => end(primary, 'SIGQUIT'),
    freezePrimary: () => signalFamily(primary, 'SIGSTOP'),
    killReplica: () => end(replica, 'SIGQUIT'),
    startReplica: () => start(replica),
    startStalePrimary: async () => {
      await appendFile(path.join(primary.folder, 'postgresql.auto.conf'), "synchronous_standby_names = ''\n");
      await start(primary);
    },
    promote: async () => {
      await ask(replica.port, 'SELECT pg_promote(true, 30)');
      await ask(replica.port, "ALTER SYSTEM SET synchronous_standby_names = ''", 'SELECT pg_reload_conf()');
      target = replica.port;
    },
    stop: async () => {
      for (const one of open) one.destroy();
      address.close();
      await end(replica, 'SIGQUIT');
      signalFamily(primary, 'SIGCONT');
      await end(primary, 'SIGQUIT');
      await rm(root, { recursive: true, force: true });
    },
  };
}

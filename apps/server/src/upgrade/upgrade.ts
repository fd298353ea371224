import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { takeMark } from '../config/held-mark.ts';
import { prepareDataDir } from '../config/preflight.ts';
import { flushFolder } from '../kernel/flush-folder.ts';
import { StartError } from '../kernel/start-error.ts';
import {
  findEarlierBinaries,
  type PostgresBinaries,
  postgresMajor,
  requirePostgresBinaries,
} from '../platform/postgres/binaries.ts';
import { earlierMajors } from '../platform/postgres/cluster.ts';
import type { PostgresLog } from '../platform/postgres/embedded.ts';
import { type SideServer, startSideServer, stopLeftServer } from '../platform/postgres/side-server.ts';
import { type Copied, copyDatabase } from './copy.ts';

export interface UpgradeOptions {
  readonly dataDir: string;
  /** Where the programs of the earlier PostgreSQL are; looked for without. */
  readonly oldBinaries: string | undefined;
  readonly log: PostgresLog;
  readonly print: (line: string) => void;
  /** False for throw-away clusters of tests. */
  readonly durable?: boolean;
}

export interface Upgraded extends Copied {
  readonly from: string;
  readonly to: string;
  /** Where the old cluster is now. */
  readonly kept: string;
}

/**
 * Copies the database of an earlier PostgreSQL in DATA_DIR into a new cluster of this one's, and puts that in its place once all is compared. Until then, and
 * wherever it is cut off, the old cluster is as it was. Fails with a StartError.
 */
export async function upgradeDatabase(options: UpgradeOptions): Promise<Upgraded> {
  const { dataDir, print } = options;
  prepareDataDir(dataDir);
  const postgresDir = path.join(dataDir, 'postgres');
  const from = earlierMajor(postgresDir);
  const mark = path.join(postgresDir, 'upgrading.json');
  await takeMark(
    mark,
    true,
    (who) => new StartError('UPGRADE_RUNNING', `${who} is upgrading this database: wait until it is done, or end it`),
  );
  try {
    const [oldDir, draft] = [path.join(postgresDir, from), path.join(postgresDir, `${postgresMajor}.upgrading`)];
    await clearLeft(dataDir, { from, draft });
    const earlier = findEarlierBinaries(from, options.oldBinaries);
    await requireRoom(oldDir);
    print(`Copying the database from PostgreSQL ${from} to ${postgresMajor} …`);
    const copied = await copyBeside(options, { from, draft, earlier });
    const kept = await putInPlace({ postgresDir, from, draft });
    return { ...copied, from, to: postgresMajor, kept };
  } finally {
    await rm(mark, { force: true });
  }
}

/** The newest cluster of an earlier version. Fails with UPGRADE_NOTHING where there is none, or one of this version. */
function earlierMajor(postgresDir: string): string {
  const majors = earlierMajors(postgresDir);
  if (existsSync(path.join(postgresDir, postgresMajor, 'PG_VERSION')))
    throw new StartError(
      'UPGRADE_NOTHING',
      `the database in ${postgresDir} is of PostgreSQL ${postgresMajor} already: start the server`,
    );
  const newest = majors.at(-1);
  if (newest === undefined) throw new StartError('UPGRADE_NOTHING', `there is no database in ${postgresDir}`);
  return newest;
}

/** What one left that was cut off. Fails with DATA_DIR_IN_USE where somebody writes to the old cluster. */
async function clearLeft(dataDir: string, { from, draft }: { readonly from: string; readonly draft: string }): Promise<void> {
  if (!(await stopLeftServer(dataDir, from)))
    throw new StartError('DATA_DIR_IN_USE', 'the database is running: stop the Negatoscope that started it, then try again');
  await stopLeftServer(dataDir, path.basename(draft));
  for (const folder of [draft, `${draft}.new`]) await rm(folder, { recursive: true, force: true });
}

/** Fails with UPGRADE_NO_ROOM: the copy needs as much again. */
async function requireRoom(oldDir: string): Promise<void> {
  const { bavail, bsize } = await statfs(oldDir);
  const needed = await sizeOf(path.join(oldDir, 'base'));
  if (bavail * bsize >= needed * 1.1 + 2 ** 30) return;
  const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
  throw new StartError(
    'UPGRADE_NO_ROOM',
    `the copy needs some ${gigabytes(needed * 1.1 + 2 ** 30)} GB beside the old database, ${gigabytes(bavail * bsize)} GB are free: make room`,
  );
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(path.join(entry.parentPath, entry.name))).size;
  return bytes;
}

async function copyBeside(
  { dataDir, log, print, durable = true }: UpgradeOptions,
  { from, draft, earlier }: { readonly from: string; readonly draft: string; readonly earlier: PostgresBinaries },
): Promise<Copied> {
  const servers: SideServer[] = [];
  const start = async (
    more: Pick<Parameters<typeof startSideServer>[0], 'clusterName' | 'binaries' | 'isReadOnly' | 'isNew'>,
  ) => {
    const server = await startSideServer({ dataDir, log, durable, ...more });
    servers.push(server);
    return server;
  };
  try {
    const old = await start({ clusterName: from, binaries: earlier, isReadOnly: true });
    const fresh = await start({ clusterName: path.basename(draft), binaries: requirePostgresBinaries(), isNew: true });
    return await copyDatabase(old, fresh, print);
  } finally {
    for (const server of servers) await server.stop();
  }
}

/** The new cluster gets its name, which is the moment that counts; then the old one another, so that no earlier version goes on with it unnoticed. */
async function putInPlace({
  postgresDir,
  from,
  draft,
}: {
  readonly postgresDir: string;
  readonly from: string;
  readonly draft: string;
}): Promise<string> {
  await rename(draft, path.join(postgresDir, postgresMajor));
  await flushFolder(postgresDir);
  const kept = path.join(postgresDir, `${from}.before-${postgresMajor}`);
  await rename(path.join(postgresDir, from), kept);
  await flushFolder(postgresDir);
  for (const name of await readdir(postgresDir))
    if (name.startsWith('side-')) await rm(path.join(postgresDir, name), { recursive: true, force: true });
  return kept;
}

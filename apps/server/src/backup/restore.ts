import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type Service, scopeOf } from '../access/index.ts';
import { countRecords } from '../archive/records/counts.ts';
import { openServerParts } from '../compose.ts';
import { loadSecrets } from '../config/secrets.ts';
import type { Settings } from '../config/settings.ts';
import { createSequencer, cutAnchors, findHashAt, findHead, verifyChain } from '../features/audit/index.ts';
import { noteRestored } from '../features/backup/index.ts';
import { orthancCopies } from '../features/orthanc/index.ts';
import { eraseAsked, keepEntries } from '../features/privacy/index.ts';
import { JOB_KINDS } from '../job-kinds.ts';
import { StartError } from '../kernel/start-error.ts';
import { prepareStore } from '../object-store.ts';
import { type BackupTarget, Pieces, unlockRepository } from '../platform/backup/index.ts';
import { migrate } from '../platform/db/migrate.ts';
import type { Logger } from '../platform/log/log.ts';
import { postgresMajor } from '../platform/postgres/binaries.ts';
import { startEmbeddedPostgres } from '../platform/postgres/embedded.ts';
import { migrateQueue } from '../platform/queue/queue.ts';
import { ROWS_BY_TEXT, ROWS_BY_UID } from '../row-kinds.ts';
import type { ServerParts } from '../server-parts.ts';
import { openDatabases } from '../supervisor/databases.ts';
import { type DatabaseConnections, databaseOf } from '../supervisor/runtime.ts';
import { type Chosen, type ChosenDatabase, chooseBackup } from './choose.ts';
import { readErasures } from './erasures.ts';
import { Manifests } from './manifest.ts';
import { type RestoredObjects, rebuildMissing, restoreObjects } from './restore-objects.ts';
import { takeDataDir } from './unfinished.ts';
import { writeCluster, writeFiles } from './write-back.ts';

export interface RestoreOptions {
  readonly settings: Settings;
  readonly target: BackupTarget;
  readonly key: string | undefined;
  readonly name?: string | undefined;
  readonly at?: Date | undefined;
  readonly acceptsDamage: boolean;
  readonly by: Service;
  readonly log: Logger;
  readonly print: (line: string) => void;
  /** False for throw-away clusters of tests. */
  readonly durable?: boolean;
  /** Where the migrations of this version are; of tests, which have those of tomorrow. */
  readonly migrations?: URL;
}

export interface Restored {
  readonly pointAt: string;
  readonly objects: RestoredObjects;
  /** What differs from what the backup says of itself, for people; nothing where all is equal. */
  readonly differences: readonly string[];
  /** What was lost before the backup was made, by its own account. */
  readonly knownMissing: number;
}

/**
 * Makes an empty DATA_DIR what it was at the moment of a backup: files, database, objects, in this order; then compares counts, hashes and the chain of
 * the audit. Fails with a StartError; what is there then says of itself that it is not whole, and no server starts on it.
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { target, settings, print } = options;
  const repository = await unlockRepository(target, options.key);
  const manifests = new Manifests(target, repository);
  const chosen = await chooseBackup(manifests, options);
  const pieces = await Pieces.load(target, repository);
  if (chosen.database === undefined && settings.databaseUrl === undefined)
    throw new StartError(
      'BACKUP_NO_DATABASE',
      'this backup is of objects and files only: restore its database by its own tools, and give DATABASE_URL',
    );
  const { mark, isAgain } = await takeDataDir(settings.dataDir);
  if (isAgain) print('A restore that was cut off is begun again: what it has of the objects is compared and kept.');
  print(`Restoring the backup of ${chosen.manifest.pointAt} …`);
  await writeFiles(pieces, settings.dataDir, chosen.manifest.files);
  const databases = await restoreDatabase(options, pieces, chosen.database);
  try {
    const restored = await fillAndCompare(options, { pieces, chosen, isAgain, connections: databases.connections });
    await rm(mark);
    return restored;
  } finally {
    await databases.close();
  }
}

async function restoreDatabase(
  { settings, log, print, at, durable = true }: RestoreOptions,
  pieces: Pieces,
  database: ChosenDatabase | undefined,
): Promise<{ connections: DatabaseConnections; close(): Promise<void> }> {
  if (database === undefined || settings.databaseUrl !== undefined) return openDatabases(settings, log);
  const { dataDir } = settings;
  const logFolder = path.join(dataDir, 'postgres', 'log-of-backup');
  const clusterDir = path.join(dataDir, 'postgres', postgresMajor);
  const bytes = await writeCluster(pieces, { clusterDir, logFolder }, database);
  print(`The database is written (${megabytes(bytes)}) and brought to its moment …`);
  const moment = at === undefined ? { transaction: database.transaction } : { time: at };
  const embedded = await startEmbeddedPostgres({ dataDir, log, durable, mayCreate: false, recovery: { logFolder, ...moment } });
  await rm(logFolder, { recursive: true });
  return { connections: { owner: embedded.owner, app: embedded.app }, close: () => embedded.stop() };
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

interface Filling {
  readonly pieces: Pieces;
  readonly chosen: Chosen;
  readonly isAgain: boolean;
  readonly connections: DatabaseConnections;
}

async function fillAndCompare(options: RestoreOptions, { pieces, chosen, isAgain, connections }: Filling): Promise<Restored> {
  const { settings, log, by, print } = options;
  await migrate(connections.owner, options.migrations);
  await migrateQueue(connections.owner, JOB_KINDS);
  // Whatever rows there are: their objects are about to come.
  await prepareStore(settings, { hasInstances: async () => false, warn: print });
  const parts = await openServerParts(
    { settings, secrets: loadSecrets(settings), log, database: databaseOf(connections), poolSize: 4 },
    'worker',
  );
  try {
    const { manifest } = chosen;
    const onProgress = (done: { objects: number; bytes: number }): void =>
      print(`  ${done.objects} objects, ${megabytes(done.bytes)}`);
    const objects = await restoreObjects({ ...options, parts, pieces, isAgain, unhashed: manifest.unhashed, onProgress });
    if (objects.rebuilt > 0) await rebuildMissing({ parts, by });
    const differences = await compare(parts, options, chosen, objects);
    await eraseAgain(options, parts);
    const known = new Set([...manifest.damaged, ...manifest.gone]);
    const lost = objects.missing.filter((id) => !known.has(id));
    if (lost.length > 0)
      differences.push(`${lost.length} objects are in no pack of the backup (${lost.slice(0, 3).join(', ')} …)`);
    if (differences.length > 0 && !options.acceptsDamage) throw new StartError('RESTORE_DIFFERS', differences.join('; '));
    return {
      pointAt: (chosen.at ?? new Date(manifest.pointAt)).toISOString(),
      objects,
      differences,
      knownMissing: objects.missing.length - lost.length,
    };
  } finally {
    await parts.close();
  }
}

/** Who was erased after the backup is erased again, before any server starts on it. */
async function eraseAgain({ target, key, settings, by, print }: RestoreOptions, parts: ServerParts): Promise<void> {
  const entries = await readErasures(target, await unlockRepository(target, key));
  if (entries.length === 0) return;
  await keepEntries(settings.dataDir, entries);
  const rows = { kinds: parts.kinds, byUid: ROWS_BY_UID, byText: ROWS_BY_TEXT };
  const elsewhere = orthancCopies(parts.orthanc);
  const endEmergencies: Parameters<typeof eraseAsked>[0]['endEmergencies'] = (tx, records, actor) =>
    parts.identity.endEmergencies(tx, records, { actor, because: 'ERASED' });
  const asked = { ...parts, by, rows, elsewhere, endEmergencies, dataDir: settings.dataDir, keepBeside: async () => 0 };
  const { patients, held } = await eraseAsked(asked);
  if (patients > 0) print(`${patients} patients who had been erased after this backup are erased again.`);
  if (held > 0) print(`!! ${held} erasures wait: what they erase is under a legal hold in this backup.`);
}

/** Counts and the head of the chain as the backup says they were, the chain link by link; says in the journal what happened. */
async function compare(
  parts: ServerParts,
  { by, at }: RestoreOptions,
  { manifest }: Chosen,
  { missing }: RestoredObjects,
): Promise<string[]> {
  const { db, clock, auditKey, anchorFolder } = parts;
  const differences: string[] = [];
  const { counts, head, known } = await db.reading(scopeOf(by), async (tx) => ({
    counts: await countRecords(tx),
    head: await findHead(tx),
    known: manifest.chain && (await findHashAt(tx, manifest.chain.sequence)),
  }));
  if (at === undefined && manifest.counts.isExact && counts !== undefined)
    for (const name of ['patients', 'studies', 'series', 'instances'] as const)
      if (counts[name] !== manifest.counts[name]) differences.push(`${counts[name]} ${name} instead of ${manifest.counts[name]}`);
  if (at === undefined && known?.hash.toString('hex') !== manifest.chain?.hash)
    differences.push('the chain of the audit is another one, or shorter');
  const cut = await cutAnchors(anchorFolder, head?.sequence ?? 0, clock.now());
  const { id: backupId, pointAt } = manifest;
  await noteRestored(parts, by, {
    backupId,
    pointAt: at?.toISOString() ?? pointAt,
    objects: manifest.objects.count,
    missing: missing.length,
    cutAnchors: cut,
  });
  const sequencer = createSequencer({ db, clock, key: auditKey, anchorFolder });
  while ((await sequencer.step()) > 0);
  const { valid, problem } = await verifyChain({ db, clock, key: auditKey, anchorFolder });
  if (!valid) differences.push(`the chain of the audit does not hold: ${problem ?? 'unknown'}`);
  return differences;
}

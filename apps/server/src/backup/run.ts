import path from 'node:path';
import type { Service } from '../access/index.ts';
import { scopeOf } from '../access/index.ts';
import { countRecords, holdRecords } from '../archive/records/counts.ts';
import { findHead } from '../features/audit/index.ts';
import { type BackupLog, type BackupProgress, openBackupLog, type Point } from '../features/backup/index.ts';
import { findEntries } from '../features/privacy/index.ts';
import { StartError } from '../kernel/start-error.ts';
import {
  type BackupTarget,
  claimTarget,
  installationOf,
  lockTarget,
  openRepository,
  Pieces,
  prune,
  type UnlockedRepository,
} from '../platform/backup/index.ts';
import type { AppliedScripts } from '../platform/db/migrate.ts';
import { sqlStateOf } from '../platform/db/sql-state.ts';
import { postgresMajor } from '../platform/postgres/binaries.ts';
import type { ClusterReader } from '../platform/postgres/cluster-reader.ts';
import type { ServerParts } from '../server-parts.ts';
import { VERSION } from '../version.ts';
import { copyDatabase, copyLog, type DatabaseCopy } from './copy-database.ts';
import { BEFORE_POINT, copyFolders, HELD, HeldFiles } from './copy-files.ts';
import { copyObjects, emptyTally, type ObjectTally } from './copy-objects.ts';
import { putErasures } from './erasures.ts';
import { type Manifest, Manifests, type NamedManifest } from './manifest.ts';
import { requireSealed } from './open-target.ts';
import { keepNewest } from './retention.ts';
import { neverBack } from './told-progress.ts';

export interface BackupOptions {
  readonly parts: ServerParts;
  readonly dataDir: string;
  readonly by: Service;
  readonly target: BackupTarget;
  readonly key: string | undefined;
  /** Nothing is encrypted in S3 unless somebody has said that it is wanted so. */
  readonly isPlainWanted: boolean;
  /** The embedded server's; undefined for a database of DATABASE_URL, which is backed up by its own administrator. */
  readonly reader: ClusterReader | undefined;
  readonly applied: AppliedScripts;
  /** How many backups stay, this one among them; all without it. */
  readonly keep?: number | undefined;
  /** Copies the database's files whole, however short the log is. */
  readonly isWhole?: boolean | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: BackupProgress) => void;
}

export interface BackupResult {
  readonly manifest: Manifest;
  readonly isWhole: boolean;
  readonly progress: BackupProgress;
  /** What all backups of the target take now. */
  readonly keptBytes: number;
  readonly removed: { readonly backups: number; readonly bytes: number };
}

interface Run extends BackupOptions {
  readonly repository: UnlockedRepository;
  readonly pieces: Pieces;
  readonly manifests: Manifests;
  readonly log: BackupLog;
  readonly tally: ObjectTally;
}

const PROGRESS_MS = 3_000;
/** A run that says nothing for longer than two minutes is taken for cut off. */
const BEAT_MS = 30_000;

/**
 * Makes one backup: most objects, the database's files, the moment that counts, its log up to then, and the objects of the meantime. Fails with a
 * StartError; whatever was whole before is untouched, and what is copied is not copied again.
 */
export async function runBackup(options: BackupOptions): Promise<BackupResult> {
  const { target, parts, by, reader } = options;
  requireElsewhere(target, options.dataDir);
  requireSealed(target.address, options);
  const repository = await openRepository(target, options.key);
  await claimTarget(target, await installationOf(options.dataDir));
  const lock = await lockTarget(target);
  const held = new HeldFiles(options.dataDir);
  try {
    const hasDatabase = reader !== undefined;
    const log = await openBackupLog(parts, by, { target: target.address, isEncrypted: repository.isEncrypted, hasDatabase });
    try {
      const pieces = await Pieces.load(target, repository);
      const run: Run = { ...options, repository, pieces, manifests: new Manifests(target, repository), log, tally: emptyTally() };
      const beat = setInterval(() => void log.progress(progressOf(run.tally)).catch(() => undefined), BEAT_MS);
      return await make(run, held, () => lock.require()).finally(() => clearInterval(beat));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL';
      await log.failed(options.signal.aborted ? 'CANCELLED' : code).catch(() => undefined);
      throw error;
    }
  } finally {
    await held.release().catch(() => undefined);
    await lock.release();
  }
}

/** Fails with BACKUP_TARGET: what lies in DATA_DIR goes with it. */
function requireElsewhere({ address }: BackupTarget, dataDir: string): void {
  if (`${address}${path.sep}`.startsWith(`${path.resolve(dataDir)}${path.sep}`))
    throw new StartError(
      'BACKUP_TARGET',
      `${address} lies in DATA_DIR and would be lost with it: choose another disk, or another machine`,
    );
}

async function make(run: Run, held: HeldFiles, requireLock: () => Promise<void>): Promise<BackupResult> {
  const { manifests, pieces, reader, log, dataDir, tally } = run;
  const startedAt = new Date().toISOString();
  const before = await manifests.all();
  const onObject = reporting(run);
  const tools = { ...run.parts, ...run, onObject };
  await copyObjects(tools, tally);
  const copy = reader === undefined ? undefined : await copyDatabase({ ...run, reader }, before.at(-1), run.isWhole === true);
  const anchors = await copyFolders(pieces, dataDir, (top) => BEFORE_POINT.includes(top));
  const marked = await markPoint(run);
  await held.hold();
  const database = copy === undefined || reader === undefined ? undefined : await databasePart(run, { reader, copy, marked });
  const files = [...anchors, ...(await held.copy(pieces)), ...(await copyFolders(pieces, dataDir, isOther))];
  await copyObjects(tools, tally);
  await pieces.flush();
  await requireLock();
  const manifest = manifestOf(run, { startedAt, marked, database, files });
  if (copy?.isNew === true) await manifests.putBase(copy.name, copy.base);
  await manifests.put(manifest);
  // Not of this backup: whichever of them is restored, who was erased is not brought back.
  await putErasures(run.target, run.repository, await run.parts.db.reading(scopeOf(run.by), (tx) => findEntries(tx)));
  if (database !== undefined) await reader?.release(database.nextSegment);
  // What nothing names is removed: of another run it would be what it has just written.
  if (run.keep !== undefined) await requireLock();
  const removed = await tidy(run);
  const keptBytes = (await run.target.list('packs')).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  await log.done(progressOf(tally), keptBytes);
  return { manifest, isWhole: copy?.isNew === true, progress: progressOf(tally), keptBytes, removed };
}

const isOther = (top: string): boolean => !BEFORE_POINT.includes(top) && !HELD.includes(top);

const progressOf = ({ count, copied, copiedBytes, damaged }: ObjectTally): BackupProgress => ({
  ...{ objects: count, copiedObjects: copied, copiedBytes, damaged: damaged.size },
});

/** Tells now and then how far it is. */
function reporting({ log, tally, onProgress }: Run): () => Promise<void> {
  const forward = neverBack();
  let told = performance.now();
  return async () => {
    const progress = forward(progressOf(tally));
    if (performance.now() - told < PROGRESS_MS) return;
    told = performance.now();
    onProgress?.(progress);
    await log.progress(progress);
  };
}

interface Marked {
  readonly point: Point;
  readonly counts: Manifest['counts'];
  readonly chain: Manifest['chain'];
}

const TRIES = 5;
const LOCK_NOT_AVAILABLE = '55P03';

/** The moment of this backup: a transaction of its own, in which everything is counted while nothing can be added. */
async function markPoint(run: Run): Promise<Marked> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await markOnce(run, attempt <= TRIES);
    } catch (error) {
      if (sqlStateOf(error) !== LOCK_NOT_AVAILABLE || attempt > TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200 * attempt));
    }
  }
}

const markOnce = ({ parts, by, log }: Run, isExact: boolean): Promise<Marked> =>
  parts.db.withScope(scopeOf(by), async (tx) => {
    if (isExact) await holdRecords(tx);
    const counts = (await countRecords(tx)) ?? { patients: 0, studies: 0, series: 0, instances: 0 };
    const head = await findHead(tx);
    const point = await log.point(tx);
    const chain = head && { sequence: head.sequence, hash: head.hash.toString('hex') };
    return { point, counts: { ...counts, isExact }, chain };
  });

async function databasePart(
  run: Run,
  { reader, copy, marked }: { readonly reader: ClusterReader; readonly copy: DatabaseCopy; readonly marked: Marked },
): Promise<NonNullable<Manifest['database']>> {
  const nextSegment = await reader.closeSegment();
  const log = await copyLog({ reader, pieces: run.pieces }, copy, nextSegment);
  const { transaction } = marked.point;
  return { base: copy.name, ...reader.identity, postgresMajor, transaction, nextSegment, ...log };
}

function manifestOf(
  { log, applied, tally, pieces }: Run,
  made: { startedAt: string; marked: Marked; database: Manifest['database']; files: Manifest['files'] },
): Manifest {
  const { count, bytes, copied, copiedBytes } = tally;
  return {
    format: 1,
    id: log.id,
    version: VERSION,
    startedAt: made.startedAt,
    pointAt: made.marked.point.at.toISOString(),
    ...(made.database === undefined ? {} : { database: made.database }),
    applied: { migrations: [...applied.migrations], functions: [...applied.functions] },
    files: made.files,
    counts: made.marked.counts,
    ...(made.marked.chain === undefined ? {} : { chain: made.marked.chain }),
    objects: { count, bytes, copied, copiedBytes },
    damaged: [...tally.damaged],
    gone: [...tally.gone].filter((id) => !tally.damaged.has(id)),
    unhashed: Object.fromEntries(tally.unhashed),
    unseen: pieces.unseen().map((hash) => hash.toString('base64')),
  };
}

/** Lets go of the oldest backups, where it was asked for, and of what only they need. */
async function tidy({ target, repository, manifests, keep }: Run): Promise<BackupResult['removed']> {
  if (keep === undefined) return { backups: 0, bytes: 0 };
  const all: NamedManifest[] = await manifests.all();
  const old = all.slice(0, Math.max(0, all.length - keep));
  for (const { name } of old) await target.remove(name);
  const pieces = await Pieces.load(target, repository);
  const isNeeded = await keepNewest({ target, manifests, pieces, kept: all.slice(old.length) });
  const { bytes } = await prune(target, { pieces, key: repository.key, isNeeded });
  return { backups: old.length, bytes };
}

/** Fails with BACKUP_KEEP for what is no number of backups. */
export function readKeep(text: string): number {
  const keep = Number(text);
  if (Number.isInteger(keep) && keep >= 1 && keep <= 10_000) return keep;
  throw new StartError('BACKUP_KEEP', `--keep must be a whole number from 1 to 10000 (it is ${JSON.stringify(text)})`);
}

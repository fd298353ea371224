import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { StartError } from '../kernel/start-error.ts';
import type { Pieces } from '../platform/backup/index.ts';
import { listCluster } from '../platform/postgres/base-copy.ts';
import { postgresMajor } from '../platform/postgres/binaries.ts';
import type { ClusterReader } from '../platform/postgres/cluster-reader.ts';
import { copyFile, PAGES, PLAIN } from './copy-files.ts';
import { BASES, type Base, type DatabasePart, type Manifests, type NamedManifest, type Segment } from './manifest.ts';

/** So many bytes of the log at least are replayed rather than the whole database copied again. */
const LEAST_LOG_BYTES = 2 ** 30;
const BASE_DAYS = 7;

export interface DatabaseCopy {
  readonly name: string;
  readonly base: Base;
  /** What the backup before has of the log, where this one goes on from it. */
  readonly segments: readonly Segment[];
  /** The first segment that is copied by this one. */
  readonly from: number;
  readonly logBytes: number;
  readonly isNew: boolean;
}

interface CopyTools {
  readonly reader: ClusterReader;
  readonly pieces: Pieces;
  readonly manifests: Manifests;
  readonly signal: AbortSignal;
}

/** A whole copy, or the last one with the log since: where the log goes on without a gap and is not longer than the database. */
export async function copyDatabase(tools: CopyTools, last: NamedManifest | undefined, isWhole: boolean): Promise<DatabaseCopy> {
  await tools.reader.keepLog();
  const before = goesOn(tools.reader, last?.database) ? last?.database : undefined;
  if (before !== undefined && !isWhole) {
    const base = await tools.manifests.base(before.base);
    const age = Date.now() - Date.parse(base.startedAt);
    if (before.logBytes < Math.max(LEAST_LOG_BYTES, base.storedBytes) && age < BASE_DAYS * 86_400_000)
      return {
        name: before.base,
        base,
        segments: before.segments,
        from: before.nextSegment,
        logBytes: before.logBytes,
        isNew: false,
      };
  }
  const base = await copyBase(tools);
  // What lies between the backup before and this copy is kept too: a moment in it can be chosen.
  const from = Math.min(before?.nextSegment ?? base.firstSegment, base.firstSegment);
  return { name: `${BASES}/${randomBytes(16).toString('hex')}`, base, segments: [], from, logBytes: 0, isNew: true };
}

function goesOn({ identity, segmentFile }: ClusterReader, before: DatabasePart | undefined): boolean {
  return (
    before !== undefined &&
    before.postgresMajor === postgresMajor &&
    before.systemId === identity.systemId &&
    before.timeline === identity.timeline &&
    segmentFile(before.nextSegment) !== undefined
  );
}

async function copyBase({ reader, pieces, signal }: CopyTools): Promise<Base> {
  const startedAt = new Date().toISOString();
  const firstSegment = await reader.beginBase();
  const { folders, files } = await listCluster(reader.clusterDir);
  const kept: Base['files'] = [];
  let storedBytes = 0;
  for (const name of files) {
    signal.throwIfAborted();
    const copy = await copyFile(pieces, { file: path.join(reader.clusterDir, name), name, ...PAGES });
    // A table that was dropped meanwhile: the log says so too.
    if (copy === undefined) continue;
    const { copied, ...file } = copy;
    storedBytes += copied;
    kept.push(file);
  }
  const label = await reader.endBase();
  const nextSegment = await reader.closeSegment();
  const { systemId, timeline } = reader.identity;
  const times = { startedAt, endedAt: new Date().toISOString() };
  return {
    ...times,
    systemId,
    timeline,
    postgresMajor,
    firstSegment,
    nextSegment,
    label,
    folders: [...folders],
    files: kept,
    storedBytes,
  };
}

/** Copies the segments up to that before `next`. Fails with BACKUP_LOG_LOST when one is not kept any more. */
export async function copyLog(
  { reader, pieces }: Pick<CopyTools, 'reader' | 'pieces'>,
  copy: DatabaseCopy,
  next: number,
): Promise<{ segments: Segment[]; logBytes: number }> {
  const segments = [...copy.segments];
  let { logBytes } = copy;
  for (let number = copy.from; number < next; number += 1) {
    const file = reader.segmentFile(number);
    const kept = file === undefined ? undefined : await copyFile(pieces, { file, name: '', ...PLAIN, deflates: true });
    const [piece] = kept?.pieces ?? [];
    if (kept === undefined || piece === undefined || kept.pieces.length !== 1)
      throw new StartError('BACKUP_LOG_LOST', `segment ${number} of the database's log is gone before it was copied: try again`);
    segments.push({ number, piece });
    logBytes += kept.copied;
  }
  return { segments, logBytes };
}

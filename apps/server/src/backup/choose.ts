import { StartError } from '../kernel/start-error.ts';
import { requireKnown } from '../platform/db/migrate.ts';
import { postgresMajor } from '../platform/postgres/binaries.ts';
import { segmentName } from '../platform/postgres/log-segments.ts';
import type { Base, DatabasePart, Manifests, NamedManifest, Segment } from './manifest.ts';

/** What is restored: a backup as it was made, or a moment between two. */
export interface Chosen {
  /** The backup whose files and lists count. */
  readonly manifest: NamedManifest;
  /** Undefined for the backup's own moment. */
  readonly at: Date | undefined;
  readonly database: ChosenDatabase | undefined;
}

export interface ChosenDatabase extends Pick<DatabasePart, 'timeline' | 'transaction'> {
  readonly base: Base;
  /** From the base's first to the last that is needed, without a gap. */
  readonly segments: readonly Segment[];
}

const refuse = (code: string, message: string, cause?: unknown): StartError => new StartError(code, message, cause);

/**
 * The newest backup, the one of a name (or its beginning), or what is needed for a moment. Fails with BACKUP_NONE, BACKUP_UNKNOWN, BACKUP_NOT_THEN (a moment that no backup
 * reaches), BACKUP_NEWER (of a newer version), BACKUP_POSTGRES (of another PostgreSQL).
 */
export async function chooseBackup(
  manifests: Manifests,
  { name, at }: { readonly name?: string | undefined; readonly at?: Date | undefined },
): Promise<Chosen> {
  const { found: all, damaged } = await manifests.readable();
  const [last] = damaged.filter((one) => one > (all.at(-1)?.name ?? '')).reverse();
  // Nobody gets an older one than they think.
  if (last !== undefined && name === undefined && at === undefined)
    throw refuse(
      'BACKUP_DAMAGED',
      `the newest backup, ${last}, can't be read: choose another one by --backup or --at (--list names them)`,
    );
  if (all.length === 0) throw refuse('BACKUP_NONE', 'there is no whole backup: none was made, or the first was cut off');
  const manifest = at === undefined ? named(all, name) : reaching(all, at);
  await requireOurs(manifest);
  const { database } = manifest;
  if (database === undefined) {
    if (at !== undefined) throw refuse('BACKUP_NOT_THEN', 'this backup has no database, so that no moment can be chosen in it');
    return { manifest, at, database: undefined };
  }
  const base = at === undefined ? await manifests.base(database.base) : await baseBefore(manifests, all, { manifest, at });
  const segments = withoutGap(all, { base, last: database.nextSegment - 1, timeline: database.timeline });
  return { manifest, at, database: { base, segments, timeline: database.timeline, transaction: database.transaction } };
}

function named(all: readonly NamedManifest[], name: string | undefined): NamedManifest {
  const found = name === undefined ? all.at(-1) : all.find((one) => one.id.startsWith(name) || one.name.endsWith(name));
  if (found !== undefined) return found;
  throw refuse('BACKUP_UNKNOWN', `there is no backup ${name}: "npm run restore -- --list" names them`);
}

function reaching(all: readonly NamedManifest[], at: Date): NamedManifest {
  const [first] = all;
  const found = all.find(({ pointAt }) => Date.parse(pointAt) >= at.getTime());
  if (found !== undefined && first !== undefined && Date.parse(first.pointAt) <= at.getTime()) return found;
  throw refuse(
    'BACKUP_NOT_THEN',
    `no backup reaches ${at.toISOString()}: choose from ${first?.pointAt} to ${all.at(-1)?.pointAt}`,
  );
}

/** The youngest copy of the database's files that was whole at that moment. */
async function baseBefore(
  manifests: Manifests,
  all: readonly NamedManifest[],
  { manifest, at }: { readonly manifest: NamedManifest; readonly at: Date },
): Promise<Base> {
  const names = all.slice(0, all.indexOf(manifest) + 1).flatMap(({ database }) => database?.base ?? []);
  for (const name of [...new Set(names)].reverse()) {
    const base = await manifests.base(name);
    if (
      Date.parse(base.endedAt) <= at.getTime() &&
      base.timeline === manifest.database?.timeline &&
      base.systemId === manifest.database.systemId
    )
      return base;
  }
  throw refuse('BACKUP_NOT_THEN', `no copy of the database is old enough for ${at.toISOString()}: choose a later moment`);
}

function withoutGap(
  all: readonly NamedManifest[],
  { base, last, timeline }: { readonly base: Base; readonly last: number; readonly timeline: number },
): Segment[] {
  const known = new Map<number, Segment>();
  for (const { database } of all)
    if (database?.timeline === timeline && database.systemId === base.systemId)
      for (const segment of database.segments) known.set(segment.number, segment);
  const segments: Segment[] = [];
  for (let number = base.firstSegment; number <= last; number += 1) {
    const segment = known.get(number);
    if (segment === undefined)
      throw refuse(
        'BACKUP_NOT_THEN',
        `the database's log has a gap at ${segmentName(timeline, number)}: choose a backup, or a later moment`,
      );
    segments.push(segment);
  }
  return segments;
}

async function requireOurs({ applied, version, database }: NamedManifest): Promise<void> {
  try {
    await requireKnown(applied);
  } catch (cause) {
    const code = cause instanceof StartError && cause.code === 'DATABASE_NEWER' ? 'BACKUP_NEWER' : 'BACKUP_FOREIGN';
    throw refuse(
      code,
      `this backup was made by Negatoscope ${version}, whose database this version doesn't know: restore it with that version`,
      cause,
    );
  }
  if (database !== undefined && database.postgresMajor !== postgresMajor)
    throw refuse(
      'BACKUP_POSTGRES',
      `this backup is of a PostgreSQL ${database.postgresMajor}, this Negatoscope has ${postgresMajor}: restore it with the version ${version}`,
    );
}

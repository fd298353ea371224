import { StartError } from '../../kernel/start-error.ts';

/** A file of the migrations folder. */
export interface Script {
  /** `0103-rows-that-hang.sql`, `functions/lists.sql`. */
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/** A file that a database was brought to this state by. */
export interface AppliedScript {
  readonly name: string;
  readonly sha256: string;
}

export interface AppliedFunctions extends AppliedScript {
  readonly revision: number;
}

const refuse = (code: string, message: string): StartError => new StartError(code, message);
const newer = (what: string): StartError =>
  refuse(
    'DATABASE_NEWER',
    `this database was made by a newer version of Negatoscope (${what}): start that version, or restore a backup from before`,
  );

const numberOf = (name: string): string => name.slice(0, 4);

/**
 * The versioned migrations that a database lacks, in order. Fails with DATABASE_NEWER when it has one that this version doesn't know, MIGRATION_CHANGED when
 * one is not what it was, and MIGRATION_ORDER for one that comes before what was applied: it would run in another state than the one it was written for.
 */
export function pendingMigrations(files: readonly Script[], applied: readonly AppliedScript[]): Script[] {
  const numbers = files.map(({ name }) => numberOf(name));
  const twice = numbers.find((number, index) => numbers.indexOf(number) !== index);
  if (twice !== undefined) throw refuse('MIGRATION_ORDER', `two migrations have the number ${twice}`);
  const known = new Map(files.map((file) => [file.name, file]));
  for (const { name, sha256 } of applied) {
    const file = known.get(name);
    if (file === undefined) throw newer(name);
    if (file.sha256 !== sha256)
      throw refuse('MIGRATION_CHANGED', `migration ${name} differs from the one that this database was made with`);
  }
  const done = new Set(applied.map(({ name }) => name));
  const latest = [...done].sort().at(-1);
  const pending = [...files].sort((a, b) => (a.name < b.name ? -1 : 1)).filter(({ name }) => !done.has(name));
  const late = pending.find(({ name }) => latest !== undefined && numberOf(name) < numberOf(latest));
  if (late !== undefined)
    throw refuse('MIGRATION_ORDER', `migration ${late.name} is older than ${latest}, which this database has already`);
  return pending;
}

const REVISION = /^-- revision: (\d+)\n/;

/** The number in a file's first line, which grows with every change. */
export function revisionOf({ name, sql }: Pick<Script, 'name' | 'sql'>): number {
  const revision = REVISION.exec(sql)?.[1];
  if (revision === undefined) throw refuse('MIGRATION_CHANGED', `${name} begins with no "-- revision: N"`);
  return Number(revision);
}

/**
 * The files of functions that are not yet in the database as they are here. Fails with DATABASE_NEWER when it has a later revision or a file that this
 * version doesn't know, and MIGRATION_CHANGED for another text of the same revision: by the number alone an older version knows that it is older.
 */
export function pendingFunctions(files: readonly Script[], applied: readonly AppliedFunctions[]): Script[] {
  const known = new Set(files.map(({ name }) => name));
  const unknown = applied.find(({ name }) => !known.has(name));
  if (unknown !== undefined) throw newer(unknown.name);
  const before = new Map(applied.map((one) => [one.name, one]));
  return files.filter((file) => {
    const last = before.get(file.name);
    const revision = revisionOf(file);
    if (last === undefined) return true;
    if (last.revision > revision) throw newer(`revision ${last.revision} of ${file.name}`);
    if (last.sha256 === file.sha256) return false;
    if (last.revision === revision)
      throw refuse('MIGRATION_CHANGED', `${file.name} has changed and its revision is ${revision} as before`);
    return true;
  });
}

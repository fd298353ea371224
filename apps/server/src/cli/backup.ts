import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { service } from '../access/index.ts';
import { type BackupResult, Manifests, openTarget, readerOf, readKeep, readKeyFile, runBackup } from '../backup/index.ts';
import { openServerParts } from '../compose.ts';
import { StartError } from '../kernel/start-error.ts';
import { newKey, unlockRepository } from '../platform/backup/index.ts';
import { readApplied } from '../platform/db/migrate.ts';
import { databaseOf, type Runtime } from '../supervisor/runtime.ts';
import type { Command, CommandContext } from './command.ts';

const OPTIONS = {
  to: { type: 'string' },
  'key-file': { type: 'string' },
  keep: { type: 'string' },
  whole: { type: 'boolean' },
  list: { type: 'boolean' },
  'without-database': { type: 'boolean' },
} as const;

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
type Parsed = ReturnType<typeof parse>['values'];

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** A backup of the server, whether it runs or not; the first is whole, later ones have what is new. */
export const backup: Command = {
  usage: 'backup [--to PLACE] [--key-file FILE]',
  summary: 'backs everything up; --keep N, --whole, --list, --without-database; "new-key FILE" makes a key',
  async run(args, context) {
    const parsed = parsedOr2(args);
    if (parsed === undefined) return 2;
    const [action, file, ...rest] = parsed.positionals;
    if (action === 'new-key' && file !== undefined && rest.length === 0) return makeKey(file, context);
    if (action !== undefined) return 2;
    return parsed.values.list === true ? list(parsed.values, context) : make(parsed.values, context);
  },
};

function parsedOr2(args: readonly string[]): ReturnType<typeof parse> | undefined {
  try {
    return parse(args);
  } catch {
    return undefined;
  }
}

function makeKey(file: string, { print }: CommandContext): number {
  try {
    writeFileSync(file, `${newKey()}\n`, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw new StartError('BACKUP_KEY_FILE', `${file} can't be made: choose a new file in a folder that you may write to`, cause);
  }
  print(`${file} is the key. Without it nothing of the backup can be read: keep a copy elsewhere, never beside the backup.`);
  return 0;
}

async function list({ to, 'key-file': keyFile }: Parsed, { settings, print }: CommandContext): Promise<number> {
  const target = await openTarget(to ?? settings.backup.to, settings.backup.s3);
  const repository = await unlockRepository(target, readKeyFile(keyFile ?? settings.backup.keyFile));
  for (const one of await new Manifests(target, repository).all())
    print(
      `${one.pointAt}  ${one.id}  Negatoscope ${one.version}, ${one.counts.instances} instances${one.database === undefined ? ', no database' : ''}`,
    );
  return 0;
}

async function make(values: Parsed, context: CommandContext): Promise<number> {
  const { settings, print, withRuntime } = context;
  const target = await openTarget(values.to ?? settings.backup.to, settings.backup.s3);
  const key = readKeyFile(values['key-file'] ?? settings.backup.keyFile);
  const keep = values.keep === undefined ? settings.backup.keep : readKeep(values.keep);
  if (settings.databaseUrl !== undefined && values['without-database'] !== true)
    throw new StartError(
      'DATABASE_OUTSIDE',
      'the database of DATABASE_URL is backed up by its own tools (pg_basebackup, pgBackRest): do that first, then run this with --without-database',
    );
  if (key === undefined) print('No key is given: whoever can read the backup can read the patients in it.');
  // Whoever looks at images goes first.
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
  return withRuntime(async (runtime) => {
    const result = await backUp(context, runtime, {
      target,
      key,
      isPlainWanted: settings.backup.isPlainWanted,
      keep,
      isWhole: values.whole,
    });
    for (const line of told(result)) print(line);
    return result.progress.damaged > 0 ? 1 : 0;
  });
}

async function backUp(
  { log, print }: CommandContext,
  { settings, secrets, databases }: Runtime,
  given: Pick<Parameters<typeof runBackup>[0], 'target' | 'key' | 'isPlainWanted' | 'keep' | 'isWhole'>,
): Promise<BackupResult> {
  const reader = settings.databaseUrl === undefined ? await readerOf(settings.dataDir) : undefined;
  const parts = await openServerParts({ settings, secrets, log, database: databaseOf(databases), poolSize: 6 }, 'worker');
  const control = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => control.abort(new StartError('CANCELLED', 'cancelled')));
  try {
    return await runBackup({
      ...{ ...given, parts, reader, dataDir: settings.dataDir, signal: control.signal },
      by: service('backup', ['system.manage']),
      applied: await readApplied(databases.owner),
      onProgress: ({ objects, copiedObjects, copiedBytes }) =>
        print(`  ${objects} objects looked at, ${copiedObjects} copied, ${megabytes(copiedBytes)}`),
    });
  } finally {
    await parts.close();
    await reader?.close();
  }
}

function told({ manifest, isWhole, progress, keptBytes, removed }: BackupResult): string[] {
  const lines = [
    `Backed up ${manifest.id}: everything until ${manifest.pointAt}.`,
    `  ${manifest.counts.instances} instances, ${progress.objects} objects, ${progress.copiedObjects} of them new (${megabytes(progress.copiedBytes)})`,
  ];
  if (manifest.database !== undefined) lines.push(`  the database ${isWhole ? 'whole' : 'by its log since the last whole copy'}`);
  lines.push(`  all backups there take ${megabytes(keptBytes)}`);
  if (removed.backups > 0) lines.push(`  ${removed.backups} older backups are gone, ${megabytes(removed.bytes)} with them`);
  if (progress.damaged > 0)
    lines.push(`  ${progress.damaged} objects are damaged on this server and are not in this backup: see the system page`);
  return lines;
}

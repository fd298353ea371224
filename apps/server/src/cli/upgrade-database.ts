import { parseArgs } from 'node:util';
import { StartError } from '../kernel/start-error.ts';
import { upgradeDatabase as run } from '../upgrade/index.ts';
import type { Command } from './command.ts';

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options: { 'old-binaries': { type: 'string' } } });

/** Brings the embedded database from an earlier PostgreSQL to this one's. The server stands meanwhile. */
export const upgradeDatabase: Command = {
  usage: 'upgrade-database [--old-binaries FOLDER]',
  summary: 'copies the database of an earlier PostgreSQL into one of this version, compared; the old one is kept',
  async run(args, { settings, log, print }) {
    let folder: string | undefined;
    try {
      folder = parse(args).values['old-binaries'];
    } catch {
      return 2;
    }
    if (settings.databaseUrl !== undefined)
      throw new StartError('DATABASE_OUTSIDE', 'the database of DATABASE_URL is upgraded by its own tools (pg_upgrade, pg_dump)');
    const started = performance.now();
    const { from, to, tables, rows, kept } = await run({ dataDir: settings.dataDir, oldBinaries: folder, log, print });
    const seconds = Math.round((performance.now() - started) / 1000);
    print(
      `Upgraded from PostgreSQL ${from} to ${to}: ${tables} tables, ${rows} rows, each table the same by count and hash, in ${seconds} s.`,
    );
    print(
      `The old database is kept in ${kept}. Start the server with "npm start", look at it, make a backup, then remove that folder.`,
    );
    return 0;
  },
};

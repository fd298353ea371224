import { admin } from './cli/admin.ts';
import { backup } from './cli/backup.ts';
import type { Command, CommandContext } from './cli/command.ts';
import { demo } from './cli/demo.ts';
import { doctor } from './cli/doctor.ts';
import { moveObjects } from './cli/move-objects.ts';
import { restore } from './cli/restore.ts';
import { upgradeDatabase } from './cli/upgrade-database.ts';
import { worker } from './cli/worker.ts';
import { prepareDataDir } from './config/preflight.ts';
import { takeSettings } from './config/read.ts';
import { loadSecrets } from './config/secrets.ts';
import { validateSettings } from './config/settings.ts';
import { JOB_KINDS } from './job-kinds.ts';
import { StartError } from './kernel/start-error.ts';
import { migrate } from './platform/db/migrate.ts';
import { createLog } from './platform/log/log.ts';
import { migrateQueue } from './platform/queue/queue.ts';
import { borrowDatabases } from './supervisor/databases.ts';

/** Everything that can be asked on the command line, by its first word. */
const commands: Readonly<Record<string, Command>> = {
  ...{ doctor, admin, backup, restore, demo, worker },
  'move-objects': moveObjects,
  'upgrade-database': upgradeDatabase,
};

function createContext(): CommandContext {
  const settings = validateSettings(takeSettings(process.env));
  const log = createLog(process.env.LOG_LEVEL === undefined ? 'warn' : settings.logLevel, 'command');
  const secrets = () => {
    prepareDataDir(settings.dataDir);
    return loadSecrets(settings);
  };
  return {
    settings,
    log,
    print: (line) => console.log(line),
    secrets,
    async withRuntime(work) {
      const given = secrets();
      const databases = await borrowDatabases(settings, log);
      try {
        await migrate(databases.connections.owner);
        await migrateQueue(databases.connections.owner, JOB_KINDS);
        return await work({ settings, secrets: given, databases: databases.connections });
      } finally {
        await databases.close();
      }
    },
  };
}

function printUsage(): void {
  console.error('Commands:');
  for (const { usage, summary } of Object.values(commands)) console.error(`  ${usage.padEnd(34)} ${summary}`);
}

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
try {
  const code = command === undefined ? 2 : await command.run(args, createContext());
  if (code === 2) printUsage();
  process.exit(code);
} catch (error) {
  console.error(error instanceof StartError ? `${error.message} [${error.code}]` : error);
  process.exit(1);
}

import { type Person, service } from '../access/index.ts';
import { hasAnyPatient } from '../archive/records/patients.ts';
import { openServerParts } from '../compose.ts';
import { DEMO_PERMISSIONS, loadDemo } from '../demo/index.ts';
import { LOAD_DEMO } from '../job-kinds.ts';
import { StartError } from '../kernel/start-error.ts';
import type { ServerParts } from '../server-parts.ts';
import { ensureFirstAdmin } from '../supervisor/ensure-first-admin.ts';
import { makeFirstAdmin } from '../supervisor/first-run.ts';
import type { Runtime } from '../supervisor/runtime.ts';
import type { Command } from './command.ts';

async function requireEmpty(parts: ServerParts): Promise<void> {
  if (await parts.db.withSystem(hasAnyPatient))
    throw new StartError('NOT_EMPTY', 'this server has patients already: the demonstration set is for an empty one');
}

async function oldestAdministrator(parts: ServerParts): Promise<Person> {
  const id = await parts.identity.oldestAdministrator();
  const person = id === undefined ? undefined : await parts.identity.personOf(id);
  if (person === undefined)
    throw new StartError('NO_ADMINISTRATOR', 'no active administrator: run "npm run admin -- reset-password <email>"');
  return person;
}

/** The same studies that the button on an empty dashboard loads, through the same pipeline, whether the server runs or not. */
export const demo: Command = {
  usage: 'demo',
  summary: 'fills an empty server with generated demonstration studies',
  async run(args, { log, print, withRuntime }) {
    if (args.length > 0) return 2;
    await withRuntime(async (runtime: Runtime) => {
      const { settings, secrets, databases } = runtime;
      for (const line of await makeFirstAdmin(runtime, ensureFirstAdmin)) print(line);
      const { app: connection, assumeRole } = databases;
      const database = { connection, ...(assumeRole === undefined ? {} : { assumeRole }) };
      const parts = await openServerParts({ settings, secrets, log, database, poolSize: 4 }, 'web');
      try {
        await requireEmpty(parts);
        const administrator = await oldestAdministrator(parts);
        print('Making and storing the demonstration studies: this takes some ten seconds …');
        const importId = await parts.ingest.openImport(administrator, { entrance: 'DEMO' });
        const stored = await loadDemo(parts, { by: service(LOAD_DEMO.name, DEMO_PERMISSIONS), importId });
        print(`${stored} images of the demonstration set are in. Start the server with "npm start" if it is not running.`);
      } finally {
        await parts.close();
      }
    });
    return 0;
  },
};

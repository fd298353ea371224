import { parseArgs } from 'node:util';
import { service } from '../access/index.ts';
import { Manifests, openTarget, readKeyFile, restore as run } from '../backup/index.ts';
import { StartError } from '../kernel/start-error.ts';
import { unlockRepository } from '../platform/backup/index.ts';
import type { Command } from './command.ts';

const OPTIONS = {
  from: { type: 'string' },
  'key-file': { type: 'string' },
  at: { type: 'string' },
  backup: { type: 'string' },
  list: { type: 'boolean' },
  'accept-damage': { type: 'boolean' },
} as const;

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options: OPTIONS });

function readMoment(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(at.getTime())) return at;
  throw new StartError(
    'BACKUP_MOMENT',
    `--at must be a moment with its zone, such as 2026-11-27T10:00:00Z (it is ${JSON.stringify(text)})`,
  );
}

/** Makes an empty DATA_DIR from a backup. The server is started after it. */
export const restore: Command = {
  usage: 'restore --from PLACE [--key-file FILE]',
  summary: 'fills an empty DATA_DIR from a backup; --at MOMENT or --backup ID, --list, --accept-damage',
  async run(args, { settings, log, print }) {
    let values: ReturnType<typeof parse>['values'];
    try {
      ({ values } = parse(args));
    } catch {
      return 2;
    }
    const target = await openTarget(values.from ?? settings.backup.to, settings.backup.s3);
    const key = readKeyFile(values['key-file'] ?? settings.backup.keyFile);
    if (values.list === true) {
      const { found, damaged } = await new Manifests(target, await unlockRepository(target, key)).readable();
      for (const one of found) print(`${one.pointAt}  ${one.id}`);
      for (const one of damaged) print(`!! ${one} can't be read`);
      return 0;
    }
    const started = performance.now();
    const { objects, differences, knownMissing, pointAt } = await run({
      ...{ settings, target, key, log, print, at: readMoment(values.at), name: values.backup },
      acceptsDamage: values['accept-damage'] === true,
      by: service('restore', ['system.manage', 'trash.purge']),
    });
    const seconds = (performance.now() - started) / 1000;
    print(
      `Restored ${settings.dataDir} as it was at ${pointAt}: ${objects.objects} objects, ${(objects.bytes / 1e9).toFixed(2)} GB, in ${Math.round(seconds)} s.`,
    );
    if (knownMissing > 0)
      print(`${knownMissing} objects were damaged or gone when the backup was made: the system page lists them.`);
    for (const difference of differences) print(`!! ${difference}`);
    if (differences.length === 0)
      print('Counts, hashes and the chain of the audit are as they were. Start the server with "npm start".');
    return differences.length === 0 ? 0 : 1;
  },
};

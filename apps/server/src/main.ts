import { takeSettings } from './config/read.ts';
import { validateSettings } from './config/settings.ts';
import { StartError } from './kernel/start-error.ts';
import { createLog } from './platform/log/log.ts';
import { ensureFirstAdmin } from './supervisor/ensure-first-admin.ts';
import { supervise } from './supervisor/supervisor.ts';

const control = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => control.abort(name));

try {
  const settings = validateSettings(takeSettings(process.env));
  await supervise({
    settings,
    entries: {
      web: new URL('./web-process.js', import.meta.url),
      jobs: new URL('./worker.js', import.meta.url),
      dimse: new URL('./dimse-process.js', import.meta.url),
    },
    ensureFirstAdmin,
    log: createLog(settings.logLevel, 'supervisor'),
    print: (line) => console.log(line),
    control,
  });
  process.exit(0);
} catch (error) {
  console.error(error instanceof StartError ? `Negatoscope can't start: ${error.message}` : error);
  process.exit(1);
}

import { openServerParts } from './compose.ts';
import { startJobs } from './jobs.ts';
import { createLog } from './platform/log/log.ts';
import { runAsChild } from './supervisor/child.ts';
import { databaseOf, receiveRuntime } from './supervisor/runtime.ts';

runAsChild(async () => {
  const { settings, secrets, databases } = await receiveRuntime();
  const log = createLog(settings.logLevel, 'jobs');
  const database = databaseOf(databases);
  const parts = await openServerParts({ settings, secrets, log, database, poolSize: 6 }, 'worker');
  const jobs = await startJobs(parts, log);
  return async () => {
    await jobs.stop();
    await parts.close();
  };
});

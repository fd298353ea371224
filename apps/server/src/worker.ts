import { openServerParts } from './compose.ts';
import { startJobs } from './jobs.ts';
import { createLog } from './platform/log/log.ts';
import { runAsChild } from './supervisor/child.ts';
import { databaseOf, receiveRuntime } from './supervisor/runtime.ts';

runAsChild(async () => {
  const { settings, secrets, databases } = await receiveRuntime();
  const log = createLog(settings.logLevel, 'jobs');
  const database = databaseOf(databases);
  // Whoever follows an Orthanc, and whoever sends to it, holds a connection while it does.
  const poolSize = settings.orthanc === undefined ? 6 : 12;
  const parts = await openServerParts({ settings, secrets, log, database, poolSize }, 'worker');
  const jobs = await startJobs(parts, log);
  return async () => {
    await jobs.stop();
    await parts.close();
  };
});

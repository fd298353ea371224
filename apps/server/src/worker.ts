import { openServerParts } from './compose.ts';
import { installationFigures } from './installation-figures.ts';
import { startJobs } from './jobs.ts';
import { createLog } from './platform/log/log.ts';
import { createMetrics } from './platform/metrics/index.ts';
import { openTraces } from './platform/traces/index.ts';
import { runAsChild, tellMetrics } from './supervisor/child.ts';
import { databaseOf, receiveRuntime } from './supervisor/runtime.ts';
import { VERSION } from './version.ts';

runAsChild(async () => {
  const { settings, secrets, databases } = await receiveRuntime();
  const log = createLog(settings.logLevel, 'jobs');
  const database = databaseOf(databases);
  // Whoever follows an Orthanc, and whoever sends to it, holds a connection while it does.
  const poolSize = settings.orthanc === undefined ? 6 : 12;
  const traces = await openTraces(settings.tracesTo, 'jobs', VERSION);
  const metrics = settings.metrics && createMetrics();
  const parts = await openServerParts({ settings, secrets, log, database, poolSize, metrics }, 'worker');
  const jobs = await startJobs(parts, log);
  metrics?.figures(() => installationFigures(parts));
  if (metrics !== undefined) tellMetrics(metrics.text);
  return async () => {
    await jobs.stop();
    await parts.close();
    await traces.close();
  };
});

import { openServerParts } from './compose.ts';
import { dimseArchive } from './dimse-archive.ts';
import { certifying } from './dimse-commitment.ts';
import { dimseKeeper } from './dimse-ingest.ts';
import { dimseSearch } from './dimse-search.ts';
import { dimseSteps } from './dimse-steps.ts';
import { dimseWorklist } from './dimse-worklist.ts';
import { listenForDicom } from './features/dimse/index.ts';
import { createLog } from './platform/log/log.ts';
import { createMetrics } from './platform/metrics/index.ts';
import { openTraces } from './platform/traces/index.ts';
import { runAsChild, tellMetrics } from './supervisor/child.ts';
import { databaseOf, receiveRuntime } from './supervisor/runtime.ts';
import { VERSION } from './version.ts';

/** Less than the supervisor waits: what is being kept is answered, then the process ends by itself. */
const DRAIN_MS = 8_000;

runAsChild(async () => {
  const { settings, secrets, databases } = await receiveRuntime();
  const log = createLog(settings.logLevel, 'dimse');
  const database = databaseOf(databases);
  const traces = await openTraces(settings.tracesTo, 'dimse', VERSION);
  const metrics = settings.metrics && createMetrics();
  const parts = await openServerParts({ settings, secrets, log, database, poolSize: 8, metrics }, 'web');
  const archive = dimseArchive(parts.db, parts);
  const listener = listenForDicom(
    {
      ...{
        db: parts.db,
        audit: parts.audit,
        clock: parts.clock,
        changes: parts.state.changes,
        log,
        search: dimseSearch(parts.db),
        worklist: dimseWorklist(parts.db),
        certify: certifying(parts.db, parts.objects),
        archive,
        watch: metrics,
      },
      openKeeper: (by, groupId) => dimseKeeper(parts.ingest, by, groupId),
      openSteps: (by, node) => dimseSteps(parts, by, node),
    },
    { ...settings.dicom, port: settings.dicom.port === 0 ? undefined : settings.dicom.port },
  );
  metrics?.dimseConnections(listener.counts);
  if (metrics !== undefined) tellMetrics(metrics.text);
  return async () => {
    await listener.close(DRAIN_MS);
    await archive.close();
    await parts.close();
    await traces.close();
  };
});

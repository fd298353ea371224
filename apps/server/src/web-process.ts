import { rmSync } from 'node:fs';
import { composeWeb } from './compose.ts';
import { createLog } from './platform/log/log.ts';
import { createMetrics } from './platform/metrics/index.ts';
import { openTraces } from './platform/traces/index.ts';
import { runAsChild, takeConnections, tellMetrics } from './supervisor/child.ts';
import { serveHanded } from './supervisor/handed-connection.ts';
import { databaseOf, receiveRuntime, type WebRuntime } from './supervisor/runtime.ts';
import { VERSION } from './version.ts';

runAsChild(async () => {
  const { settings, secrets, databases, privateSocket } = await receiveRuntime<WebRuntime>();
  const traces = await openTraces(settings.tracesTo, 'web', VERSION);
  const metrics = settings.metrics && createMetrics();
  const server = await composeWeb({
    metrics,
    settings,
    secrets,
    log: createLog(settings.logLevel, 'web'),
    database: databaseOf(databases),
  });
  const { app } = server;
  // A process that was killed leaves its socket behind.
  if (process.platform !== 'win32') rmSync(privateSocket, { force: true });
  await app.listen({ path: privateSocket });
  if (metrics !== undefined) tellMetrics(metrics.text);
  takeConnections((socket) => serveHanded(app.server, socket));
  return async () => {
    await server.close();
    await traces.close();
  };
});

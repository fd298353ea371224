import { rmSync } from 'node:fs';
import { composeWeb } from './compose.ts';
import { createLog } from './platform/log/log.ts';
import { runAsChild, takeConnections } from './supervisor/child.ts';
import { databaseOf, receiveRuntime, type WebRuntime } from './supervisor/runtime.ts';

runAsChild(async () => {
  const { settings, secrets, databases, privateSocket } = await receiveRuntime<WebRuntime>();
  const server = await composeWeb({
    settings,
    secrets,
    log: createLog(settings.logLevel, 'web'),
    database: databaseOf(databases),
  });
  const { app } = server;
  // A process that was killed leaves its socket behind.
  if (process.platform !== 'win32') rmSync(privateSocket, { force: true });
  await app.listen({ path: privateSocket });
  takeConnections((socket) => app.server.emit('connection', socket));
  return () => server.close();
});

import { composeWeb } from './compose.ts';
import { StartError } from './config/start-error.ts';
import { createLog } from './platform/log/log.ts';
import { runAsChild } from './supervisor/child.ts';
import { receiveRuntime } from './supervisor/runtime.ts';

runAsChild(async () => {
  const { settings, secrets, databases } = receiveRuntime();
  const server = await composeWeb({
    settings,
    secrets,
    log: createLog(settings.logLevel, 'web'),
    database: {
      connection: databases.app,
      ...(databases.assumeRole === undefined ? {} : { assumeRole: databases.assumeRole }),
    },
  });
  try {
    await server.app.listen({ host: settings.host, port: settings.port });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && (cause.code === 'EADDRINUSE' || cause.code === 'EACCES'))) throw cause;
    throw new StartError('PORT_UNAVAILABLE', `PORT ${settings.port} can't be listened on (${cause.code}): choose another`, cause);
  }
  return () => server.close();
});

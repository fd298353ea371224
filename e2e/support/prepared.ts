import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { copyPrepared, type Served, startServer } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A DATA_DIR as the first start leaves it, to be copied. */
    preparedData: string;
    /** One server for each worker, which its files share that don't mind what others have stored. */
    sharedServers: readonly Served[];
  }
}

/** Vitest's global setup of the browser tests: one first start for all of them, and the servers that files share; both take seconds of a core. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-prepared-'));
  const first = await startServer({}, folder);
  await first.stop();
  const workers = Array.from({ length: Number(project.vitest.config.maxWorkers) }, () => copyPrepared(folder));
  const servers = await Promise.all(workers.map((copy) => startServer({}, copy)));
  project.provide('preparedData', folder);
  project.provide(
    'sharedServers',
    servers.map(({ baseUrl, email, password }) => ({ baseUrl, email, password })),
  );
  return async () => {
    await Promise.all(servers.map((server) => server.stop()));
    for (const used of [folder, ...workers]) rmSync(used, { recursive: true, force: true });
  };
}

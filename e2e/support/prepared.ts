import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startServer } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A DATA_DIR as the first start leaves it, to be copied. */
    preparedData: string;
  }
}

/** Vitest's global setup of the browser tests: one first start for all of them, which takes seconds of a core. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-prepared-'));
  const server = await startServer({}, folder);
  await server.stop();
  project.provide('preparedData', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startEmbeddedPostgres } from '../platform/postgres/embedded.ts';
import { keepDatabase } from './database-keeper.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-keeper-')); // mode 0700
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

test('a database whose folder vanished while the server runs is told as gone, and no empty one takes its place', async () => {
  const dataDir = path.join(parent, 'data');
  const errors: string[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: (message: string) => void errors.push(message) };
  const embedded = await startEmbeddedPostgres({ dataDir, log });
  const ending = new AbortController();
  const connections = { owner: embedded.owner, app: embedded.app };
  const end = keepDatabase({ connections, embedded, close: () => embedded.stop() }, { dataDir, log, signal: ending.signal });
  process.kill(embedded.pid, 'SIGQUIT');
  rmSync(path.join(dataDir, 'postgres'), { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  await expect.poll(() => errors, { timeout: 60_000 }).toContainEqual(expect.stringContaining('is gone'));
  expect(existsSync(path.join(dataDir, 'postgres', '18'))).toBe(false);
  ending.abort();
  await end();
});

import { setTimeout as sleep } from 'node:timers/promises';
import type { ImportReport } from '@negatoscope/contract';

const EVERY_MS = 500;
const ALIVE_EVERY_MS = 15_000;

/**
 * An import's progress as server-sent events: `progress` with the report without its files whenever it changes, `done` with the last.
 * It is read from the database, because another process may be the one that imports.
 */
export async function* importProgress(read: () => Promise<ImportReport>): AsyncGenerator<string> {
  let last = '';
  let saidAt = Date.now();
  for (;;) {
    const report = await read();
    const data = JSON.stringify(report);
    if (data !== last) {
      last = data;
      saidAt = Date.now();
      yield `event: ${report.status === 'RUNNING' ? 'progress' : 'done'}\ndata: ${data}\n\n`;
    } else if (Date.now() - saidAt > ALIVE_EVERY_MS) {
      saidAt = Date.now();
      yield ': alive\n\n';
    }
    if (report.status !== 'RUNNING') return;
    await sleep(EVERY_MS);
  }
}

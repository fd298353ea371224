import { setTimeout as sleep } from 'node:timers/promises';
import { chestXray } from '@negatoscope/testkit';
import { expect } from 'vitest';
import { composed } from '../../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from '../dicomweb/support.ts';
import { inferenceProcesses, openWorker } from './prediction-worker.ts';

const rowsOf = (server: DicomwebServer, text: string): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text })));
const countOf = async (server: DicomwebServer, text: string): Promise<number> =>
  Number((await rowsOf(server, `SELECT count(*) AS n FROM ${text}`))[0]?.n);

/** Stores some films and asks about them `predictions` times in turn. */
async function askAll(server: DicomwebServer, predictions: number): Promise<void> {
  const admin = await server.login('ADMIN');
  const films = ['a', 'b', 'c', 'd'].flatMap((seed) => [
    ...chestXray({ seed, rows: 128, columns: 128, dataset: { PatientBirthDate: '19700102', PatientID: `K${seed}` } }),
  ]);
  const uids = films.map(({ sopInstanceUid }) => sopInstanceUid);
  expect(
    (
      await server.store(
        admin,
        films.map(({ bytes }) => Buffer.from(bytes)),
      )
    ).statusCode,
  ).toBe(200);
  for (let at = 0; at < predictions; at += 25) {
    const some = Array.from({ length: Math.min(25, predictions - at) }, (_, index) =>
      server.app.inject({
        ...{ method: 'POST', url: '/api/predict', headers: admin.headers },
        payload: { sopInstanceUid: uids[(at + index) % uids.length] },
      }),
    );
    for (const answer of await Promise.all(some)) expect(answer.statusCode).toBe(202);
  }
}

/**
 * Asks, kills the process that models run in `kills` times while it works, and waits until all is answered: each prediction is answered once, with one event and one heat map
 * at most, all of one film alike. Gives how many processes were really killed.
 */
export async function killWhilePredicting(predictions: number, kills: number): Promise<number> {
  const server = await openDicomweb();
  try {
    await askAll(server, predictions);
    const worker = await openWorker(server);
    let killed = 0;
    try {
      const isDone = async (): Promise<boolean> =>
        (await countOf(server, "predictions WHERE status IN ('QUEUED', 'RUNNING')")) === 0;
      for (let next = 1; !(await isDone()); ) {
        const done = await countOf(server, "predictions WHERE status = 'DONE'");
        const [pid] = inferenceProcesses();
        // Spread over the whole run, and never the same film three times.
        if (killed < kills && pid !== undefined && done >= (next * predictions) / (kills + 1)) {
          process.kill(pid, 'SIGKILL');
          killed += 1;
          next += 1;
        }
        await sleep(40);
      }
    } finally {
      await worker.close();
    }
    await expectEachOnce(server, predictions);
    return killed;
  } finally {
    await server.close();
  }
}

async function expectEachOnce(server: DicomwebServer, predictions: number): Promise<void> {
  expect(await rowsOf(server, 'SELECT status, count(*)::int AS n FROM predictions GROUP BY status')).toEqual([
    { status: 'DONE', n: predictions },
  ]);
  const events = await rowsOf(
    server,
    "SELECT count(*)::int AS n, count(DISTINCT entity_id)::int AS ids FROM audit_events WHERE action IN ('prediction.done', 'prediction.refused')",
  );
  expect(events).toEqual([{ n: predictions, ids: predictions }]);
  const alike = await rowsOf(
    server,
    'SELECT sop_instance_uid, max(probability) - min(probability) AS spread FROM predictions GROUP BY sop_instance_uid',
  );
  expect(alike).toHaveLength(4);
  for (const { spread } of alike) expect(spread).toBeLessThan(1e-5);
  // None that a row does not name is left of films that were read twice.
  const named = await countOf(server, 'predictions WHERE heat_object IS NOT NULL');
  expect(await countOf(server, '(SELECT DISTINCT heat_object FROM predictions WHERE heat_object IS NOT NULL) AS h')).toBe(named);
}

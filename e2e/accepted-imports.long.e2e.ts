import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildZip, ctVolume } from '@negatoscope/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { killAll } from './support/processes.ts';
import { copyPrepared, type RunningServer, startServer } from './support/server.ts';
import { sessionOf } from './support/session.ts';

/** `Prefer: respond-async`, and then the machine's worst: every process of the server is killed after the 202. */
let dataDir: string;
let server: RunningServer | undefined;
beforeAll(() => {
  dataDir = copyPrepared();
});
afterAll(async () => {
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

type Session = Record<string, string>;

interface Report {
  readonly id: string;
  readonly status: string;
  readonly stored: number;
  readonly received: number;
  readonly duplicates: number;
}

/** A folder of so many images, as it is sent; made before, since that takes a moment. */
const formOf = (seed: string, slices: number): FormData => {
  const files = [...ctVolume({ seed, slices, rows: 64, columns: 64 })].map(({ fileName, bytes }) => ({ name: fileName, bytes }));
  const form = new FormData();
  form.append('files', new Blob([buildZip(files) as Uint8Array<ArrayBuffer>]), `${seed}.zip`);
  return form;
};

async function sendForLater(to: RunningServer, session: Session, body: FormData): Promise<Report> {
  const answer = await fetch(`${to.baseUrl}/api/patients/import`, {
    method: 'POST',
    headers: { ...session, prefer: 'respond-async' },
    body,
  });
  expect(answer.status).toBe(202);
  return (await answer.json()) as Report;
}

const report = async (from: RunningServer, headers: Session, id: string): Promise<Report> =>
  (await (await fetch(`${from.baseUrl}/api/imports/${id}`, { headers })).json()) as Report;

/**
 * A minute passes for the jobs: a dead process's are taken by others when it has not been heard of for that long, and tried again some time later. How
 * long that is is not what is tested.
 */
async function letTimePass(client: Client, killed: Date): Promise<void> {
  const minute = "interval '1 minute'";
  const lost = `UPDATE pgboss.job SET started_on = started_on - ${minute} WHERE state = 'active' AND started_on < $1`;
  await client.query(lost, [killed]);
  await client.query(`UPDATE pgboss.job SET start_after = start_after - ${minute} WHERE state = 'retry'`);
}

async function openDatabase(): Promise<Client> {
  const client = new Client({
    host: path.join(dataDir, 'postgres/run'),
    port: 5432,
    database: 'negatoscope',
    user: 'negatoscope_owner',
  });
  await client.connect();
  return client;
}

it('what was answered 202 is stored whole after kill -9, each file once, wherever the kill came', {
  timeout: 420_000,
}, async () => {
  // One is in the middle of the reading, the other has just been answered.
  const [begun, waiting] = [formOf('kill in the middle', 300), formOf('kill at once', 40)];
  server = await startServer({}, dataDir);
  const before = await sessionOf(server);
  const { id: first } = await sendForLater(server, before, begun);
  for (let stored = 0; stored === 0; await sleep(20)) stored = (await report(server, before, first)).stored;
  const { id: second } = await sendForLater(server, before, waiting);
  killAll(server.pid);
  await server.gone;
  const killed = new Date();
  server = await startServer({}, dataDir);
  const database = await openDatabase();
  const browser = await sessionOf(server);
  for (const [id, slices] of [
    [first, 300],
    [second, 40],
  ] as const) {
    const running = server;
    const status = async (): Promise<string> => {
      await letTimePass(database, killed);
      return (await report(running, browser, id)).status;
    };
    await expect.poll(status, { timeout: 240_000, interval: 500 }).toBe('DONE');
    expect(await report(running, browser, id)).toMatchObject({ received: slices, stored: slices, duplicates: 0 });
  }
  await database.end();
});

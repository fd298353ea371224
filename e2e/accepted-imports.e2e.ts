import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildZip, ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningServer, startServer } from './support/server.ts';

/** `Prefer: respond-async`, and then the machine's worst: every process of the server is killed after the 202. */
let dataDir: string;
let server: RunningServer | undefined;
beforeAll(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-kill-'));
});
afterAll(async () => {
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Browser {
  readonly headers: Record<string, string>;
}

async function signIn({ baseUrl, email, password }: RunningServer): Promise<Browser> {
  const answer = await fetch(`${baseUrl}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  expect(answer.status).toBe(200);
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  return { headers: { cookie, 'x-csrf-token': csrfToken } };
}

interface Report {
  readonly id: string;
  readonly status: string;
  readonly stored: number;
  readonly received: number;
  readonly duplicates: number;
}

async function sendForLater(to: RunningServer, { headers }: Browser, seed: string, slices: number): Promise<Report> {
  const files = [...ctVolume({ seed, slices, rows: 64, columns: 64 })].map(({ fileName, bytes }) => ({ name: fileName, bytes }));
  const form = new FormData();
  form.append('files', new Blob([buildZip(files) as Uint8Array<ArrayBuffer>]), `${seed}.zip`);
  const answer = await fetch(`${to.baseUrl}/api/patients/import`, {
    method: 'POST',
    headers: { ...headers, prefer: 'respond-async' },
    body: form,
  });
  expect(answer.status).toBe(202);
  return (await answer.json()) as Report;
}

/** All processes below this one, and itself, at once and without a word. */
function killAll(pid: number): void {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = [pid];
  for (const one of family) for (const [child = 0, parent] of rows) if (parent === one) family.push(child);
  execFileSync('kill', ['-9', ...family.map(String)]);
}

const report = async (from: RunningServer, { headers }: Browser, id: string): Promise<Report> =>
  (await (await fetch(`${from.baseUrl}/api/imports/${id}`, { headers })).json()) as Report;

it('what was answered 202 is stored whole after kill -9, each file once, wherever the kill came', {
  timeout: 420_000,
}, async () => {
  const accepted: { id: string; slices: number }[] = [];
  for (const [round, slices] of [40, 600].entries()) {
    server = await startServer({}, dataDir);
    const browser = await signIn(server);
    const { id } = await sendForLater(server, browser, `kill ${round}`, slices);
    accepted.push({ id, slices });
    // At once the first time; in the middle of the reading the second.
    for (let stored = 0; round === 1 && stored === 0; ) stored = (await report(server, browser, id)).stored;
    killAll(server.pid);
    await server.gone;
  }
  server = await startServer({}, dataDir);
  const browser = await signIn(server);
  for (const { id, slices } of accepted) {
    const running = server;
    await expect.poll(async () => (await report(running, browser, id)).status, { timeout: 240_000, interval: 500 }).toBe('DONE');
    expect(await report(running, browser, id)).toMatchObject({ received: slices, stored: slices, duplicates: 0 });
  }
});

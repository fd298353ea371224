import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transfer } from '@negatoscope/contract';
import { ctVolume } from '@negatoscope/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datasetOf } from '../apps/server/test/dimse/dataset-of.ts';
import { sha256, storescp } from '../apps/server/test/dimse/destination.ts';
import { startPeer } from '../apps/server/test/dimse/peer.ts';
import { chromiumPath, enter, openBrowser, openContext, openPage, type Tab } from './support/browser.ts';
import { csrfOf, storeInstances } from './support/dicom.ts';
import { isLong } from './support/long.ts';
import { childOf } from './support/processes.ts';
import { type RunningServer, startServer } from './support/server.ts';

const hasDcmtk = ['/usr/bin/storescu', '/usr/local/bin/storescu'].some((file) => {
  try {
    execFileSync(file, ['--version']);
    return true;
  } catch {
    return false;
  }
});
const SCREENSHOTS = process.env.NEGATOSCOPE_SCREENSHOTS;
/** So many images are on their way when the process dies. */
const COUNT = isLong ? 80 : 40;

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** The built server with DICOM nodes before it, as scanners and administrators meet it. */
describe.skipIf(!hasDcmtk || chromiumPath === undefined)('DICOM nodes', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-dimse-'));
  let server: RunningServer;
  let port: number;
  let browser: Browser;
  let tab: Tab;
  beforeAll(async () => {
    port = await freePort();
    server = await startServer({ WEB_PROCESSES: '1', DICOM_PORT: String(port), DICOM_HOST: '127.0.0.1' });
    browser = await openBrowser('processor');
    const context = await openContext(browser, server);
    tab = await openPage(context, server);
    await tab.page.goto('/api/health');
    await enter(context, server);
  });
  afterAll(async () => {
    await browser.close();
    expect(await server.stop()).toBe(0);
    rmSync(folder, { recursive: true });
  });

  /** How many of the files were answered with success; `onAnswer` is told each time. */
  const send = (files: readonly string[], onAnswer: (answered: number) => void = () => undefined): Promise<number> =>
    new Promise((done) => {
      const args = ['-v', '-nh', '-aet', 'SCANNER', '-aec', 'NEGATOSCOPE', '127.0.0.1', String(port), ...files];
      const child = spawn('storescu', args, { timeout: 120_000 });
      let output = '';
      let answered = 0;
      const collect = (data: Buffer): void => {
        output += data.toString('utf8');
        const now = output.split('Received Store Response (Success)').length - 1;
        if (now > answered) onAnswer(now);
        answered = now;
      };
      child.stdout.on('data', collect);
      child.stderr.on('data', collect);
      child.once('close', () => done(answered));
    });
  const written = (seed: string, slices: number): string[] =>
    [...ctVolume({ seed, slices, rows: 256, columns: 256 })].map(({ bytes }, index) => {
      const file = path.join(folder, `${seed}-${index}.dcm`);
      writeFileSync(file, bytes);
      return file;
    });
  const instances = async (): Promise<number> =>
    ((await (await tab.page.request.get('/dicom-web/instances?limit=5000')).json()) as unknown[]).length;
  const isHealthy = async (): Promise<boolean> => {
    const begun = Date.now();
    const answer = await fetch(`${server.baseUrl}/api/health`, { signal: AbortSignal.timeout(5000) });
    return answer.status === 200 && Date.now() - begun < 3000;
  };

  async function shot(name: string): Promise<void> {
    if (SCREENSHOTS !== undefined) await tab.page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
  }

  async function shotsOfAll(): Promise<void> {
    if (SCREENSHOTS === undefined) return;
    for (const width of [1440, 390]) {
      await tab.page.setViewportSize({ width, height: 900 });
      for (const theme of ['light', 'dark']) {
        await tab.page.evaluate((to) => {
          document.documentElement.dataset.theme = to;
        }, theme);
        await sleep(300);
        await shot(`nodes-${width}-${theme}`);
      }
    }
    await tab.page.setViewportSize({ width: 1440, height: 900 });
  }

  it('a node is made known on the page, tried, and then sends', { timeout: 120_000 }, async () => {
    const { page } = tab;
    await page.goto('/app/admin/nodes');
    await page.getByText('Aucun nœud pour l’instant').waitFor();
    await shot('nodes-empty');
    const [file = ''] = written('first', 1);
    expect(await send([file])).toBe(0);
    for (const [name, title] of [
      ['Scanner du rez-de-chaussée', 'SCANNER'],
      ['Ce serveur', 'NEGATOSCOPE'],
    ] as const) {
      await page.getByRole('button', { name: 'Nouveau nœud' }).first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Nom', { exact: true }).fill(name);
      await dialog.getByLabel('Titre AE').fill(title);
      await dialog.getByLabel('Adresse').fill('127.0.0.1');
      await dialog.getByLabel('Port').fill(String(port));
      if (title === 'SCANNER') await shot('nodes-dialog');
      await dialog.getByRole('button', { name: 'Créer' }).click();
      await dialog.waitFor({ state: 'hidden' });
    }
    await page.getByRole('button', { name: 'Essayer Ce serveur' }).click();
    await page.getByText(/Répond \(/).waitFor();
    await page.getByRole('button', { name: 'Essayer Scanner du rez-de-chaussée' }).click();
    await page.getByText('Répond, mais n’a pas ce titre AE').waitFor();
    expect(await send([file])).toBe(1);
    expect(await instances()).toBe(1);
    await page.reload();
    await page.getByText(/vu le/).first().waitFor();
    await shotsOfAll();
    expect(tab.problems).toEqual([]);
  });

  it('its process dies within what is sent, and nobody else notices; what is sent again is there once', async () => {
    const files = written('killed', COUNT);
    const before = await instances();
    const first = childOf(server.pid, 'dimse-process');
    expect(first).toBeTypeOf('number');
    const answered = await send(files, (count) => {
      if (count === 10) process.kill(first ?? 0, 'SIGKILL');
    });
    expect(answered).toBeGreaterThanOrEqual(10);
    expect(answered).toBeLessThan(COUNT);
    expect(await isHealthy()).toBe(true);
    // What was answered is there.
    expect(await instances()).toBeGreaterThanOrEqual(before + answered);
    await expect.poll(() => send(files.slice(0, 1)), { timeout: 60_000, interval: 500 }).toBe(1);
    expect(childOf(server.pid, 'dimse-process')).not.toBe(first);
    expect(await send(files)).toBe(COUNT);
    expect(await instances()).toBe(before + COUNT);
  }, 180_000);

  it('the process that does the jobs dies within what is sent to a node and fetched from one: it goes on where it was, and all is there once', async () => {
    const headers = { 'x-csrf-token': await csrfOf(tab) };
    const post = async <T>(url: string, data: object): Promise<T> => {
      const answer = await tab.page.request.post(url, { headers, data });
      expect([answer.status(), await answer.text()]).toEqual([expect.toSatisfy((status) => status < 300), expect.any(String)]);
      return (await answer.json()) as T; // Each call names what it asks for.
    };
    const addNode = async (aeTitle: string, at: number): Promise<string> => {
      const rights = { mayStore: true, mayQuery: false, mayRetrieve: false, mayWorklist: false };
      const more = { mayBeAsked: true, takesStudies: true, groupId: null };
      const place = { name: aeTitle, aeTitle, host: '127.0.0.1', port: at };
      return (await post<{ id: string }>('/api/system/nodes', { ...place, ...rights, ...more })).id;
    };
    const transfer = async (id: string): Promise<Transfer> =>
      (await (await tab.page.request.get(`/api/transfers/${id}`)).json()) as Transfer;
    /** Kills it when some have gone, and waits until all have. */
    const killedWithin = async ({ id }: { id: string }, some: number): Promise<Transfer> => {
      await expect.poll(async () => (await transfer(id)).done, { timeout: 60_000, interval: 50 }).toBeGreaterThanOrEqual(some);
      const worker = childOf(server.pid, 'worker');
      process.kill(worker ?? 0, 'SIGKILL');
      expect(await transfer(id)).toMatchObject({ status: 'RUNNING' });
      // Half a minute until nobody has kept it, and the next minute of the schedule.
      await expect.poll(async () => (await transfer(id)).status, { timeout: 180_000, interval: 500 }).toBe('DONE');
      expect(childOf(server.pid, 'worker')).not.toBe(worker);
      return transfer(id);
    };

    const sent = [...ctVolume({ seed: 'sent and killed', slices: 12, rows: 64, columns: 64 })];
    expect(await storeInstances(tab, sent)).toBe(200);
    const destination = await storescp(folder, ['+xa', '--sleep-after', '1']);
    const to = await addNode('SLOW', destination.port);
    const studies = [{ studyInstanceUid: sent[0]?.studyInstanceUid }];
    const sending = await post<{ id: string }>(`/api/nodes/${to}/sendings`, { studies });
    expect(await killedWithin(sending, 3)).toMatchObject({ total: 12, done: 12, failed: 0 });
    expect(destination.hashes()).toEqual(sent.map(({ bytes }) => sha256(datasetOf(bytes))).sort());
    // What was answered and not written down yet went once more, and nothing else.
    expect(destination.said().split('Received Store Request').length - 1).toBeLessThanOrEqual(12 + 2);
    await destination.stop();

    const there = [...ctVolume({ seed: 'fetched and killed', slices: 150, rows: 256, columns: 256 })];
    const peer = await startPeer(folder, { destination: { title: 'NEGATOSCOPE', port } });
    await peer.store(there.map(({ bytes }) => bytes));
    const from = await addNode(peer.aeTitle, peer.port);
    const before = await instances();
    const wanted = [{ studyInstanceUid: there[0]?.studyInstanceUid }];
    const fetching = await post<{ id: string }>(`/api/nodes/${from}/retrievals`, { studies: wanted });
    expect(await killedWithin(fetching, 10)).toMatchObject({ total: 150, done: 150, failed: 0 });
    expect(await instances()).toBe(before + 150);
    await peer.stop();
  }, 480_000);

  it('a flood at its port is not felt by the page, nor by a known node', { timeout: 120_000 }, async () => {
    const sockets: Socket[] = [];
    const flood = setInterval(() => {
      for (let count = 0; count < 4; count += 1) {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => undefined);
        if (count % 2 === 0) socket.write(Uint8Array.of(1, 0, 0xff, 0xff, 0xff, 0xff, 0, 1));
        sockets.push(socket);
      }
    }, 20);
    try {
      await sleep(2000);
      expect(await isHealthy()).toBe(true);
      await expect.poll(() => send(written('within a flood', 3)), { timeout: 30_000 }).toBe(3);
      expect(await isHealthy()).toBe(true);
    } finally {
      clearInterval(flood);
      for (const socket of sockets) socket.destroy();
    }
  });

  it('a node that is taken away is refused from then on', async () => {
    const { page } = tab;
    const headers = { 'x-csrf-token': await csrfOf(tab) };
    const { items } = (await (await page.request.get('/api/system/nodes')).json()) as {
      items: { id: string; aeTitle: string }[];
    };
    const scanner = items.find(({ aeTitle }) => aeTitle === 'SCANNER');
    expect((await page.request.delete(`/api/system/nodes/${scanner?.id}`, { headers })).status()).toBe(204);
    expect(await send(written('refused', 1))).toBe(0);
  });
});

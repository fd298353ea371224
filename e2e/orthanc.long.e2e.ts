import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chestXray, createPrng } from '@negatoscope/testkit';
import { Client } from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, hasOrthanc, type Orthanc, startOrthanc } from '../apps/server/test/support/orthanc.ts';
import { chromiumPath, openBrowser, openTabOf } from './support/browser.ts';
import { childOf, killAll } from './support/processes.ts';
import { copyPrepared, type RunningServer, startServer } from './support/server.ts';
import { sessionOf } from './support/session.ts';

/** Each side gets so many of its own. */
const FILMS = 200;
const KILLS = 12;
const BATCH = 4;
const PASSWORD = 'Lanterne-Marbre-42';
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Film {
  readonly uid: string;
  readonly studyUid: string;
  readonly bytes: Buffer;
}
/** Each a study of its own, of a patient of its own. */
const filmsOf = (name: string, count: number): Film[] =>
  Array.from({ length: count }, (_, index) =>
    [...chestXray({ seed: `${name} ${index}`, rows: 64, columns: 64 })].map(({ bytes, sopInstanceUid, studyInstanceUid }) => ({
      uid: sopInstanceUid,
      studyUid: studyInstanceUid,
      bytes: Buffer.from(bytes),
    })),
  ).flatMap(([film]) => film ?? []);
const hashesOf = (films: readonly Film[]): Record<string, string> =>
  Object.fromEntries(films.map(({ uid, bytes }) => [uid, sha256(bytes)]));

interface Status {
  readonly feed: {
    readonly waiting: number;
    readonly compared: { at: string | null; there: number; missing: number; held: number; doubt: string | null };
  } | null;
  readonly sending: { readonly waiting: number } | null;
}

/** The built server and a real Orthanc beside it, and what may happen to either. */
describe.skipIf(!hasOrthanc || chromiumPath === undefined)('the real Orthanc', () => {
  /** Who is killed, and when. */
  const random = createPrng('orthanc killed');
  let dataDir: string;
  let url: string;
  let port: number;
  let server: RunningServer | undefined;
  let orthanc: Orthanc | undefined;
  let session: Record<string, string>;
  let database: Client | undefined;
  /** Those that are on both sides, each with the hash of its file. */
  const all: Film[] = [];
  /** Those that were deleted there, and stay here all the same. */
  const stays: Film[] = [];
  let browser: Browser;

  beforeAll(async () => {
    dataDir = copyPrepared();
    port = await freePort();
    url = `http://127.0.0.1:${port}`;
    browser = await openBrowser('processor');
  });
  afterAll(async () => {
    await browser?.close();
    await database?.end();
    await server?.stop();
    await orthanc?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const startThere = async (): Promise<void> => {
    const folder = orthanc?.folder;
    const options = { port, users: { server: PASSWORD }, ...(folder === undefined ? {} : { folder }) };
    orthanc = await startOrthanc({}, options);
  };
  const startHere = async (deletions = 'ignore'): Promise<void> => {
    server = await startServer(
      {
        ...{ WEB_PROCESSES: '1', ORTHANC_URL: url, ORTHANC_USERNAME: 'server', ORTHANC_PASSWORD: PASSWORD },
        ...{ ORTHANC_SEND: 'on', ORTHANC_DELETIONS: deletions },
      },
      dataDir,
    );
    session = await sessionOf(server);
    database = new Client({
      ...{ host: path.join(dataDir, 'postgres/run'), port: 5432 },
      ...{ database: 'negatoscope', user: 'negatoscope_owner' },
    });
    // It dies with its server.
    database.on('error', () => undefined);
    await database.connect();
  };
  const sql = async <T extends object>(text: string): Promise<T[]> => ((await database?.query<T>(text))?.rows ?? []) as T[];

  const status = async (): Promise<Status> =>
    (await (await fetch(`${server?.baseUrl}/api/system/orthanc`, { headers: session })).json()) as Status;
  const sendHere = async (films: readonly Film[]): Promise<void> => {
    const boundary = 'films';
    const head = Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
    const body = Buffer.concat([
      ...films.flatMap(({ bytes }) => [head, bytes, Buffer.from('\r\n')]),
      Buffer.from(`--${boundary}--\r\n`),
    ]);
    const type = `multipart/related; type="application/dicom"; boundary=${boundary}`;
    const headers = { ...session, 'content-type': type, accept: 'application/dicom+json' };
    const answer = await fetch(`${server?.baseUrl}/dicom-web/studies`, { method: 'POST', headers, body });
    if (answer.status !== 200) throw new Error(`STOW-RS: ${answer.status}`);
    await answer.arrayBuffer();
  };
  const sendThere = async (films: readonly Film[]): Promise<void> => {
    for (const { bytes } of films) await orthanc?.post('/instances', bytes);
  };

  /** What is kept of each instance, from the disk. */
  const here = async (): Promise<Record<string, string>> => {
    const rows = await sql<{ id: string; uid: string; told: string }>(
      `SELECT i.id, i.sop_instance_uid AS uid, encode(i.file_sha256, 'hex') AS told FROM instances i JOIN series r ON r.id = i.series_id
         JOIN studies t ON t.id = r.study_id WHERE t.deleted_at IS NULL`,
    );
    return Object.fromEntries(
      rows.map(({ id, uid, told }) => {
        const read = sha256(readFileSync(path.join(dataDir, 'objects', id.slice(0, 4), id.slice(4, 8), id)));
        return [uid, read === told ? read : `${read} is not ${told}`];
      }),
    );
  };
  const there = async (): Promise<Record<string, string>> => {
    const found: Record<string, string> = {};
    for (const id of (await orthanc?.get<string[]>('/instances')) ?? []) {
      const { MainDicomTags } = (await orthanc?.get<{ MainDicomTags: { SOPInstanceUID: string } }>(`/instances/${id}`)) ?? {};
      const bytes = await orthanc?.bytes(`/instances/${id}/file`);
      found[MainDicomTags?.SOPInstanceUID ?? id] = sha256(bytes ?? Buffer.alloc(0));
    }
    return found;
  };
  const count = async (): Promise<readonly unknown[]> => {
    const [row] = await sql<{ n: number }>('SELECT count(*)::int AS n FROM instances');
    // What was tried in vain is tried again some time later. How long that is is not what is tested.
    await sql('UPDATE orthanc_instances SET retry_at = now() WHERE retry_at > now()');
    await sql('UPDATE orthanc_outbox SET retry_at = now() WHERE retry_at > now()');
    const { feed, sending } = await status();
    return [row?.n, ((await orthanc?.get<string[]>('/instances')) ?? []).length, feed?.waiting, sending?.waiting];
  };
  const bothHave = (films: number): Promise<void> =>
    expect.poll(count, { timeout: 180_000, interval: 1_000 }).toEqual([films, films, 0, 0]);

  /** Sends what is left until it was taken, whoever dies meanwhile. */
  const sendAll = async (films: readonly Film[], send: (films: readonly Film[]) => Promise<void>, isHurried: () => boolean) => {
    const pauses = createPrng('pauses', films[0]?.uid ?? '');
    for (let at = 0; at < films.length; ) {
      const taken = await send(films.slice(at, at + BATCH)).then(
        () => true,
        () => false,
      );
      if (taken) at += BATCH;
      await sleep(isHurried() ? 0 : taken ? pauses.between(100, 600) : 200);
    }
  };

  const kill = async (): Promise<string> => {
    const victim = random.pick(['Orthanc', 'jobs', 'server', 'Orthanc', 'jobs']);
    if (victim === 'Orthanc') {
      await orthanc?.kill();
      await sleep(random.between(0, 2_500));
      await startThere();
    } else if (victim === 'jobs') {
      const pid = childOf(server?.pid ?? 0, 'worker');
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    } else {
      killAll(server?.pid ?? 0);
      await server?.gone;
      await database?.end().catch(() => undefined);
      await startHere();
    }
    return victim;
  };

  it('sends and is sent to while either is killed again and again: each has all of it once, byte for byte', {
    timeout: 600_000,
  }, async () => {
    await startThere();
    await startHere();
    const [ours, theirs] = [filmsOf('ours', FILMS), filmsOf('theirs', FILMS)];
    let isHurried = false;
    const sent = Promise.all([sendAll(ours, sendHere, () => isHurried), sendAll(theirs, sendThere, () => isHurried)]);
    const killed: string[] = [];
    while (killed.length < KILLS) {
      await sleep(random.between(200, 3_000));
      killed.push(await kill());
    }
    isHurried = true;
    await sent;
    all.push(...ours, ...theirs);
    await bothHave(all.length);
    expect(new Set(killed)).toEqual(new Set(['Orthanc', 'jobs', 'server']));
    const wanted = hashesOf(all);
    expect(await here()).toEqual(wanted);
    expect(await there()).toEqual(wanted);
    // None of it went round and came back as another.
    expect(await sql("SELECT outcome FROM import_files WHERE outcome NOT IN ('stored', 'duplicate')")).toEqual([]);
  });

  /** So many comparisons more, as when minutes have gone by. */
  const compare = async (times: number): Promise<Status['feed']> => {
    for (let n = 0; n < times; n += 1) {
      await sql("UPDATE orthanc_feeds SET compared_at = compared_at - interval '1 hour'");
      const [row] = await sql<{ at: string }>('SELECT compared_at::text AS at FROM orthanc_feeds');
      const at = async (): Promise<boolean> =>
        (await sql<{ at: string }>('SELECT compared_at::text AS at FROM orthanc_feeds'))[0]?.at !== row?.at;
      await expect.poll(at, { timeout: 60_000, interval: 200 }).toBe(true);
    }
    return (await status()).feed;
  };
  const startAgain = async (deletions: string): Promise<void> => {
    await database?.end();
    await server?.stop();
    await startHere(deletions);
  };
  const removeThere = async (films: readonly Film[]): Promise<void> => {
    for (const { uid } of films) {
      const [found] = (await orthanc?.post<{ ID: string }[]>('/tools/lookup', Buffer.from(uid))) ?? [];
      await orthanc?.remove(`/instances/${found?.ID}`);
    }
  };
  /** Where Orthanc is too old to say whether it deletes by itself, all is held until somebody decides on the system page. */
  const decide = async (feed: Status['feed'], button: string, told: string): Promise<void> => {
    expect(feed?.compared).toMatchObject({ doubt: 'RECYCLES', held: feed?.compared.missing });
    if (server === undefined) return;
    const tab = await openTabOf(browser, server);
    await tab.page.goto('/app/admin/system');
    const asked = tab.page.getByRole('button', { name: button });
    await asked.waitFor();
    await shots(tab.page, button);
    await asked.click();
    await tab.page.getByText(told).waitFor();
    await asked.waitFor({ state: 'detached' });
    expect(tab.problems).toEqual([]);
    await tab.context.close();
  };
  const shots = async (page: Page, name: string): Promise<void> => {
    const folder = process.env.NEGATOSCOPE_SCREENSHOTS;
    if (folder === undefined) return;
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      for (const theme of ['light', 'dark']) {
        await page.evaluate((to) => {
          document.documentElement.dataset.theme = to;
        }, theme);
        await page.getByRole('button', { name }).scrollIntoViewIfNeeded();
        await sleep(300);
        await page.screenshot({ path: `${folder}/orthanc-${name.slice(0, 4)}-${width}-${theme}.png` });
      }
    }
  };

  it('what is deleted there goes into the trash here under that policy, once an administrator says so where it was held, and stays where they say that nothing is to be done', {
    timeout: 240_000,
  }, async () => {
    await startAgain('trash');
    await compare(1);
    const [kept, ...gone] = [all[1], all[3], all[FILMS + 5]].flatMap((film) => film ?? []);
    await removeThere(kept === undefined ? [] : [kept]);
    await decide(await compare(1), 'Ne rien faire', 'Ces images restent ici');
    await removeThere(gone);
    const feed = await compare(1);
    expect(feed?.compared).toMatchObject({ missing: 2, there: all.length - 3 });
    await decide(feed, 'C’était voulu : à la corbeille', 'Ce sera fait à la prochaine comparaison');
    await compare(2);
    const trashed = await sql<{ uid: string }>('SELECT study_instance_uid AS uid FROM studies WHERE deleted_at IS NOT NULL');
    expect(trashed.map(({ uid }) => uid).sort()).toEqual(gone.map(({ studyUid }) => studyUid).sort());
    const left = all.filter((film) => !gone.includes(film));
    expect(await here()).toEqual(hashesOf(left));
    all.splice(0, all.length, ...left.filter((film) => film !== kept));
    stays.push(...left.filter((film) => film === kept));
  });

  it('what is deleted there is sent there again under that policy, byte for byte', { timeout: 240_000 }, async () => {
    await startAgain('repair');
    await compare(1);
    const gone = [all[7], all[FILMS + 9]].flatMap((film) => film ?? []);
    await removeThere(gone);
    await decide(await compare(1), 'Les lui renvoyer', 'Ce sera fait à la prochaine comparaison');
    await compare(2);
    await expect.poll(async () => Object.keys(await there()).length, { timeout: 60_000 }).toBe(all.length);
    expect(await there()).toEqual(hashesOf(all));
    expect(await here()).toEqual(hashesOf([...all, ...stays]));
    expect((await compare(1))?.compared).toMatchObject({ missing: 0, held: 0 });
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { ctVolume } from '@negatoscope/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandles, type Handles } from '../../../archive/pixels/handles.ts';
import { createPixels } from '../../../archive/pixels/index.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { Changes, Subscriber } from '../../../platform/shared-state/index.ts';
import { createIngestFixture, type IngestFixture, type NamedBytes } from '../ingest-fixture.ts';
import { Arrivals } from './arrivals.ts';

const RESTLESS = { seriesId: expect.any(String), studyId: expect.any(String), isRestless: true };

let fixture: IngestFixture;
let listener: Client;
const heard: object[] = [];
beforeAll(async () => {
  fixture = await createIngestFixture();
  listener = new Client(fixture.database.appConfig);
  await listener.connect();
  listener.on('notification', ({ payload = '' }) => heard.push(JSON.parse(payload)));
  await listener.query('LISTEN negatoscope_series');
});
afterAll(async () => {
  await listener.end();
  await fixture.close();
});

const volume = (seed: string, slices: number): NamedBytes[] =>
  [...ctVolume({ seed, slices, rows: 16, columns: 16 })].map(({ fileName: name, bytes }) => ({ name, bytes }));
/** Everything that was told before is heard. */
const listen = async (): Promise<void> => void (await listener.query('SELECT 1'));

test('of a series that is coming every process is told, and of what came last as well', async () => {
  const [last, ...files] = volume('told', 8).reverse();
  for (const file of files) await fixture.send([file]);
  await listen();
  // The first goes the long way, and what is told of the others says that more may come.
  expect(heard.length).toBeGreaterThanOrEqual(2);
  expect(heard.slice(1)).toEqual(heard.slice(1).map(() => RESTLESS));
  const before = heard.length;
  await fixture.send(last === undefined ? [] : [last]);
  await expect.poll(() => heard.length, { timeout: 5_000 }).toBeGreaterThan(before);
});

describe('what was acknowledged is found at once by who heard of its series before', () => {
  /** A process that listens and keeps in memory what it read. */
  const memory = (): Handles => createHandles(fixture.db, { isTrusted: true });
  const versionOf = async (uid: string): Promise<number | undefined> =>
    (await fixture.db.withSystem((tx) => tx.first('SELECT version FROM series WHERE series_instance_uid = $1', [uid])))?.version;

  test('though nobody told of it', async () => {
    const actor = await fixture.actor('ADMIN');
    const handles = memory();
    listener.on('notification', ({ payload = '' }) => {
      const { seriesId, isRestless } = JSON.parse(payload) as { seriesId: string; isRestless?: boolean };
      handles.forgetSeries(seriesId, isRestless === true ? 2_000 : 0);
    });
    const volumes = [...ctVolume({ seed: 'found at once', slices: 16, rows: 16, columns: 16 })];
    const [{ studyInstanceUid, seriesInstanceUid }] = volumes as [(typeof volumes)[0]];
    for (const [index, { fileName: name, bytes }] of volumes.entries()) {
      await fixture.send([{ name, bytes }]);
      await listen();
      // Twice: the second one would come from memory.
      for (const _read of [1, 2]) {
        const { version } = await handles.series(actor, { groupId: undefined, studyInstanceUid }, seriesInstanceUid);
        expect([index, version]).toEqual([index, await versionOf(seriesInstanceUid)]);
      }
    }
  });
});

describe('arrivals', () => {
  const series = { id: '0190a000-0000-7000-8000-000000000001', studyId: '0190a000-0000-7000-8000-000000000002' };
  /** Counts what is told by transactions of its own, and within those of others. */
  const counted = (told: string[]) => {
    const of = (db: Pick<Db, 'withScope'>): Pick<Db, 'withScope'> => ({
      withScope: (scope, work) => {
        told.push('own');
        return db.withScope(scope, work);
      },
    });
    return of(fixture.db);
  };

  test('are told of four times a second at most', async () => {
    let now = 0;
    // What a timer tells is not counted here.
    const arrivals = new Arrivals({ withScope: () => Promise.reject(new Error('away')) }, () => now);
    await listen();
    const before = heard.length;
    for (let time = 0; time < 10; time += 1) {
      await fixture.db.withSystem(async (tx) => {
        const { sent, committed } = arrivals.tell(tx, [series]);
        await sent;
        await committed();
      });
      now += 50;
    }
    await listen();
    // At 0 and at 250.
    expect(heard.length - before).toBe(2);
    await arrivals.close();
  });

  test('a commit that took longer than the others may trust is told of before it is answered', async () => {
    const told: string[] = [];
    let now = 0;
    const arrivals = new Arrivals(counted(told), () => now);
    const through = (took: number): Promise<void> =>
      fixture.db.withSystem(async (tx) => {
        const { sent, committed } = arrivals.tell(tx, [series]);
        await sent;
        now += took;
        return committed();
      });
    await through(10);
    now += 100;
    await through(1_500);
    expect(told).toEqual(['own']);
    await arrivals.close();
  });

  test('a transaction that was not committed has told nobody: the next one tells', async () => {
    const arrivals = new Arrivals(counted([]));
    await listen();
    const before = heard.length;
    await fixture.db
      .withSystem(async (tx) => {
        await arrivals.tell(tx, [series]).sent;
        throw new Error('taken back');
      })
      .catch(() => undefined);
    await fixture.db.withSystem(async (tx) => {
      const { sent, committed } = arrivals.tell(tx, [series]);
      await sent;
      await committed();
    });
    await listen();
    expect(heard.slice(before)).toEqual([{ seriesId: series.id, studyId: series.studyId, isRestless: true }]);
    await arrivals.close();
  });

  test('an end of the process tells of what came and was not told of', async () => {
    const told: string[] = [];
    const arrivals = new Arrivals(counted(told));
    for (const _time of [1, 2])
      await fixture.db.withSystem(async (tx) => {
        const { sent, committed } = arrivals.tell(tx, [series]);
        await sent;
        await committed();
      });
    expect(told).toEqual([]);
    await arrivals.close();
    expect(told).toEqual(['own']);
    await sleep(300);
    expect(told).toEqual(['own']);
  });

  test('a database that is away when it is to be told ends nothing', async () => {
    const away: Pick<Db, 'withScope'> = { withScope: () => Promise.reject(new Error('away')) };
    const arrivals = new Arrivals(away);
    for (const _time of [1, 2])
      await fixture.db.withSystem(async (tx) => {
        const { sent, committed } = arrivals.tell(tx, [series]);
        await sent;
        await committed();
      });
    await expect(arrivals.close()).resolves.toBeUndefined();
  });
});

test('a series that is restless is read each time, and kept again when it is over', async () => {
  const actor = await fixture.actor('ADMIN');
  const [file] = [...ctVolume({ seed: 'restless', slices: 1, rows: 16, columns: 16 })];
  await fixture.send([{ name: 'a.dcm', bytes: file?.bytes ?? new Uint8Array(0) }]);
  const path = { groupId: undefined, studyInstanceUid: file?.studyInstanceUid ?? '' };
  let [now, reads] = [0, 0];
  const reading: Db['reading'] = (scope, work) => {
    reads += 1;
    return fixture.db.reading(scope, work);
  };
  const counting = { ...fixture.db, reading };
  const handles = createHandles(counting, { isTrusted: true }, () => now);
  const read = async (): Promise<number> => {
    const before = reads;
    await handles.series(actor, path, file?.seriesInstanceUid ?? '');
    return reads - before;
  };
  const { seriesId } = await handles.series(actor, path, file?.seriesInstanceUid ?? '');
  expect(await read()).toBe(0);
  handles.forgetSeries(seriesId, 2_000);
  expect([await read(), await read()]).toEqual([1, 1]);
  now = 2_001;
  expect([await read(), await read()]).toEqual([1, 0]);
  // What else happens to it meanwhile ends nothing.
  handles.forgetSeries(seriesId, 2_000);
  handles.forgetSeries(seriesId);
  expect([await read(), await read()]).toEqual([1, 1]);
});

describe('a process that begins to hear in the midst keeps nothing of a series so long: it was told before that more may come', () => {
  test.each(['when it begins', 'when its connection is back'])('%s', async (when) => {
    const actor = await fixture.actor('ADMIN');
    const [file] = [...ctVolume({ seed: `in the midst ${when}`, slices: 1, rows: 16, columns: 16 })];
    await fixture.send([{ name: 'a.dcm', bytes: file?.bytes ?? new Uint8Array(0) }]);
    let reads = 0;
    const reading: Db['reading'] = (scope, work) => {
      reads += 1;
      return fixture.db.reading(scope, work);
    };
    const subscribers: Subscriber[] = [];
    const subscribe: Changes['subscribe'] = (_channel, subscriber) => {
      subscribers.push(subscriber);
      return () => undefined;
    };
    const headers = { header: () => Promise.reject(new Error('not read')), slideLevel: async () => undefined };
    const changes = { subscribe, isTrusted: true };
    const pixels = createPixels({ db: { ...fixture.db, reading }, changes, objects: fixture.guarded, headers });
    if (when === 'when its connection is back') for (const { onReset } of subscribers) onReset();
    const path = { groupId: undefined, studyInstanceUid: file?.studyInstanceUid ?? '' };
    const read = () => pixels.handles.series(actor, path, file?.seriesInstanceUid ?? '');
    await read();
    const before = reads;
    await read();
    expect(reads).toBe(before + 1);
    await pixels.close();
  });
});

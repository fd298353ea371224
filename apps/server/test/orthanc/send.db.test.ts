import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createAudit } from '../../src/features/audit/index.ts';
import { createHeavyWork } from '../../src/features/dicomweb/index.ts';
import { type NamedBytes, xray } from '../../src/features/ingest/ingest-fixture.ts';
import { orthancSending, queueForOrthanc } from '../../src/features/orthanc/index.ts';
import { freePort, hasOrthanc, type Orthanc, startOrthanc } from '../support/orthanc.ts';
import { isLong } from '../support/sample.ts';
import { type FakeOrthanc, startFakeOrthanc } from './lying.ts';
import { createFeedFixture, type FeedFixture, type FeedPlace } from './support.ts';

const MANY = isLong ? 1_000 : 24;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const many = (name: string, count: number): NamedBytes[] => Array.from({ length: count }, (_, index) => xray(`${name} ${index}`));

describe('what arrives here and is sent to Orthanc', () => {
  let fixture: FeedFixture;
  const logLines: string[] = [];

  const sender = ({ url, username, password }: FeedPlace, idleMs = 5_000): { step(): Promise<void> } => {
    const loop = orthancSending({
      ...{ db: fixture.db, clock: fixture.clock, objects: fixture.guarded, scratch: fixture.scratch, heavy: createHeavyWork() },
      audit: createAudit({ db: fixture.db, clock: fixture.clock }),
      log: pino({ level: 'debug' }, { write: (line: string) => void logLines.push(line) }),
      place: { url, username, password },
      patience: { idleMs, answerMs: idleMs },
      now: () => fixture.clock.now().getTime(),
    });
    return { step: async () => void (await loop.step(new AbortController().signal)) };
  };
  const waiting = async (): Promise<number> =>
    (await fixture.db.withSystem((tx) => tx.first('SELECT count(*)::int AS n FROM orthanc_outbox')))?.n ?? -1;

  beforeAll(async () => {
    fixture = await createFeedFixture({
      stored: async (tx, entrance, ids) => (entrance === 'ORTHANC' ? undefined : queueForOrthanc(tx, ids)),
    });
  });
  afterAll(() => fixture.close());

  describe.skipIf(!hasOrthanc)('the real one', () => {
    const place: { url: string; username: string; password: string } = {
      url: '',
      username: 'server',
      password: 'Lanterne-Marbre-42',
    };
    let port = 0;
    let orthanc: Orthanc;
    const there = async (): Promise<string[]> => {
      const ids = await orthanc.get<string[]>('/instances');
      const hashes: string[] = [];
      for (const id of ids) hashes.push(sha256(await orthanc.bytes(`/instances/${id}/file`)));
      return hashes.sort();
    };
    beforeAll(async () => {
      port = await freePort();
      place.url = `http://127.0.0.1:${port}`;
    });
    afterAll(() => orthanc?.stop());

    test('is acknowledged while Orthanc is away, and all there once after its return, and nothing comes back (R8)', async () => {
      const { step } = sender(place);
      const films = many('away', MANY);
      const sent: Promise<unknown>[] = [];
      for (let from = 0; from < MANY; from += 20) {
        sent.push(
          fixture
            .send(films.slice(from, from + 20))
            .then((results) => expect(results.every(({ outcome }) => outcome === 'stored')).toBe(true)),
        );
        await step();
        fixture.clock.advance(5_000);
      }
      await Promise.all(sent);
      expect(await waiting()).toBe(MANY);
      orthanc = await startOrthanc({}, { port, users: { server: place.password } });
      for (let seconds = 0; seconds < 120 && (await waiting()) > 0; seconds += 10) {
        fixture.clock.advance(10_000);
        await step();
      }
      expect(await waiting()).toBe(0);
      expect(await there()).toEqual(films.map(({ bytes }) => sha256(bytes)).sort());
      await fixture.follow(place);
      expect(await fixture.outcomes()).toEqual({ stored: MANY });
      const [event] = await fixture.db.withSystem((tx) =>
        tx.rows("SELECT actor, count(*)::int AS n FROM audit_events WHERE action = 'study.send' GROUP BY actor"),
      );
      expect(event).toMatchObject({ actor: 'service:orthanc-send' });
    });

    test('what comes from Orthanc does not go back', async () => {
      await orthanc.post('/instances', Buffer.from(xray('from there').bytes));
      await fixture.follow(place);
      expect(await fixture.outcomes()).toEqual({ stored: MANY + 1 });
      expect(await waiting()).toBe(0);
    });

    test('sent and heard of at the same time is no second copy and no conflict', async () => {
      const films = many('both', 12);
      await fixture.send(films);
      const { step } = sender(place);
      const follower = fixture.follower(place);
      const sending = step();
      for (let n = 0; n < 6; n += 1) {
        await follower.step();
        await sleep(20);
      }
      await sending;
      await follower.step();
      expect(await fixture.outcomes()).toEqual({ stored: MANY + 13 });
    });

    test('leaves with the name that it has here now, and still is ours when it comes back', async () => {
      await fixture.send([xray('renamed')]);
      await fixture.db.withSystem((tx) =>
        tx.run(
          `UPDATE patients SET family_name = 'CORRIGEE', given_name = 'Anne', updated_at = now()
           WHERE id IN (SELECT patient_id FROM import_files ORDER BY id DESC LIMIT 1)`,
        ),
      );
      await sender(place).step();
      expect(await orthanc.post<string[]>('/tools/find', { Level: 'Patient', Query: { PatientName: 'CORRIGEE*' } })).toHaveLength(
        1,
      );
      await fixture.follow(place);
      expect(await fixture.outcomes()).toEqual({ stored: MANY + 14 });
      expect((await fixture.outcomes()).conflict).toBeUndefined();
    });

    test('stays here while it is in the trash, and is not sent when it was erased', async () => {
      await fixture.send([xray('trashed'), xray('erased')]);
      await fixture.db.withSystem((tx) =>
        tx.run('UPDATE studies SET deleted_at = now() WHERE id IN (SELECT study_id FROM series ORDER BY id DESC LIMIT 2)'),
      );
      const before = (await there()).length;
      await sender(place).step();
      expect((await there()).length).toBe(before);
      expect(await waiting()).toBe(2);
      await fixture.db.withSystem((tx) =>
        tx.run('DELETE FROM instances WHERE id IN (SELECT instance_id FROM orthanc_outbox ORDER BY instance_id DESC LIMIT 1)'),
      );
      expect(await waiting()).toBe(1);
      await fixture.db.withSystem((tx) => tx.run('UPDATE studies SET deleted_at = NULL WHERE deleted_at IS NOT NULL'));
      fixture.clock.advance(3_600_000);
      await sender(place).step();
      expect((await there()).length).toBe(before + 1);
      expect(await waiting()).toBe(0);
    });

    test('another instance of that name there is a refusal that is told, and keeps no other from going', async () => {
      const film = xray('another');
      const bytes = Buffer.from(film.bytes);
      bytes.writeUInt8((bytes.at(-2) ?? 0) ^ 1, bytes.length - 2);
      await orthanc.post('/instances', bytes);
      await fixture.send([film, xray('beside')]);
      await sender(place).step();
      expect(await waiting()).toBe(1);
      const row = await fixture.db.withSystem((tx) => tx.first('SELECT failure FROM orthanc_outbox'));
      expect(row).toEqual({ failure: 'OTHER_INSTANCE' });
      expect(logLines.at(-1)).toContain('an instance is not sent to Orthanc yet');
      await fixture.db.withSystem((tx) => tx.run('DELETE FROM orthanc_outbox'));
    });
  });

  const inLongRun = isLong ? describe.skipIf(!hasOrthanc) : () => undefined;
  inLongRun('a real one that does not keep what it is sent', () => {
    test('says so with a 200: nothing is taken for sent, and it is told and waits until it is let in', async () => {
      const folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-orthanc-'));
      const filter = path.join(folder, 'filter.lua');
      await writeFile(filter, 'function ReceivedInstanceFilter(dicom, origin, info) return false end');
      const refusing = await startOrthanc({}, { folder, settings: { LuaScripts: [filter] } });
      const films = [xray('filtered')];
      await fixture.send(films);
      await sender(refusing).step();
      expect(await waiting()).toBe(1);
      const row = await fixture.db.withSystem((tx) => tx.first('SELECT failure FROM orthanc_outbox'));
      expect(row).toEqual({ failure: 'NOT_KEPT' });
      await refusing.kill();
      const willing = await startOrthanc({}, { folder, port: refusing.port });
      fixture.clock.advance(24 * 3_600_000);
      await sender(willing).step();
      expect(await waiting()).toBe(0);
      expect(await willing.get<string[]>('/instances')).toHaveLength(1);
      await willing.stop();
    });
  });

  describe('one that is heard of while it is sent to', () => {
    let fake: FakeOrthanc;
    const rename = (): Promise<unknown> =>
      fixture.db.withSystem((tx) =>
        tx.run(
          `UPDATE patients SET family_name = 'CORRIGEE', given_name = 'Anne', updated_at = now()
           WHERE id IN (SELECT patient_id FROM import_files ORDER BY id DESC LIMIT 1)`,
        ),
      );
    beforeAll(async () => {
      fake = await startFakeOrthanc();
      await fixture.follow(fake);
    });
    afterEach(() => {
      fake.lies = {};
      fake.before = async () => undefined;
    });
    afterAll(() => fake.close());

    const until = async (isSo: () => boolean): Promise<void> => {
      while (!isSo()) await sleep(5);
    };

    test.each(['as it came', 'with a corrected name'])('the file is fetched while its line is taken off, %s', async (how) => {
      await fixture.send([xray(`fetched meanwhile ${how}`)]);
      if (how !== 'as it came') await rename();
      const before = await fixture.outcomes();
      let isAsked = false;
      let isSent = false;
      fake.before = async (request) => {
        // Of the sender: the follower knows nothing of the instance, and asks for no hash.
        if (request.endsWith('/md5')) await until(() => isAsked);
        if (!request.endsWith('/file')) return;
        isAsked = true;
        await until(() => isSent);
      };
      const send = async (): Promise<void> => {
        await sender(fake).step();
        isSent = true;
      };
      const follow = async (): Promise<void> => {
        const follower = fixture.follower(fake);
        while (!isAsked) await follower.step();
      };
      await Promise.all([send(), follow()]);
      expect(await waiting()).toBe(0);
      expect(await fixture.outcomes()).toEqual(before);
    });

    test('it was erased here meanwhile, and does not come back', async () => {
      await fixture.send([xray('erased on its way')]);
      const before = await fixture.outcomes();
      fake.before = async (request) => {
        if (request === 'POST /instances') await fixture.db.withSystem((tx) => tx.run('DELETE FROM orthanc_outbox'));
      };
      fake.lies = { post: 'LOST' };
      const asked = fake.asked.length;
      await sender(fake).step();
      await fixture.follow(fake);
      expect(fake.asked.length).toBe(asked + 1);
      expect(await fixture.outcomes()).toEqual(before);
    });

    test('the answer was lost and the name is another since: what it has is ours, and is not sent twice', async () => {
      const film = xray('answer lost');
      await fixture.send([film]);
      const before = await fixture.outcomes();
      fake.lies = { post: 'LOST' };
      await sender(fake).step();
      expect(await waiting()).toBe(1);
      await rename();
      await fixture.follow(fake);
      fake.lies = {};
      fixture.clock.advance(3_600_000);
      await sender(fake).step();
      expect(await waiting()).toBe(0);
      await fixture.follow(fake);
      expect(await fixture.outcomes()).toEqual(before);
      expect(fake.files().map(sha256)).toContain(sha256(film.bytes));
    });
  });

  describe('one that lies', () => {
    let fake: FakeOrthanc;
    beforeAll(async () => {
      fake = await startFakeOrthanc();
    });
    afterAll(() => fake.close());

    test.each(
      isLong
        ? (['ERROR', 'RESET', 'OTHER', 'FORGETS', 'SILENT', 'TRUNCATED'] as const)
        : (['OTHER', 'FORGETS', 'TRUNCATED'] as const),
    )('is believed nothing, is left alone after ten failures, and gets all when it is well: %s', async (post) => {
      const films = many(post, 14);
      await fixture.send(films);
      fake.lies = { post };
      fake.posted.length = 0;
      const { step } = sender(fake, 300);
      await step();
      expect(fake.posted.length).toBeGreaterThan(0);
      expect(fake.posted.length).toBeLessThanOrEqual(10);
      expect(await waiting()).toBe(14);
      fake.lies = {};
      for (let n = 0; n < 3; n += 1) {
        fixture.clock.advance(60_000);
        await step();
      }
      expect(await waiting()).toBe(0);
      const hashes = fake.files().map(sha256);
      expect(hashes).toEqual(expect.arrayContaining(films.map(({ bytes }) => sha256(bytes))));
      expect(new Set(hashes).size).toBe(hashes.length);
    });
  });
});

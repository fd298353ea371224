import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decideHeld, endDoubt, lockDoubt } from '../../src/features/orthanc/compare/repository.ts';
import { isLong } from '../support/sample.ts';
import { type FakeOrthanc, film, startFakeOrthanc } from './lying.ts';
import { createFeedFixture, type FeedFixture } from './support.ts';

const KEPT = isLong ? 400 : 44;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('what was in Orthanc and is there no more', () => {
  let fixture: FeedFixture;
  let fake: FakeOrthanc;
  let ids: string[];
  let round = 0;
  let asItWas: () => void;
  let anchors: string;

  const add = (name: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => fake.add(film(`${name} ${index}`)));
  const place = (deletions: 'ignore' | 'trash' | 'repair') => ({ url: fake.url, deletions });
  /** So many comparisons, one each time that some minutes have gone by. */
  const compared = async (deletions: 'ignore' | 'trash' | 'repair', times = 1): Promise<void> => {
    for (let n = 0; n < times; n += 1) {
      fixture.clock.advance(6 * 60_000);
      await fixture.follow(place(deletions), 1);
    }
  };
  const count = async (sql: 'trash' | 'outbox'): Promise<number> =>
    (
      await fixture.db.withSystem((tx) =>
        sql === 'trash'
          ? tx.first('SELECT count(*)::int AS n FROM studies WHERE deleted_at IS NOT NULL')
          : tx.first('SELECT count(*)::int AS n FROM orthanc_outbox'),
      )
    )?.n ?? -1;
  const status = async () => {
    const row = await fixture.db.withSystem((tx) =>
      tx.first(
        `SELECT f.doubt, f.known_there AS there, (SELECT count(*)::int FROM orthanc_instances i WHERE i.feed_id = f.id AND missing IN ('told', 'held')) AS missing,
           (SELECT count(*)::int FROM orthanc_instances i WHERE i.feed_id = f.id AND missing = 'held') AS held
         FROM orthanc_feeds f WHERE url = $1`,
        [fake.url],
      ),
    );
    return row;
  };

  beforeAll(async () => {
    fixture = await createFeedFixture();
    fake = await startFakeOrthanc();
    ids = add('kept', KEPT);
    await compared('ignore', 2);
    asItWas = fake.keep();
    anchors = JSON.stringify((await fixture.db.withSystem((tx) => tx.first('SELECT anchors FROM orthanc_feeds', [])))?.anchors);
  });
  afterAll(async () => {
    await fixture.close();
    await fake.close();
  });
  /** Each begins with the same Orthanc, which was compared and has all of it. */
  beforeEach(async () => {
    round += 1;
    asItWas();
    fake.lies = {};
    await fixture.db.withSystem(async (tx) => {
      await tx.run('UPDATE studies SET deleted_at = NULL', []);
      await tx.run('DELETE FROM orthanc_outbox', []);
      await tx.run(
        `UPDATE orthanc_instances SET missing = NULL, missing_since = NULL, listed_at = NULL, seen_at = $2, md5 = CASE WHEN orthanc_id = ANY($1::text[]) THEN md5 END`,
        [ids, fixture.clock.now()],
      );
      await tx.run(
        `UPDATE orthanc_feeds SET doubt = NULL, doubts_next = false, compare_began = NULL, compare_from = 0, may_recycle = false, sweep_from = NULL,
           anchors = $1, compared_at = $2`,
        [anchors, fixture.clock.now()],
      );
    });
  });

  test('is told, and nothing more is done about it: deletions are ignored unless a policy says otherwise', async () => {
    for (const id of ids.slice(4, 6)) fake.remove(id);
    await compared('ignore', 3);
    expect(await status()).toEqual({ doubt: null, there: KEPT - 2, missing: 2, held: 0 });
    expect([await count('trash'), await count('outbox')]).toEqual([0, 0]);
    expect(fixture.logLines.some((line) => line.includes('instances are missing in Orthanc that were there'))).toBe(true);
  });

  test('goes into the trash when the policy says so and it was not there twice, in the name of a service, and comes out of it when it is there again', async () => {
    for (const id of ids.slice(4, 6)) fake.remove(id);
    await compared('trash');
    expect([(await status())?.missing, await count('trash')]).toEqual([2, 0]);
    await compared('trash');
    expect([(await status())?.missing, await count('trash')]).toEqual([0, 2]);
    const events = await fixture.db.withSystem((tx) =>
      tx.rows("SELECT DISTINCT actor, details FROM audit_events WHERE action = 'study.trashed'"),
    );
    expect(events).toEqual([{ actor: 'service:orthanc', details: { because: 'deleted-in-orthanc' } }]);
    expect(fake.add(film('kept 4'))).toBe(ids[4]);
    await fixture.follow(place('trash'), 2);
    expect(await count('trash')).toBe(1);
    await compared('trash', 2);
    expect(await count('trash')).toBe(1);
    // So does what was sent from here, whose bytes are not taken again.
    const md5 = createHash('md5').update(film('kept 5').bytes).digest();
    await fixture.db.withSystem((tx) => tx.run('INSERT INTO orthanc_sent (md5) VALUES ($1)', [md5]));
    expect(fake.add(film('kept 5'))).toBe(ids[5]);
    await fixture.follow(place('trash'), 2);
    expect(await count('trash')).toBe(0);
  });

  test.each([0, 1])(
    'one that begins to delete by itself is asked before anything is done, %i comparisons after something was missing',
    async (after) => {
      fake.remove(ids[4] ?? '');
      const loop = fixture.follower(place('trash'));
      const step = async (): Promise<void> => {
        fixture.clock.advance(6 * 60_000);
        await loop.step();
      };
      // Its settings were looked at within the hour.
      await loop.step();
      for (let n = 0; n < after; n += 1) await step();
      fake.lies = { recycles: true };
      for (let n = 0; n < 3; n += 1) await step();
      expect([await status(), await count('trash')]).toEqual([{ doubt: 'RECYCLES', there: KEPT - 1, missing: 1, held: 1 }, 0]);
    },
  );

  test('stays where more of its study is here than what was there', async () => {
    fake.remove(ids[4] ?? '');
    await fixture.db.withSystem((tx) =>
      tx.run(
        `INSERT INTO instances (id, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, size_bytes, file_sha256)
         SELECT gen_random_uuid(), i.series_id, '2.25.4', '1', '1', 1, '\\x00' FROM instances i JOIN orthanc_instances o ON o.instance_id = i.id WHERE o.orthanc_id = $1`,
        [ids[4] ?? ''],
      ),
    );
    await compared('trash', 3);
    expect([(await status())?.missing, await count('trash')]).toEqual([1, 0]);
    await fixture.db.withSystem((tx) => tx.run("DELETE FROM instances WHERE sop_instance_uid = '2.25.4'"));
  });

  test('what the list leaves out and Orthanc has all the same is not missing', async () => {
    fake.lies = { unlisted: new Set(ids.slice(4, 6)) };
    await compared('trash', 3);
    expect([await status(), await count('trash')]).toEqual([{ doubt: null, there: expect.any(Number), missing: 0, held: 0 }, 0]);
  });

  test.each([
    ['EMPTIED', () => ids],
    ['TOO_MANY', () => ids.slice(4, 12)],
  ] as const)('deletes nothing here when it may be more than deleted: %s', async (doubt, gone) => {
    fake.lies = { hidden: new Set(gone()) };
    await compared('trash', 3);
    expect(await count('trash')).toBe(0);
    expect(await status()).toMatchObject({ doubt, missing: gone().length, held: gone().length });
    expect(fixture.logLines.some((line) => line.includes('nothing is done about what is missing in Orthanc'))).toBe(true);
    // It is there again: nothing is to be told any more.
    fake.lies = {};
    await compared('trash', 2);
    expect(await status()).toEqual({ doubt: null, there: KEPT, missing: 0, held: 0 });
  });

  test('what was held is done when somebody says that it was deleted, and nothing when they say that it shall stay', async () => {
    const decide = (missing: 'released' | 'dismissed') =>
      fixture.db.withSystem(async (tx) => {
        const feed = await lockDoubt(tx, fake.url);
        await decideHeld(tx, feed?.id ?? 0, { missing, until: fixture.clock.now() });
        await endDoubt(tx, feed?.id ?? 0);
      });
    for (const id of ids.slice(4, 12)) fake.remove(id);
    await compared('trash', 2);
    expect([(await status())?.held, await count('trash')]).toEqual([8, 0]);
    await decide('released');
    // One more that is found meanwhile is a large share with those: it is held, and they are not held again.
    fake.remove(ids[12] ?? '');
    await compared('trash', 2);
    expect([await status(), await count('trash')]).toEqual([{ doubt: 'TOO_MANY', there: KEPT - 9, missing: 1, held: 1 }, 8]);
    await decide('dismissed');
    await compared('trash', 2);
    expect([await status(), await count('trash')]).toEqual([{ doubt: null, there: KEPT - 9, missing: 0, held: 0 }, 8]);
  });

  test('what was erased here after it went into the trash does not come back with it', async () => {
    fake.remove(ids[KEPT - 8] ?? '');
    await compared('trash', 2);
    expect(await count('trash')).toBe(1);
    const gone = await fixture.db.withSystem((tx) =>
      tx.run('DELETE FROM instances i USING orthanc_instances o WHERE o.instance_id = i.id AND o.orthanc_id = $1', [
        ids[KEPT - 8] ?? '',
      ]),
    );
    expect(gone).toBe(1);
    fake.add(film(`kept ${KEPT - 8}`));
    await compared('trash', 2);
    expect(await count('trash')).toBe(1);
    expect(await status()).toMatchObject({ missing: 0, held: 0 });
  });

  test('one that may delete by itself when it is full, or does not tell, has all of it held', async () => {
    await fixture.db.withSystem((tx) => tx.run('UPDATE orthanc_feeds SET may_recycle = true WHERE url = $1', [fake.url]));
    fake.remove(ids[4] ?? '');
    await compared('trash', 2);
    expect([await status(), await count('trash')]).toEqual([{ doubt: 'RECYCLES', there: KEPT - 1, missing: 1, held: 1 }, 0]);
  });

  test('little by little is a large share as well', async () => {
    for (const at of [4, 5, 6, 7, 8, 9]) {
      fake.remove(ids[at] ?? '');
      await compared('trash', 2);
    }
    expect(await status()).toMatchObject({ doubt: 'TOO_MANY' });
    expect(await count('trash')).toBeLessThanOrEqual(KEPT / 10);
  });

  test('an Orthanc put back to a backup deletes nothing, before or after its numbers are used again', async () => {
    for (const after of [0, 9]) {
      const late = add(`late ${round} ${after}`, 3);
      await fixture.follow(place('trash'), 2);
      fake.restore(late.length);
      add(`other ${round} ${after}`, after);
      await compared('trash', 3);
      expect(await count('trash')).toBe(0);
      expect(await status()).toMatchObject({ doubt: 'RESTORED' });
    }
  });

  test('another Orthanc in its place deletes nothing, and what is deleted there later is', async () => {
    fake.restore(KEPT);
    const others = add(`another ${round}`, KEPT / 2);
    await compared('trash', 3);
    expect(await count('trash')).toBe(0);
    expect(await status()).toMatchObject({ doubt: 'REPLACED', held: KEPT });
    for (const id of others.slice(4, 6)) fake.remove(id);
    await compared('trash', 2);
    expect(await count('trash')).toBe(2);
  });

  test('what is known is not deleted there by it, and what no change told of is taken over (R10)', async () => {
    const gone = ids.slice(4, 4 + KEPT / 20);
    const foreign = Array.from({ length: gone.length }, (_, index) => film(`foreign ${round} ${index}`));
    for (const id of gone) fake.remove(id);
    for (const one of foreign) fake.addUntold(one);
    await compared('repair', 2);
    expect(await count('outbox')).toBe(gone.length);
    const here = (await fixture.here()).map((one) => one.sha256);
    expect(here).toEqual(expect.arrayContaining(foreign.map(({ bytes }) => sha256(bytes))));
    expect(fixture.logLines.some((line) => line.includes('what is missing in Orthanc is sent there again'))).toBe(true);
    expect(fake.files()).toHaveLength(KEPT);
    await compared('repair', 2);
    expect(await count('outbox')).toBe(gone.length);
  });
});

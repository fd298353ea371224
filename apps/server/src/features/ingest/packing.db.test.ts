import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { moveStudyRows } from '../../archive/kinds.ts';
import { eraseRecords } from '../../archive/lifecycle/erasure.ts';
import { purgeStudy } from '../../archive/lifecycle/purge.ts';
import { dropPacked, instancesWithoutJson, keepJson } from '../../archive/metadata/packing.ts';
import { readSeriesMetadata } from '../../archive/metadata/series-metadata.ts';
import { removeOrphans } from '../../archive/objects/orphans.ts';
import { findPlaced, takeOut } from '../../archive/write/replace.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Tx } from '../../platform/db/database.ts';
import { createIngestFixture, type IngestFixture } from './ingest-fixture.ts';
import { none, packingOf, waitingIn, withPut } from './packing-fixture.ts';

let fixture: IngestFixture;
let { send, seriesOf, pack, withoutHeader }: ReturnType<typeof packingOf> = {} as never; // There are none before the first test.
beforeAll(async () => {
  fixture = await createIngestFixture();
  ({ send, seriesOf, pack, withoutHeader } = packingOf(fixture));
});
afterAll(() => fixture.close());

/** Objects that no row names, of however young they are. */
async function unnamed(): Promise<string[]> {
  const ids: string[] = [];
  for await (const some of fixture.objects.list()) ids.push(...some);
  const rows = await fixture.db.withSystem((tx) =>
    tx.rows(
      `SELECT o.id FROM unnest($1::uuid[]) AS o (id) WHERE NOT EXISTS (SELECT FROM instances i WHERE i.id = o.id)
         AND NOT EXISTS (SELECT FROM series s WHERE s.metadata_object = o.id) AND NOT EXISTS (SELECT FROM retired_objects r WHERE r.id = o.id)`,
      [ids],
    ),
  );
  return rows.map(({ id }) => id);
}

test('a header that comes to stand in a row while its series is packed stays there', async () => {
  const { id } = await seriesOf(await send('kept meanwhile'));
  const dropped =
    'DELETE FROM instance_metadata WHERE instance_id = (SELECT min(i.id::text)::uuid FROM instances i WHERE i.series_id = $1)';
  expect(await fixture.db.withSystem((tx) => tx.run(dropped, [id]))).toBe(1);
  const { objects, reached, go } = waitingIn(fixture.objects);
  const packing = pack(objects);
  await reached;
  // As `keepJson` does, which holds no series.
  await fixture.db.withSystem((tx) =>
    tx.run(
      `INSERT INTO instance_metadata (instance_id, series_id, group_id, json) SELECT i.id, i.series_id, i.group_id, $2::bytea FROM instances i
       WHERE i.series_id = $1 AND NOT EXISTS (SELECT FROM instance_metadata m WHERE m.instance_id = i.id)`,
      [id, deflateRawSync('{}')],
    ),
  );
  go();
  expect(await packing).toBe(1);
  expect(await withoutHeader()).toEqual([]);
  expect(await pack()).toBe(1);
  expect(await pack()).toBe(0);
  expect(await withoutHeader()).toEqual([]);
});

test.each([
  [
    'is purged',
    1,
    async (going: { id: string; study_id: string }) => {
      await fixture.db.withSystem((tx) =>
        tx.run("UPDATE studies SET deleted_at = now() - interval '1 hour' WHERE id = $1", [going.study_id]),
      );
      return fixture.db.withSystem((tx) => purgeStudy(tx, fixture.kinds, going.study_id, new Date()));
    },
  ],
  [
    'is erased',
    1,
    ({ study_id }: { study_id: string }) =>
      fixture.db.withSystem((tx) =>
        eraseRecords(tx, { kinds: fixture.kinds, byUid: [], byText: [] }, { records: [], studies: [study_id] }),
      ),
  ],
  [
    'loses an instance',
    1,
    ({ id }: { id: string }) =>
      fixture.db.withSystem(async (tx) => {
        const first = await tx.first('SELECT i.id FROM instances i WHERE i.series_id = $1 LIMIT 1', [id]);
        const placed = await findPlaced(tx, first?.id ?? '');
        await takeOut(tx, placed ?? none());
      }),
  ],
  [
    'takes another instance',
    1,
    async () => {
      const more = smallPicture({ seed: 'takes another instance', number: 4, columns: 2, cells: Uint8Array.of(4, 1) });
      const [result] = await fixture.send([{ name: 'another', bytes: more.bytes }]);
      expect(result?.outcome).toBe('stored');
    },
  ],
  [
    'goes to another partition',
    2,
    async ({ study_id }: { study_id: string }) => {
      const group = await fixture.group();
      return fixture.db.withSystem((tx) => moveStudyRows(tx, fixture.kinds, study_id, group));
    },
  ],
])(
  'a series that %s while its object is put waits for nothing, and nothing of it stays that no row names',
  async (how, packedNow, change) => {
    const going = await seriesOf(await send(how));
    await send(`beside one that ${how}`);
    const { objects, reached, go } = waitingIn(fixture.objects);
    const packing = pack(objects);
    await reached;
    const before = await unnamed();
    // What is purged leaves its own objects to who purged it.
    await change(going);
    const left = await unnamed();
    go();
    expect(await packing).toBe(packedNow);
    expect(await unnamed()).toEqual(left);
    expect(before).toEqual([]);
    expect(await withoutHeader()).toEqual([]);
    await pack();
    expect(await withoutHeader()).toEqual([]);
    await fixture.objects.delete(await unnamed());
  },
);

test.each([
  ['that somebody holds', (tx: Tx, id: string) => tx.run('SELECT id FROM series WHERE id = $1 FOR NO KEY UPDATE', [id])],
  [
    'of which somebody takes an instance',
    (tx: Tx, id: string) =>
      tx.run('DELETE FROM instances WHERE id = (SELECT i.id FROM instances i WHERE i.series_id = $1 LIMIT 1)', [id]),
  ],
])('a series %s when its object is there is left for later, and neither waits for the other', async (how, hold) => {
  const { id } = await seriesOf(await send(how));
  let [begin, end] = [(): void => undefined, (): void => undefined];
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const holding = fixture.db.withSystem(async (tx) => {
    await hold(tx, id);
    begin();
    await ended;
    await tx.run('UPDATE series SET version = version + 1 WHERE id = $1', [id]);
  });
  await begun;
  expect(await pack()).toBe(0);
  expect(await unnamed()).toEqual([]);
  end();
  await holding;
  expect(await pack()).toBe(1);
  expect(await withoutHeader()).toEqual([]);
  await fixture.objects.delete(await unnamed());
});

test('what is in memory at once is bounded by bytes as well: few headers can be as long as thousands', async () => {
  await pack();
  // Of two series of three, each with one header of 6 MiB: the others may be as long.
  for (const at of [1, 2]) {
    const { id } = await seriesOf(await send(`long ${at}`));
    await fixture.db.withSystem((tx) =>
      tx.run(
        `UPDATE instance_metadata SET json = decode(repeat('00', 6 * 1048576), 'hex')
         WHERE instance_id = (SELECT i.id FROM instances i WHERE i.series_id = $1 LIMIT 1)`,
        [id],
      ),
    );
  }
  await send('short', 1);
  const sizes: number[][] = [];
  const objects = withPut(fixture.objects, async (put) => {
    sizes.push(put.map(({ sizeBytes }) => Math.floor(sizeBytes / 1048576)));
    await fixture.objects.put(put);
  });
  expect(await pack(objects)).toBe(3);
  expect(sizes.flat().sort()).toEqual([0, 6, 6]);
  for (const together of sizes) expect(together.filter((size) => size > 0).length).toBeLessThan(2);
});

test('the hash of an object is that of its bytes, also where a store lets go of them once they are elsewhere', async () => {
  const sent = await send('elsewhere', 2);
  const objects = withPut(fixture.objects, async (put) => {
    await fixture.objects.put(put);
    // As a store of another machine ends its putting.
    for (const one of put) await one.settledElsewhere();
  });
  expect(await pack(objects)).toBe(1);
  const { metadata_object: object, metadata_sha256: sum } = await seriesOf(sent);
  const bytes = await fixture.objects.read(object ?? '', 0, await fixture.objects.size(object ?? ''));
  expect(sum?.toString('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
});

test('an object that was packed while the headers of its series were read anew is not taken away with the old one', async () => {
  const sent = await send('read anew', 2);
  const { id } = await seriesOf(sent);
  await pack();
  const { metadata_object: old } = await seriesOf(sent);
  const jsonOf = new Map((await readSeriesMetadata(fixture.objects, old ?? '')).map((one) => [one.instanceId, one.json]));
  const read = await fixture.db.withSystem((tx) => instancesWithoutJson(tx, id));
  for (const one of read) await fixture.db.withSystem((tx) => keepJson(tx, one, jsonOf.get(one.id) ?? none()));
  expect(await pack()).toBe(1);
  await fixture.db.withSystem((tx) => dropPacked(tx, id));
  expect(await withoutHeader()).toEqual([]);
});

test('of two who pack at once one does what the other has not', async () => {
  const sent = await send('by two', 2);
  await send('by two as well', 2);
  const { objects, reached, go } = waitingIn(fixture.objects);
  const first = pack(objects);
  await reached;
  expect(await pack()).toBe(2);
  const { metadata_object: named } = await seriesOf(sent);
  go();
  expect(await first).toBe(0);
  expect((await seriesOf(sent)).metadata_object).toBe(named);
  expect(await unnamed()).toEqual([]);
  expect(named).not.toBeNull();
  expect(await withoutHeader()).toEqual([]);
});

test.each([
  ['before anything is written', false],
  ['behind it', true],
])('a putting that fails %s leaves all in rows, and the next time goes on', async (how, isWritten) => {
  const sent = await send(how, 2);
  const muchLater = { ...fixture, clock: { now: () => new Date(Date.now() + 2 * 3_600_000) } };
  await removeOrphans(muchLater);
  const left = async () => {
    const ids: string[] = [];
    for await (const some of fixture.objects.list()) ids.push(...some);
    return ids.length;
  };
  const before = await left();
  const objects = withPut(fixture.objects, async (put) => {
    if (isWritten) await fixture.objects.put(put);
    throw new Failure('STORAGE_FULL');
  });
  await expect(pack(objects)).rejects.toThrow(Failure);
  expect((await seriesOf(sent)).metadata_object).toBeNull();
  expect(await left()).toBe(before + (isWritten ? 1 : 0));
  expect(await pack()).toBe(1);
  expect(await withoutHeader()).toEqual([]);
  // As behind a process that was killed: what no row names goes after an hour, and nothing else.
  expect(await removeOrphans(muchLater)).toBe(isWritten ? 1 : 0);
  expect(await left()).toBe(before + 1);
  expect(await withoutHeader()).toEqual([]);
});

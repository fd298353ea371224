import { smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPlaced, takeOut } from '../../archive/write/replace.ts';
import { createIngestFixture, type IngestFixture } from './ingest-fixture.ts';
import { packingOf } from './packing-fixture.ts';

let fixture: IngestFixture;
beforeAll(async () => {
  fixture = await createIngestFixture();
});
afterAll(() => fixture.close());

test('imports, two who pack and instances that go at the same time leave every header where its series says', async () => {
  const { send, pack, withoutHeader } = packingOf(fixture);
  const seeds = Array.from({ length: 12 }, (_, at) => `all at once ${at}`);
  for (const seed of seeds) await send(seed, 2);
  const numbers = new Map(seeds.map((seed) => [seed, 2]));
  let isOver = false;
  const packing = [1, 2].map(async () => {
    let packed = 0;
    while (!isOver) packed += await pack();
    return packed;
  });
  const importing = async (own: readonly string[]) => {
    for (let round = 0; round < 10; round += 1) {
      const more = own.map((seed) => {
        const number = (numbers.get(seed) ?? 0) + 1;
        numbers.set(seed, number);
        return smallPicture({ seed, number, columns: 2, cells: Uint8Array.of(round, 1) });
      });
      const results = await fixture.send(more.map(({ bytes }, at) => ({ name: `${at}`, bytes })));
      expect(results.map(({ outcome }) => outcome)).toEqual(more.map(() => 'stored'));
    }
  };
  const taking = async () => {
    for (let round = 0; round < 25; round += 1)
      await fixture.db.withSystem(async (tx) => {
        const some = await tx.first(
          'SELECT i.id FROM instances i JOIN series s ON s.id = i.series_id WHERE s.instance_count > 1 ORDER BY random() LIMIT 1',
        );
        const placed = some && (await findPlaced(tx, some.id));
        // Imports hold a study before its series.
        if (placed === undefined) return;
        await tx.first('SELECT id FROM studies WHERE id = $1 FOR NO KEY UPDATE', [placed.studyId]);
        if ((await findPlaced(tx, placed.id)) !== undefined) await takeOut(tx, placed);
      });
  };
  const changes = await Promise.allSettled([importing(seeds.slice(0, 8)), importing(seeds.slice(4)), taking()]);
  isOver = true;
  const packed = await Promise.allSettled(packing);
  expect([...changes, ...packed].flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))).toEqual([]);
  expect(await withoutHeader()).toEqual([]);
  await pack();
  expect(await withoutHeader()).toEqual([]);
  const counted = await fixture.db.withSystem((tx) =>
    tx.rows('SELECT s.id FROM series s WHERE s.instance_count <> (SELECT count(*) FROM instances i WHERE i.series_id = s.id)'),
  );
  expect(counted).toEqual([]);
});

import { deflateRawSync } from 'node:zlib';
import { ctVolume, smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { itInLongRun } from '../../../../test/support/sample.ts';
import { ALL } from '../../../access/index.ts';
import { deleteRetired, packSeriesMetadata } from '../../../archive/metadata/packing.ts';
import { removeOrphans } from '../../../archive/objects/orphans.ts';
import type { SeriesHandle } from '../../../archive/pixels/index.ts';
import type { ObjectStore } from '../../../platform/objects/store/index.ts';
import { createIngestFixture, type IngestFixture } from '../../ingest/ingest-fixture.ts';
import { createHeavyWork, type HeavyWork } from '../heavy.ts';
import type { MetadataView } from './instance-text.ts';
import { createMetadata, type SeriesAnswer } from './series-metadata.ts';

let fixture: IngestFixture;
beforeAll(async () => {
  fixture = await createIngestFixture();
});
const heavy = createHeavyWork();
afterAll(async () => {
  await heavy.close();
  await fixture.close();
});

const countOf = (answer: SeriesAnswer): number => ('held' in answer ? answer.held.places.size : Number.NaN);
const later = (minutes: number) => ({ now: () => new Date(Date.now() + minutes * 60_000) });
const slices = [...ctVolume({ seed: 'packed while read', slices: 30, rows: 8, columns: 8 })];
const overlay = {
  revision: '1',
  record_number: 'NG-1',
  external_id: null,
  family_name: '',
  given_name: '',
  person_name: '',
  birth_date: null,
  sex: 'O',
  description: null,
} as MetadataView['overlay']; // What the index says of nobody.
const view = { overlay, identity: true };
const pack = (minutes: number) => packSeriesMetadata({ ...fixture, clock: later(minutes) });
const retiredIds = async () =>
  (await fixture.db.withSystem((tx) => tx.rows('SELECT id FROM retired_objects'))).map(({ id }) => id);

async function seriesHandle(): Promise<SeriesHandle> {
  const [slice] = slices;
  const named = 'SELECT id, study_id, version FROM series WHERE series_instance_uid = $1';
  const row = await fixture.db.withSystem((tx) => tx.first(named, [slice?.seriesInstanceUid ?? '']));
  if (row === undefined || slice === undefined) throw new Error('no series');
  const { studyInstanceUid, seriesInstanceUid } = slice;
  const study = { studyId: row.study_id, patientId: '', groupId: null, studyInstanceUid, scope: [ALL] };
  return { ...study, seriesId: row.id, seriesInstanceUid, version: row.version, mapping: undefined };
}

/** The store with a gate before the first byte of each object, and a count of the readings that came to it. */
function gated() {
  let begun = 0;
  let open: () => void = () => undefined;
  let gate: Promise<void> = Promise.resolve();
  const objects = {
    size: async (id: string) => {
      begun += 1;
      await gate;
      return fixture.objects.size(id);
    },
    read: (id: string, offset: number, length: number) => fixture.objects.read(id, offset, length),
  } as ObjectStore; // What reading metadata uses.
  const close = (): void => {
    gate = new Promise((resolve) => {
      open = resolve;
    });
  };
  return { objects, close, open: () => open(), begun: () => begun };
}

test('a reader who knows the old object of a series still finds it after packing, at the first try; it goes when none can want it', async () => {
  const send = (from: number, to: number) =>
    fixture.send(slices.slice(from, to).map(({ fileName, bytes }) => ({ name: fileName, bytes })));
  await send(0, 10);
  expect(await pack(6)).toBe(1);
  for (let round = 1; round <= 2; round += 1) {
    const gate = gated();
    const { objects } = gate;
    const handle = await seriesHandle();
    gate.close();
    const readings = [1, 2, 3].map(() =>
      createMetadata({ db: fixture.db, objects, heavy }).series({ series: handle, view, base: '' }),
    );
    await expect.poll(gate.begun).toBe(3);
    // It has read the name of the object. Now the series grows and is packed anew, and orphans are looked for.
    await send(10 * round, 10 * round + 10);
    expect(await pack(6)).toBe(1);
    await deleteRetired({ ...fixture, clock: later(0) });
    await removeOrphans({ ...fixture, clock: later(600) });
    gate.open();
    for (const read of await Promise.all(readings)) expect(countOf(read)).toBe(10 * round);
    expect(gate.begun()).toBe(3);
  }
  const retired = await retiredIds();
  expect(retired).toHaveLength(2);
  expect(await deleteRetired({ ...fixture, clock: later(16) })).toBe(2);
  expect(await retiredIds()).toEqual([]);
  for (const id of retired) await expect(fixture.objects.size(id)).rejects.toThrow();
  const now = await createMetadata({ ...fixture, heavy }).series({ series: await seriesHandle(), view, base: '' });
  expect(countOf(now)).toBe(30);
});

test('many small series are packed together, and one that an import holds is left for the next time, without waiting', async () => {
  await fixture.send(
    Array.from({ length: 40 }, (_, index) =>
      smallPicture({ seed: `small ${index}`, columns: 2, cells: Uint8Array.of(0, 1) }),
    ).map(({ bytes }, index) => ({ name: `${index}.dcm`, bytes })),
  );
  await fixture.db.withSystem(async (tx) => {
    const held = await tx.first('SELECT id FROM series WHERE metadata_object IS NULL ORDER BY id LIMIT 1 FOR NO KEY UPDATE');
    expect(held).toBeDefined();
    expect(await pack(6)).toBe(39);
  });
  expect(await pack(6)).toBe(1);
  const [left] = await fixture.db.withSystem((tx) => tx.rows('SELECT count(*)::integer AS rows FROM instance_metadata'));
  expect(left).toEqual({ rows: 0 });
});

test('while a series is packed again and again, every reading of it is whole and never begins anew', async () => {
  const gate = gated();
  const handle = await seriesHandle();
  let isOver = false;
  let packed = 0;
  const packing = (async () => {
    while (!isOver) {
      await fixture.db.withSystem((tx) =>
        tx.run(
          `INSERT INTO instance_metadata (instance_id, series_id, group_id, json)
           SELECT id, series_id, group_id, $1 FROM instances ORDER BY random() LIMIT 3 ON CONFLICT DO NOTHING`,
          [deflateRawSync('{}')],
        ),
      );
      packed += await pack(6);
    }
  })();
  const numberOfReadings = 40;
  for (let at = 0; at < numberOfReadings; at += 1) {
    const statements = createMetadata({ db: fixture.db, objects: gate.objects, heavy });
    expect(countOf(await statements.series({ series: handle, view, base: '' }))).toBe(30);
  }
  isOver = true;
  await packing;
  expect(packed).toBeGreaterThan(1);
  expect(gate.begun()).toBeLessThanOrEqual(numberOfReadings);
});

itInLongRun(
  'of a series that is too long to be held no text is made twice: what was made before that is known goes out first',
  async () => {
    const long = deflateRawSync(`{"00081080":{"vr":"UT","Value":["${'long '.repeat(200_000)}"]}}`);
    const made: string[] = [];
    const counting = {
      ...heavy,
      metadata: (work: Parameters<HeavyWork['metadata']>[0]) => {
        made.push(work.address);
        return heavy.metadata(work);
      },
    };
    await fixture.db.withSystem((tx) =>
      tx.run(
        `INSERT INTO instance_metadata (instance_id, series_id, group_id, json)
       SELECT id, series_id, group_id, $1 FROM instances ON CONFLICT (instance_id) DO UPDATE SET json = excluded.json`,
        [long],
      ),
    );
    const metadata = createMetadata({ ...fixture, heavy: counting });
    const wanted = { series: await seriesHandle(), view, base: '' };
    for (const times of [1, 2]) {
      const answer = await metadata.series(wanted);
      if ('held' in answer) throw new Error('held');
      let length = 0;
      for await (const text of answer.texts) length += text.length;
      expect(length).toBeGreaterThan(30_000_000);
      expect(made).toHaveLength(30 * times);
      expect(new Set(made).size).toBe(30);
    }
  },
);

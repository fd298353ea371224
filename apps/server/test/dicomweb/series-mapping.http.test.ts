import path from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { smallPicture } from '@negatoscope/testkit';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packSeriesMetadata } from '../../src/archive/metadata/packing.ts';
import { createDamageList } from '../../src/archive/objects/damage.ts';
import { passShort } from '../../src/archive/pixels/index.ts';
import { mapSeries } from '../../src/features/dicomweb/index.ts';
import { DiskStore } from '../../src/platform/objects/disk/disk-store.ts';
import { GuardedStore } from '../../src/platform/objects/store/index.ts';
import { ROW_KINDS } from '../../src/row-kinds.ts';
import { createFakeClock } from '../support/app.ts';
import { itInLongRun } from '../support/sample.ts';
import { UPKEEP } from '../support/upkeep.ts';
import { addressOf, displayUrl, type Gallery, openGallery } from './pictures-support.ts';

/** PET slices of four pixels, each with a slope of its own: modality values 0 and 100 are in all of them, the highest of all in the second. */
const SLICES = [
  [1, [0, 100, 50, 100]],
  [4, [0, 25, 100, 500]],
  [0.25, [0, 400, 200, 400]],
  [1, [0, 100, 80, 200]],
  [2, [0, 50, 25, 50]],
] as const;

const slices = SLICES.map(([slope, values], index) =>
  smallPicture({
    seed: 'pet',
    number: index + 1,
    columns: 2,
    cells: Uint16Array.from(values),
    modality: 'PT',
    dataset: { Units: 'BQML', RescaleSlope: slope, RescaleIntercept: 0 },
  }),
);
const [first = smallPicture({ seed: 'none', columns: 1, cells: Uint8Array.of(0) })] = slices;
const flat = [0, 77, 255].map((value, index) =>
  smallPicture({ seed: 'flat', number: index + 1, seriesNumber: index + 1, columns: 2, cells: new Uint8Array(4).fill(value) }),
);
/** More than stand for a series: of fewer there is nothing to look for. */
const four = (seed: string, dataset: Record<string, number> = {}) =>
  [1, 2, 3, 4].map((number) => smallPicture({ seed, number, columns: 2, cells: Uint16Array.of(0, 1000), dataset }));
const windowed = four('windowed', { WindowCenter: 500, WindowWidth: 1001 });

describe('one mapping for a series that stores no window (PS3.3 C.11.2.1.2, docs/decisions/0018)', () => {
  let gallery: Gallery;
  let objects: DiskStore;
  const clock = createFakeClock();
  const later = { now: () => new Date(clock.now().getTime() + 3_600_000) };
  const firstPixels = async (which: number) => {
    const { data, channels } = await gallery.png(`${addressOf(slices[which] ?? first).instance}/rendered`);
    return [...data].filter((_, index) => index % channels === 0);
  };

  const toolsOf = () => {
    const { db, changes } = gallery.app;
    const damage = createDamageList({ db, changes, log: pino({ level: 'silent' }), kinds: ROW_KINDS });
    return { db, by: UPKEEP, objects: new GuardedStore(objects, damage), clock: later };
  };
  const isMapped = async (uid: string) =>
    (await gallery.app.db.withSystem((tx) => tx.first('SELECT is_mapped FROM series WHERE series_instance_uid = $1', [uid])))
      ?.is_mapped;

  beforeAll(async () => {
    gallery = await openGallery();
    objects = await DiskStore.open({ root: path.join(gallery.app.settings.dataDir, 'objects') });
    await gallery.store([...slices, ...flat, ...windowed].map(({ bytes }) => bytes));
  });
  afterAll(async () => {
    await objects.close();
    await gallery.close();
  });

  it('is of the first, middle and last frame until all were looked at; the same value has the same gray in every slice', async () => {
    // Values 0 to 100 of the three: 0 to 255.
    expect((await gallery.get(displayUrl(first))).json()).toEqual({ mapping: { lower: 0, upper: 100 }, isWhole: false });
    expect(await firstPixels(0)).toEqual([0, 255, 128, 255]);
    expect(await firstPixels(1)).toEqual([0, 255, 255, 255]);
    expect(await firstPixels(2)).toEqual([0, 255, 128, 255]);
  });

  it('shows flat images as their bits say, not grey 128', async () => {
    const shown = await Promise.all(flat.map((one) => gallery.png(`${addressOf(one).instance}/rendered`)));
    expect(shown.map(({ data }) => data[0])).toEqual([0, 77, 255]);
  });

  it('is found from all frames once the series is packed, for rendered resources, thumbnails and the page, with other entity tags', async () => {
    const url = `${addressOf(first).instance}/rendered`;
    const before = (await gallery.get(url)).headers.etag;
    const { db, changes } = gallery.app;
    const damage = createDamageList({ db, changes, log: pino({ level: 'silent' }), kinds: ROW_KINDS });
    const tools = { db, by: UPKEEP, objects: new GuardedStore(objects, damage), clock: later };
    await packSeriesMetadata(tools);
    expect(await mapSeries(tools)).toBe(5);
    await expect
      .poll(async () => (await gallery.get(displayUrl(first))).json())
      .toEqual({
        mapping: { lower: 0, upper: 2000 },
        isWhole: true,
      });
    expect((await gallery.get(url)).headers.etag).not.toBe(before);
    // 100 of 2000 is 12.75 of 255.
    expect(await firstPixels(0)).toEqual([0, 13, 6, 13]);
    expect(await firstPixels(1)).toEqual([0, 13, 51, 255]);
    const thumbnail = await gallery.png(`${addressOf(first).series}/thumbnail?viewport=2,2`);
    expect([...thumbnail.data].filter((_, index) => index % thumbnail.channels === 0)).toEqual(await firstPixels(2));
    expect(await mapSeries(tools)).toBe(0);
  });

  it('is not looked for where every frame stores a window', async () => {
    const [row] = await gallery.app.db.withSystem((tx) =>
      tx.rows(
        'SELECT mapping_lower, mapping_upper, mapping_version = version AS is_seen FROM series WHERE series_instance_uid = $1',
        [windowed[0]?.seriesInstanceUid ?? ''],
      ),
    );
    expect(row).toEqual({ mapping_lower: null, mapping_upper: null, is_seen: true });
  });

  it('is of all frames at once where there are three at the most, before and after the series is packed', async () => {
    const few = [0, 1, 2].map((number) =>
      smallPicture({ seed: 'few', number: number + 1, columns: 2, cells: Uint16Array.of(0, 100 * (number + 1)) }),
    );
    await gallery.store(few.map(({ bytes }) => bytes));
    const whole = { mapping: { lower: 0, upper: 300 }, isWhole: true };
    const url = displayUrl(few[0] ?? first);
    expect((await gallery.get(url)).json()).toEqual(whole);
    const { db, changes } = gallery.app;
    const damage = createDamageList({ db, changes, log: pino({ level: 'silent' }), kinds: ROW_KINDS });
    const tools = { db, by: UPKEEP, objects: new GuardedStore(objects, damage), clock: later };
    expect(await mapSeries(tools)).toBe(0);
    await packSeriesMetadata(tools);
    expect(await mapSeries(tools)).toBe(1);
    expect((await gallery.get(url)).json()).toEqual(whole);
    expect(await mapSeries(tools)).toBe(0);
  });

  it('is found anew where a series grows past three, the page is told, and an import that holds the series is not passed by', async () => {
    const of = (number: number, upper: number) =>
      smallPicture({ seed: 'growing', number, columns: 2, cells: Uint16Array.of(0, upper) });
    const [one = first, ...others] = [of(1, 100), of(2, 100), of(3, 100)];
    await gallery.store([one, ...others].map(({ bytes }) => bytes));
    const url = displayUrl(one);
    const tools = toolsOf();
    await packSeriesMetadata(tools);
    const named = 'SELECT id FROM series WHERE series_instance_uid = $1 FOR NO KEY UPDATE';
    await tools.db.withSystem(async (tx) => {
      await tx.first(named, [one.seriesInstanceUid]);
      expect(await tools.db.withSystem((other) => passShort(other, later.now(), 10))).toBe(0);
    });
    expect(await mapSeries(tools)).toBe(1);
    expect(await isMapped(one.seriesInstanceUid)).toBe(true);
    expect((await gallery.get(url)).json()).toEqual({ mapping: { lower: 0, upper: 100 }, isWhole: true });
    await gallery.store([of(4, 900).bytes, of(5, 100).bytes]);
    await expect.poll(async () => (await gallery.get(url)).json()).toEqual({ mapping: { lower: 0, upper: 100 }, isWhole: false });
    expect(await isMapped(one.seriesInstanceUid)).toBe(false);
    await packSeriesMetadata(tools);
    expect(await mapSeries(tools)).toBe(1);
    await expect.poll(async () => (await gallery.get(url)).json()).toEqual({ mapping: { lower: 0, upper: 900 }, isWhole: true });
  });

  it.each([
    ['three frames of one instance', 3, [0, 1, 2, 3, 4, 5], { lower: 0, upper: 5 }, true],
    ['four', 4, [0, 1, 9, 1, 2, 3, 4, 5], { lower: 0, upper: 5 }, false],
  ] as const)('counts frames and not instances: %s', async (seed, frames, cells, mapping, isWhole) => {
    const picture = smallPicture({ seed, frames, columns: 2, cells: Uint16Array.from(cells) });
    await gallery.store([picture.bytes]);
    expect((await gallery.get(displayUrl(picture))).json()).toEqual({ mapping, isWhole });
    const tools = toolsOf();
    await packSeriesMetadata(tools);
    expect(await mapSeries(tools)).toBe(1);
    await expect
      .poll(async () => (await gallery.get(displayUrl(picture))).json())
      .toEqual({ mapping: { lower: 0, upper: Math.max(...cells) }, isWhole: true });
  });

  itInLongRun('is not looked for behind a header that inflates without end', async () => {
    const pictures = four('endless');
    await gallery.store(pictures.map(({ bytes }) => bytes));
    const [endless = first] = pictures;
    const { db, changes } = gallery.app;
    await db.withSystem(async (tx) => {
      const named =
        'SELECT i.id, m.json FROM instances i JOIN instance_metadata m ON m.instance_id = i.id WHERE i.sop_instance_uid = $1';
      const row = await tx.first(named, [endless.sopInstanceUid]);
      if (row === undefined) throw new Error('The image was not stored.');
      // The same values, and 101 MB that say nothing: 100 kB deflated.
      const json = deflateRawSync(Buffer.concat([inflateRawSync(row.json), Buffer.alloc(101_000_000, ' ')]));
      await tx.run('UPDATE instance_metadata SET json = $2 WHERE instance_id = $1', [row.id, json]);
    });
    const damage = createDamageList({ db, changes, log: pino({ level: 'silent' }), kinds: ROW_KINDS });
    const tools = { db, by: UPKEEP, objects: new GuardedStore(objects, damage), clock: later };
    await packSeriesMetadata(tools);
    expect(await mapSeries(tools)).toBe(1);
    const [row] = await db.withSystem((tx) =>
      tx.rows(
        'SELECT mapping_lower, mapping_upper, mapping_version = version AS is_seen FROM series WHERE series_instance_uid = $1',
        [endless.seriesInstanceUid],
      ),
    );
    expect(row).toEqual({ mapping_lower: null, mapping_upper: null, is_seen: true });
  });

  it('is of the version of the series: what is added counts at once, by the first, middle and last again', async () => {
    const added = smallPicture({
      seed: 'pet',
      number: 6,
      columns: 2,
      cells: Uint16Array.of(0, 0, 0, 500),
      modality: 'PT',
      dataset: { Units: 'BQML', RescaleSlope: 1, RescaleIntercept: 0 },
    });
    await gallery.store([added.bytes]);
    await expect
      .poll(async () => (await gallery.get(displayUrl(first))).json())
      .toEqual({
        mapping: { lower: 0, upper: 500 },
        isWhole: false,
      });
  });

  it('of what is out of scope is answered like that of what does not exist', async () => {
    const stranger = await gallery.app.login(
      await gallery.app.makeUser({ role: 'RESEARCHER', groupId: await gallery.app.makeGroup() }),
    );
    const ask = (url: string) => gallery.app.app.inject({ method: 'GET', url, headers: { cookie: stranger.cookie } });
    const [real, unknown] = [await ask(displayUrl(first)), await ask('/api/studies/2.1/series/2.2/display')];
    expect([real.statusCode, real.body]).toEqual([404, unknown.body]);
  });
});

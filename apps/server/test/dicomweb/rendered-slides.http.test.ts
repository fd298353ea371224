import { slideColor, smallPicture, wholeSlide } from '@negatoscope/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, type Gallery, openGallery, type Raster } from './pictures-support.ts';

const full = wholeSlide({ seed: 'rendered-slide', columns: 600, rows: 400, side: 128 });
const sparse = wholeSlide({ seed: 'rendered-sparse', columns: 600, rows: 400, side: 64, isSparse: true, planes: 3 });
/** Nothing coarser than itself, and more tiles than one picture is made of. */
const flat = wholeSlide({ seed: 'rendered-flat', columns: 600, rows: 400, side: 16, factors: [1] });
const lying = wholeSlide({
  ...{ seed: 'rendered-lying', columns: 64, rows: 64, side: 64, factors: [1] },
  dataset: { '00480006': { vr: 'UL', value: 100_000 }, '00480007': { vr: 'UL', value: 100_000 } },
});
/** So many places of tiles that they are left in the file when its header is read. */
const scattered = wholeSlide({ seed: 'rendered-scattered', columns: 600, rows: 400, side: 32, factors: [1], isSparse: true });
/** Longer than a WebP can be. */
const long = wholeSlide({
  ...{ seed: 'rendered-long', columns: 64, rows: 64, side: 64, factors: [1] },
  dataset: { '00480006': { vr: 'UL', value: 20_000 }, '00480007': { vr: 'UL', value: 64 } },
});
const line = smallPicture({ seed: 'rendered-line', columns: 16_400, cells: new Uint16Array(16_400).fill(100) });
const firstOf = (slide: typeof full) => {
  const [first] = slide;
  if (first === undefined) throw new Error('no level');
  return addressOf(first);
};

/** How far a picture is from the phantom: `part` in shares of the slide. */
function apart({ width, height, channels, data }: Raster, [left, top, right, bottom] = [0, 0, 1, 1]): number {
  let sum = 0;
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const [u, v] = [left + ((x + 0.5) / width) * (right - left), top + ((y + 0.5) / height) * (bottom - top)];
      const wanted = slideColor(u, v);
      for (const channel of [0, 1, 2] as const)
        sum += Math.abs((data[(y * width + x) * channels + channel] ?? 0) - wanted[channel]);
    }
  return sum / (width * height * 3);
}

describe('a slide as one picture (PS3.18 10.4.1.1.3, PS3.3 C.8.12.4)', () => {
  let gallery: Gallery;
  beforeAll(async () => {
    gallery = await openGallery();
    await gallery.store([...full, ...sparse, ...flat, ...lying, ...scattered, ...long, line].map(({ bytes }) => bytes));
  });
  afterAll(() => gallery.close());

  it.each(['instance', 'series', 'study'] as const)('is put together of its tiles, for its %s', async (level) => {
    const picture = await gallery.png(`${firstOf(full)[level]}/rendered`);
    expect([picture.width, picture.height]).toEqual([600, 400]);
    expect(apart(picture)).toBeLessThan(1);
  });

  it('is by a viewport the level that suits it, or a region of its own pixels, turned round where that is asked', async () => {
    const { instance } = firstOf(full);
    const small = await gallery.png(`${instance}/rendered?viewport=150,150`);
    expect([small.width, small.height]).toEqual([150, 100]);
    // Nuclei are smaller than a pixel of the phantom's coarser levels.
    expect(apart(small)).toBeLessThan(6);
    const region = await gallery.png(`${instance}/rendered?viewport=300,300,100,50,200,100`);
    expect([region.width, region.height]).toEqual([200, 100]);
    expect(apart(region, [100 / 600, 50 / 400, 300 / 600, 150 / 400])).toBeLessThan(1);
    const flipped = await gallery.png(`${instance}/rendered?viewport=300,300,100,50,-200,100`);
    expect([...flipped.data.subarray(0, 3)]).toEqual([...region.data.subarray(199 * 3, 200 * 3)]);
    expect((await gallery.get(`${instance}/rendered?viewport=9,9,600,0,5,5`)).statusCode).toBe(400);
  });

  it('is black where a sparse slide has no tile, and the one in the middle of its focal planes', async () => {
    const picture = await gallery.png(`${firstOf(sparse).instance}/rendered`);
    const [x, y] = [300, 200];
    const at = (y * picture.width + x) * 3;
    expect([...picture.data.subarray(at, at + 3)]).toEqual([...slideColor(300.5 / 600, 200.5 / 400)]);
    expect([...picture.data.subarray(0, 3)]).toEqual([0, 0, 0]);
  });

  it('is whole where its tiles say in hundreds where they are', async () => {
    const picture = await gallery.png(`${firstOf(scattered).instance}/rendered`);
    expect([picture.width, picture.height]).toEqual([600, 400]);
    for (const [x, y] of [
      [300, 200],
      [120, 180],
      [480, 220],
    ] as const) {
      const at = (y * picture.width + x) * 3;
      expect([...picture.data.subarray(at, at + 3)]).toEqual([...slideColor((x + 0.5) / 600, (y + 0.5) / 400)]);
    }
    const thumbnail = await gallery.png(`${firstOf(scattered).series}/thumbnail`);
    expect([thumbnail.width, thumbnail.height]).toEqual([128, 85]);
  });

  it('is as long as a WebP can be where it is longer, and an image in its own size says that it has no room in one', async () => {
    const webp = { accept: 'image/webp' };
    const drawn = await gallery.get(`${firstOf(long).instance}/rendered?viewport=16384,16384`, webp);
    expect([drawn.statusCode, (await sharp(drawn.rawPayload).metadata()).width]).toEqual([200, 16_383]);
    const { instance } = addressOf(line);
    expect((await gallery.get(`${instance}/rendered`, webp)).json()).toMatchObject({
      status: 406,
      detail: expect.stringMatching(/png/),
    });
    expect((await gallery.get(`${instance}/rendered`, { accept: 'image/jpeg' })).statusCode).toBe(200);
  });

  it('says that it can not be drawn whole where it has no coarser level; a region can, and a drawn page is its thumbnail', async () => {
    const { instance, series } = firstOf(flat);
    const refused = await gallery.get(`${instance}/rendered`, { accept: 'image/png' });
    expect(refused.json()).toMatchObject({ status: 406, code: 'NOT_ACCEPTABLE', detail: expect.stringMatching(/region/) });
    expect(apart(await gallery.png(`${instance}/rendered?viewport=64,64,0,0,64,64`), [0, 0, 64 / 600, 64 / 400])).toBeLessThan(1);
    const thumbnail = await gallery.get(`${series}/thumbnail`, { accept: 'image/png' });
    expect(await sharp(thumbnail.rawPayload).metadata()).toMatchObject({ width: 128, height: 128 });
  });

  it('costs no more where a matrix is announced that is not there', async () => {
    const { instance } = firstOf(lying);
    expect((await gallery.get(`${instance}/rendered`, { accept: 'image/png' })).statusCode).toBe(406);
    expect((await gallery.get(`${instance}/thumbnail`, { accept: 'image/png' })).statusCode).toBe(200);
  });

  it('has the whole slide on its thumbnails, of each level', async () => {
    for (const one of full) {
      const thumbnail = await gallery.png(`${addressOf(one).instance}/thumbnail`);
      expect(Math.max(thumbnail.width, thumbnail.height)).toBeLessThanOrEqual(128);
      // The coarsest levels have no room for nuclei.
      expect(apart(thumbnail)).toBeLessThan(14);
    }
    const again = await gallery.get(`${firstOf(full).instance}/rendered`, { accept: 'image/png' });
    const same = await gallery.get(`${firstOf(full).instance}/rendered`, {
      accept: 'image/png',
      'if-none-match': String(again.headers.etag),
    });
    expect(same.statusCode).toBe(304);
  });

  it('is one tile still by its frame', async () => {
    const tile = await gallery.png(`${firstOf(full).instance}/frames/1/rendered`);
    expect([tile.width, tile.height]).toEqual([128, 128]);
  });
});

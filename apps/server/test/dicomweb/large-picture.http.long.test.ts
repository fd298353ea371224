import { smallPicture } from '@negatoscope/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MeasuredGallery, openMeasured } from './measured-gallery.ts';
import { addressOf } from './pictures-support.ts';

const MB = 1024 * 1024;
const [COLUMNS, ROWS] = [4728, 5928];
/** As plates of 50 µm give it, not compressed: 56 MB in one frame. */
const mammogram = smallPicture({
  ...{ seed: 'large-picture', columns: COLUMNS, bitsStored: 14, modality: 'MG' },
  cells: new Uint16Array(COLUMNS * ROWS).map((_, at) => ((at % COLUMNS) * 3) & 0x3fff),
});

describe('a mammogram of 28 million pixels', { timeout: 300_000 }, () => {
  let gallery: MeasuredGallery;
  beforeAll(async () => {
    gallery = await openMeasured([mammogram.bytes]);
  }, 300_000);
  afterAll(() => gallery.close(), 120_000);

  it('has a picture and a thumbnail, also for six who ask at once, within bounded memory', async () => {
    const { instance, series } = addressOf(mammogram);
    const growth = await gallery.server.growthDuring(async () => {
      const answers = await Promise.all(
        [
          `${instance}/rendered`,
          `${instance}/thumbnail`,
          `${series}/thumbnail`,
          ...[500, 501, 502].map((side) => `${instance}/rendered?viewport=${side},${side}`),
        ].map((url) => gallery.get(url, { accept: 'image/jpeg' })),
      );
      // One after the other, for each needs all there is: who would wait too long is told when to come again.
      for (const { status, retryAfter } of answers)
        expect([status, retryAfter]).toEqual(status === 200 ? [200, null] : [503, '5']);
      expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(3);
      for (const url of [`${instance}/thumbnail`, `${series}/thumbnail`]) expect((await gallery.get(url)).status).toBe(200);
      const { body } = await gallery.get(`${instance}/rendered`, { accept: 'image/jpeg' });
      const { width, height } = await sharp(body).metadata();
      expect([width, height]).toEqual([COLUMNS, ROWS]);
    });
    expect(growth).toBeLessThan(450 * MB);
  });
});

import {
  type Dataset,
  type ElementInput,
  type GeneratedInstance,
  smallPicture,
  TransferSyntax,
  wholeSlide,
} from '@negatoscope/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MeasuredGallery, openMeasured } from './measured-gallery.ts';
import { addressOf } from './pictures-support.ts';

const MB = 1024 * 1024;
const firstOf = (slide: readonly GeneratedInstance[]): GeneratedInstance => {
  const [first] = slide;
  if (first === undefined) throw new Error('no level');
  return first;
};
const sq = (...value: Dataset[]): ElementInput => ({ vr: 'SQ', value });
const place = (x: number, y: number): Dataset => ({
  '0048021A': sq({
    '0048021E': { vr: 'SL', value: x },
    '0048021F': { vr: 'SL', value: y },
    '0040074A': { vr: 'DS', value: '0' },
  }),
});
const flat = (seed: string, dataset: Dataset, more: object = {}) =>
  firstOf(wholeSlide({ seed, columns: 256, rows: 256, side: 64, factors: [1], dataset, ...more }));
const sparse = (places: readonly Dataset[]): Dataset => ({
  '00209311': { vr: 'CS', value: 'TILED_SPARSE' },
  '52009230': sq(...places),
});
const matrix = (columns: number, rows = columns): Dataset => ({
  '00480006': { vr: 'UL', value: columns },
  '00480007': { vr: 'UL', value: rows },
});
const spacing = (...values: string[]): Dataset => ({
  '52009229': sq({ '00289110': sq({ '00280030': { vr: 'DS', value: values } }) }),
});

const one: Record<string, GeneratedInstance> = {
  'tiles that lie over each other': flat(
    'over',
    sparse(Array.from({ length: 16 }, (_, at) => place((at % 5) + 1, (at % 3) + 1))),
  ),
  'tiles at the ends of all numbers': flat(
    'ends',
    sparse([place(-(2 ** 31), 1), place(2 ** 31 - 1, 2 ** 31 - 1), place(1, -(2 ** 31)), place(1, 1)]),
  ),
  'as many columns as a number has': flat('columns', matrix(2 ** 31)),
  'a matrix of one line': flat('line', matrix(2 ** 24, 1)),
  'a matrix of nothing': flat('nothing', matrix(0)),
  'no distance between pixels': flat('zero', spacing('0', '0')),
  'distances that are no numbers': flat('nan', spacing('NaN', '1e999')),
  'more planes than frames': flat('planes', {
    '00480303': { vr: 'UL', value: 2 ** 32 - 1 },
    '00480302': { vr: 'UL', value: 2 ** 32 - 1 },
  }),
  'a matrix of which most is not there': flat('small', matrix(100_000)),
};

/** 300 × 200 tiles of 2 × 2: 60,000 frames, each with groups of its own. */
const FRAMES = 60_000;
const many = (seed: string, dataset: Dataset) =>
  firstOf(wholeSlide({ seed, columns: 600, rows: 400, side: 2, factors: [1], dataset }));
const groups = Array.from({ length: FRAMES }, (_, at) => place((at % 300) * 2 + 1, Math.floor(at / 300) * 2 + 1));
const manyFull = many('many-full', { '52009230': sq(...groups) });
const manySparse = many('many-sparse', sparse(groups));
/** Four tiles of 16 million pixels, which share a frame that compresses well. */
async function heavy(seed: string): Promise<GeneratedInstance> {
  const side = 4096;
  const ramp = Buffer.from(Array.from({ length: side }, (_, at) => at >> 4));
  const pixels = Buffer.concat(Array.from({ length: side * 3 }, () => ramp));
  const jpeg = await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .jpeg({ quality: 80 })
    .toBuffer();
  const frame = jpeg.length % 2 === 0 ? jpeg : Buffer.concat([jpeg, Buffer.alloc(1)]);
  return firstOf(
    wholeSlide({
      ...{ seed, columns: 64, rows: 64, side: 64, factors: [1], transferSyntaxUid: TransferSyntax.jpegBaseline },
      dataset: {
        ...matrix(2 * side),
        ...{ Rows: side, Columns: side, NumberOfFrames: 4, PhotometricInterpretation: 'YBR_FULL_422' },
        PixelData: { frames: [[frame], [frame], [frame], [frame]], offsetTable: 'basic' },
      },
    }),
  );
}

const other = smallPicture({ seed: 'beside', columns: 16, cells: new Uint16Array(128).fill(7) });

describe('slides that somebody made to hurt (decisions 106 and 108)', { timeout: 300_000 }, () => {
  let gallery: MeasuredGallery;
  let heavyOnes: readonly GeneratedInstance[];
  beforeAll(async () => {
    heavyOnes = await Promise.all(Array.from({ length: 6 }, (_, at) => heavy(`heavy ${at}`)));
    const files = [...Object.values(one), manyFull, manySparse, other, ...heavyOnes];
    gallery = await openMeasured(files.map(({ bytes }) => bytes));
    await gallery.get(`${addressOf(other).instance}/rendered`);
  }, 300_000);
  afterAll(() => gallery.close(), 120_000);

  it.each(Object.keys(one))('%s: a picture, or why there is none, soon', async (name) => {
    const { instance, series } = addressOf(one[name] as GeneratedInstance); // One of the names.
    for (const url of [
      `${instance}/rendered`,
      `${series}/rendered?viewport=64,64`,
      `${instance}/thumbnail`,
      `${instance}/rendered?viewport=9,9,0,0,9,9`,
    ]) {
      const { status, ms } = await gallery.get(url);
      expect([200, 400, 406, 422], url).toContain(status);
      expect(ms, url).toBeLessThan(5000);
    }
  });

  it.each([
    ['in rows', manyFull],
    ['where they say', manySparse],
  ])('of 60,000 frames, %s: neither whole nor in part does it hold the server up', async (_how, slide) => {
    await gallery.server.longestBlock();
    const { instance } = addressOf(slide);
    const growth = await gallery.server.growthDuring(async () => {
      for (const url of [`${instance}/rendered`, `${instance}/thumbnail`, `${instance}/rendered?viewport=32,32,100,100,32,32`]) {
        const { status, ms } = await gallery.get(url);
        // Of sparse tiles in such numbers the places are left in the file: then it is drawn as the image that it is.
        expect([200, 400, 406], url).toContain(status);
        expect(ms, url).toBeLessThan(15_000);
      }
    });
    expect(growth).toBeLessThan(500 * MB);
    expect((await gallery.server.longestBlock()).ownMs).toBeLessThan(500);
  });

  it('six of tiles of 16 million pixels at once: each is drawn, or says when to come again; nobody else waits for them', async () => {
    const stranger = await gallery.login('PHYSICIAN');
    const asked = heavyOnes.map((slide) => gallery.get(`${addressOf(slide).instance}/rendered?viewport=512,512`));
    const small = one['a matrix of which most is not there'] ?? other;
    const theirs = await gallery.get(`${addressOf(small).instance}/rendered?viewport=64,64,0,0,64,64`, {
      cookie: stranger.cookie,
    });
    expect([theirs.status, theirs.ms < 20_000], theirs.body.toString('utf8', 0, 300)).toEqual([200, true]);
    const answers = await Promise.all(asked);
    for (const { status, retryAfter, body } of answers)
      expect([200, 429, 503].includes(status) && (status === 200 || Number(retryAfter) > 0), body.toString('utf8', 0, 300)).toBe(
        true,
      );
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(3);
  });

  it('two hundred at once of one person: who has too many is told, and another has theirs meanwhile', async () => {
    const stranger = await gallery.login('PHYSICIAN');
    const { instance } = addressOf(manyFull);
    // Of whole tiles, 400 of them, which is the most that one picture may have.
    const asked = Array.from({ length: 200 }, (_, at) => gallery.get(`${instance}/rendered?viewport=40,40,${2 * at},0,40,40`));
    const theirs = await gallery.get(`${instance}/rendered?viewport=8,8,300,300,8,8`, { cookie: stranger.cookie });
    expect([theirs.status, theirs.ms < 15_000]).toEqual([200, true]);
    const statuses = new Map<number, number>();
    for (const { status, retryAfter, body } of await Promise.all(asked)) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status !== 200)
        expect([429, 503].includes(status) && Number(retryAfter) > 0, `${status} ${body.toString('utf8', 0, 300)}`).toBe(true);
    }
    // How many of the 64 that may wait are drawn before their time is over is the machine's: all that are drawn at once by one person at least.
    expect(statuses.get(200)).toBeGreaterThanOrEqual(3);
    expect(statuses.get(429)).toBeGreaterThan(0);
  });
});

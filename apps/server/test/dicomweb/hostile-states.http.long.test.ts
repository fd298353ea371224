import {
  createPrng,
  type GeneratedInstance,
  type PresentationStateOptions,
  presentationState,
  smallPicture,
} from '@negatoscope/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MeasuredGallery, openMeasured } from './measured-gallery.ts';
import { addressOf } from './pictures-support.ts';

const MB = 1024 * 1024;
const SEED = 'hostile-states';
const [COLUMNS, ROWS] = [64, 64];
const prng = createPrng(SEED);
const image = smallPicture({ seed: SEED, columns: COLUMNS, cells: new Uint16Array(COLUMNS * ROWS).fill(700), bitsStored: 12 });
const somewhere = (points: number): number[] => Array.from({ length: 2 * points }, () => prng.integer(0, COLUMNS));

let count = 0;
const state = (options: Partial<PresentationStateOptions>): GeneratedInstance => {
  count += 1;
  return presentationState({
    ...{ seed: SEED, studyInstanceUid: image.studyInstanceUid, number: count, images: [image], window: [2048, 4096] },
    // Lengths of 32 bits.
    transferSyntaxUid: '1.2.840.10008.1.2',
    ...options,
    dataset: { PatientName: 'PHANTOM^picture', ...options.dataset },
  });
};
const lines = (
  graphics: NonNullable<PresentationStateOptions['annotations']>[number]['graphics'],
  more: Partial<PresentationStateOptions> = {},
) => state({ layers: [['L', 1, 65_535]], annotations: [{ layer: 'L', graphics: graphics ?? [] }], ...more });
const far = '2.25.4040';
function itself(): GeneratedInstance {
  const { sopInstanceUid, seriesInstanceUid } = state({});
  count -= 1;
  const own = state({ images: [{ sopInstanceUid, seriesInstanceUid }] });
  if (own.sopInstanceUid !== sopInstanceUid) throw new Error('not itself');
  return own;
}
const frames = (...numbers: number[]) => state({ images: [{ ...image, frames: numbers }] });

const states: Record<string, readonly [GeneratedInstance, statuses: readonly number[], warning?: string]> = {
  'six lines of 8,000 points across the picture': [
    lines(Array.from({ length: 6 }, () => ({ type: 'POLYLINE', data: somewhere(8000) }))),
    [200],
    'lines',
  ],
  'the same, filled': [
    lines(Array.from({ length: 6 }, () => ({ type: 'POLYLINE', data: somewhere(8000), isFilled: true }))),
    [200],
    'lines',
  ],
  // Longer than what stays with a header: it is had from the file.
  'a line of 50,000 points': [lines([{ type: 'POLYLINE', data: somewhere(50_000) }]), [200], 'lines'],
  'a line of 50,000 points on a few pixels': [
    lines([{ type: 'POLYLINE', data: somewhere(50_000).map((value) => value / 40) }]),
    [200],
  ],
  'that line, filled': [
    lines([{ type: 'POLYLINE', data: somewhere(50_000).map((value) => value / 40), isFilled: true }]),
    [200],
    'lines',
  ],
  'that line, a curve': [lines([{ type: 'INTERPOLATED', data: somewhere(50_000).map((value) => value / 40) }]), [200]],
  'forty lines that announce one point, and have 9,000': [
    lines(Array.from({ length: 40 }, () => ({ type: 'POLYLINE', data: somewhere(9000), count: 1 }))),
    [200],
    'tooMany',
  ],
  'a scribble of 48,000 points on a few pixels': [
    lines(Array.from({ length: 6 }, () => ({ type: 'POLYLINE', data: somewhere(8000).map((value) => value / 40) }))),
    [200],
  ],
  'the same, six filled shapes': [
    lines(
      Array.from({ length: 6 }, () => ({
        ...{ type: 'POLYLINE', data: somewhere(8000).map((value) => value / 40) },
        isFilled: true,
      })),
    ),
    [200],
    'lines',
  ],
  'two thousand lines across it': [lines(Array.from({ length: 1990 }, () => ({ type: 'POLYLINE', data: somewhere(2) }))), [200]],
  'a million points': [lines([{ type: 'POLYLINE', data: new Array<number>(2_000_000).fill(3) }]), [200, 406], 'tooMany'],
  'curves of 50,000 points': [
    lines(Array.from({ length: 25 }, () => ({ type: 'INTERPOLATED', data: somewhere(2000) }))),
    [200],
    'lines',
  ],
  'circles beyond all sizes': [
    lines(Array.from({ length: 2000 }, () => ({ type: 'CIRCLE', data: [0, 0, 3e38, 3e38] }))),
    [200],
    'lines',
  ],
  'points that are no numbers': [
    lines([{ type: 'POLYLINE', data: [Number.NaN, 0, Number.POSITIVE_INFINITY, 5] }]),
    [200],
    'damaged',
  ],
  'a very long text, a thousand times': [
    state({
      layers: [['L', 1, 65_535]],
      annotations: [
        { layer: 'L', texts: Array.from({ length: 1000 }, () => ({ text: 'W'.repeat(5000), box: [0, 0, 64, 64] as const })) },
      ],
    }),
    [200],
    'letters',
  ],
  'a text of line breaks': [
    state({
      layers: [['L', 1, 65_535]],
      annotations: [
        {
          layer: 'L',
          texts: [
            { text: '\n'.repeat(50_000), anchor: [1, 1] },
            { text: 'a', anchor: [1, 1] },
          ],
        },
      ],
    }),
    [200],
  ],
  'a hundred layers': [
    state({
      layers: Array.from({ length: 100 }, (_, at) => [`L${at}`, at, 65_535] as const),
      annotations: Array.from({ length: 100 }, (_, at) => ({
        layer: `L${at}`,
        graphics: [{ type: 'POLYLINE', data: somewhere(5) }],
      })),
    }),
    [200],
  ],
  'thirty thousand references': [
    state({ images: Array.from({ length: 30_000 }, (_, at) => ({ sopInstanceUid: `${far}.${at}`, seriesInstanceUid: far })) }),
    [406],
  ],
  'a frame before the first': [frames(-1), [406]],
  'a frame behind the last': [frames(1_000_000_000), [406]],
  itself: [itself(), [406]],
  'an area of one line': [state({ area: [1, 1, 1_000_000, 1] }), [200, 406]],
};
/** Drawn over, and a hundred times as long as its image. */
const wide = lines([{ type: 'POLYLINE', data: [0, 0, 64, 64] }], { area: [-2500, -2500, 2500, 2500] });

describe('presentation states that somebody made to hurt (decisions 103 and 108)', { timeout: 300_000 }, () => {
  let gallery: MeasuredGallery;
  beforeAll(async () => {
    gallery = await openMeasured([image, ...Object.values(states).map(([one]) => one), wide].map(({ bytes }) => bytes));
    await gallery.get(`${addressOf(image).instance}/rendered`);
  }, 300_000);
  afterAll(() => gallery.close(), 120_000);

  it.each(Object.keys(states))('%s: a picture, or why there is none, soon and of bounded memory', async (name) => {
    const [one, statuses, warning] = states[name] ?? [image, []];
    await gallery.server.longestBlock();
    const url = `${addressOf(one).instance}/rendered`;
    const growth = await gallery.server.growthDuring(async () => {
      const answer = await gallery.get(url);
      expect(statuses, answer.body.toString('utf8', 0, 300)).toContain(answer.status);
      expect(answer.ms).toBeLessThan(10_000);
      if (warning !== undefined && answer.status === 200) expect(answer.warning).toContain(warning);
      expect((await gallery.get(url.replace('/rendered', '/thumbnail'))).status).toBe(200);
    });
    expect(growth).toBeLessThan(400 * MB);
    expect((await gallery.server.longestBlock()).ownMs).toBeLessThan(700);
  });

  it('twelve at once of an area that is a hundred times as long as the image take no more than a few', async () => {
    const url = `${addressOf(wide).instance}/rendered`;
    const growth = await gallery.server.growthDuring(async () => {
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, at) => gallery.get(`${url}?quality=${at + 40}`, { accept: 'image/jpeg' })),
      );
      // One after the other: who would wait too long is told when to come again.
      for (const { status, retryAfter } of answers)
        expect([status, retryAfter]).toEqual(status === 200 ? [200, null] : [503, '5']);
      expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(3);
      const { width, height } = await sharp(answers.find(({ status }) => status === 200)?.body).metadata();
      expect([width, height]).toEqual([4096, 4096]);
    });
    expect(growth).toBeLessThan(600 * MB);
  });
});

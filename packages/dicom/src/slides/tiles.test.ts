import { createPrng, wholeSlide } from '@negatoscope/testkit';
import { describe, expect, test } from 'vitest';
import { el, sq } from '../elements-fixture.ts';
import { parsePart10 } from '../parse.ts';
import type { DicomJsonObject } from '../types.ts';
import { FIRST_FOCUS } from './focus.ts';
import { type SlideLevel, type SlidePart, type SlideTile, slideLevelOf, slideTiles } from './level.ts';
import { slidesOf } from './slides.ts';

/** A level of 1,000 × 777 pixels in tiles of 96 × 64: no side is a multiple of a tile. */
const [COLUMNS, ROWS, WIDE, HIGH] = [1000, 777, 96, 64] as const;
const [ACROSS, DOWN] = [11, 13] as const;
const prng = createPrng('tiles');
const BASE: DicomJsonObject = {
  '00080008': el('CS', 'ORIGINAL', 'PRIMARY', 'VOLUME'),
  '00080016': el('UI', '1.2.840.10008.5.1.4.1.1.77.1.6'),
  '00080018': el('UI', '1.2.3'),
  '00209311': el('CS', 'TILED_FULL'),
  '00280008': el('IS', ACROSS * DOWN),
  '00280010': el('US', HIGH),
  '00280011': el('US', WIDE),
  '00480006': el('UL', COLUMNS),
  '00480007': el('UL', ROWS),
};
function levelOf(more: DicomJsonObject = {}): SlideLevel {
  const level = slideLevelOf({ ...BASE, ...more });
  if (level === undefined) throw new TypeError('That is no level.');
  return level;
}
const place = (column: number, row: number): DicomJsonObject => ({
  '0048021A': sq({ '0048021E': el('SL', column), '0048021F': el('SL', row) }),
});
const sparse = (...places: DicomJsonObject[]): DicomJsonObject => ({
  '00209311': el('CS', 'TILED_SPARSE'),
  '00280008': el('IS', places.length),
  '52009230': sq(...places),
});

/** Every tile of the grid, by PS3.3 C.7.6.17.3: frames run along rows of tiles, from the upper left corner. */
const GRID: readonly SlideTile[] = Array.from({ length: ACROSS * DOWN }, (_, at) => ({
  frame: at + 1,
  x: (at % ACROSS) * WIDE,
  y: Math.floor(at / ACROSS) * HIGH,
}));
const meets = ({ x, y }: SlideTile, { left, top, right, bottom }: SlidePart): boolean =>
  x < right && x + WIDE > left && y < bottom && y + HIGH > top;
const parts = (): SlidePart[] =>
  Array.from({ length: 80 }, () => {
    const [left, top] = [prng.integer(-150, COLUMNS + 100), prng.integer(-150, ROWS + 100)];
    return { left, top, right: left + prng.integer(1, 500), bottom: top + prng.integer(1, 500) };
  });

describe('tiles that lie in a part of a level (PS3.3 C.7.6.17.3, C.8.12.4)', () => {
  test('TILED_FULL: the frames of the grid that meet it, for eighty parts inside, across and outside', () => {
    const level = levelOf();
    for (const part of parts()) expect(slideTiles(level, part, 999)).toEqual(GRID.filter((tile) => meets(tile, part)));
  });

  test('TILED_SPARSE: the same tiles by the places that they name, whatever the order of their frames', () => {
    const shuffled = [...GRID].sort((a, b) => ((a.frame * 37) % 143) - ((b.frame * 37) % 143));
    const level = levelOf(sparse(...shuffled.map(({ x, y }) => place(x + 1, y + 1))));
    for (const part of parts()) {
      const found = (slideTiles(level, part, 999) ?? []).map(({ frame, x, y }) => ({ frame: shuffled[frame - 1]?.frame, x, y }));
      expect(found.sort((a, b) => (a.frame ?? 0) - (b.frame ?? 0))).toEqual(GRID.filter((tile) => meets(tile, part)));
    }
  });

  test('a border is in the tile on its right and below alone', () => {
    const tilesAt = (left: number, right: number) =>
      slideTiles(levelOf(), { left, right, top: 0, bottom: 1 }, 9)?.map(({ frame }) => frame);
    expect([tilesAt(95, 96), tilesAt(96, 97), tilesAt(95, 97), tilesAt(95.5, 96.5)]).toEqual([[1], [2], [1, 2], [1, 2]]);
  });

  test('frames that were never written are no tiles; those of other focal planes come after the grid, and each plane has its own', () => {
    const all = { left: 0, top: 0, right: COLUMNS, bottom: ROWS };
    expect(slideTiles(levelOf({ '00280008': el('IS', 5) }), all, 999)).toEqual(GRID.slice(0, 5));
    const threePlanes = levelOf({ '00280008': el('IS', 3 * ACROSS * DOWN), '00480303': el('UL', 3) });
    expect([slideTiles(threePlanes, all, 999), threePlanes.isOneOfSeveral]).toEqual([GRID, false]);
    expect(slideTiles(threePlanes, all, 999, { path: 0, plane: 2 })).toEqual(
      GRID.map(({ frame, ...where }) => ({ frame: frame + 2 * GRID.length, ...where })),
    );
    // There are too few frames for what it says: the first plane is all that can be told.
    expect(levelOf({ '00480302': el('UL', 2) }).isOneOfSeveral).toBe(true);
    expect(levelOf({ '00480302': el('UL', 1), '00480303': el('UL', 1) }).isOneOfSeveral).toBe(false);
  });

  test('no more than asked for are found: one more is too many', () => {
    const part = { left: 0, top: 0, right: 2 * WIDE, bottom: 2 * HIGH };
    expect([slideTiles(levelOf(), part, 4)?.length, slideTiles(levelOf(), part, 3)]).toEqual([4, undefined]);
    const places = levelOf(sparse(place(1, 1), place(WIDE + 1, 1)));
    expect([slideTiles(places, part, 2)?.length, slideTiles(places, part, 1)]).toEqual([2, undefined]);
  });
});

describe('places of sparse tiles (Plane Position (Slide) Sequence, C.8.12.6.1)', () => {
  test('count from 1; of several at one place the first frame is shown', () => {
    expect(levelOf(sparse(place(1, 1), place(97, 65), place(1, 1))).placed).toEqual([
      { frame: 1, x: 0, y: 0, focus: FIRST_FOCUS },
      { frame: 2, x: 96, y: 64, focus: FIRST_FOCUS },
    ]);
  });

  test('may begin outside of the matrix; a frame without a place is no tile', () => {
    expect(levelOf(sparse(place(-10, 0), {}, { '0048021A': sq({ '0048021E': el('SL', 5) }) })).placed).toEqual([
      { frame: 1, x: -11, y: -1, focus: FIRST_FOCUS },
    ]);
  });

  test('of more frames than there are count for nothing', () => {
    expect(levelOf({ ...sparse(place(1, 1), place(97, 1)), '00280008': el('IS', 1) }).placed).toHaveLength(1);
  });

  test('say where tiles are where the file does not say how it is tiled; in a full one they count for nothing', () => {
    const { '00209311': _, ...unsaid } = { ...BASE, ...sparse(place(97, 1)) };
    expect(slideLevelOf(unsaid)?.placed).toEqual([{ frame: 1, x: 96, y: 0, focus: FIRST_FOCUS }]);
    expect(levelOf({ ...sparse(place(97, 1)), '00209311': el('CS', 'TILED_FULL') }).placed).toBeUndefined();
    expect(levelOf({ '00209311': el('CS', 'TILED_SPARSE') }).placed).toBeUndefined();
  });
});

describe('a level (PS3.3 C.8.12.4)', () => {
  test.each([
    ['VOLUME', true],
    ['THUMBNAIL', true],
    ['LABEL', false],
    ['OVERVIEW', false],
  ])('is a picture of the tissue: %s %s', (kind, isLevel) => {
    expect(slideLevelOf({ ...BASE, '00080008': el('CS', 'ORIGINAL', 'PRIMARY', kind, 'NONE') }) !== undefined).toBe(isLevel);
  });

  test.each<[string, DicomJsonObject, boolean]>([
    ['as wide as numbers go', { '00480006': el('UL', 2 ** 24) }, true],
    ['wider than that', { '00480006': el('UL', 2 ** 24 + 1) }, false],
    ['a tile of 8,192', { '00280011': el('US', 8192) }, true],
    ['a larger tile', { '00280010': el('US', 8193) }, false],
    ['half a pixel', { '00480007': el('UL', 7.5) }, false],
    ['one frame that is not counted', { '00280008': { vr: 'IS' } }, true],
  ])('%s', (_what, more, isLevel) => expect(slideLevelOf({ ...BASE, ...more }) !== undefined).toBe(isLevel));

  test('is as fine as its Pixel Spacing: rows before columns, of the frame, of all frames, or of the dataset (PS3.3 10.7.1.3)', () => {
    const measures = (...mm: number[]): DicomJsonObject => ({ '00289110': sq({ '00280030': el('DS', ...mm) }) });
    const [own, shared] = [sq(measures(0.003, 0.004)), sq(measures(0.001, 0.002))];
    expect(levelOf({ '52009229': shared }).millimetres).toEqual({ x: 0.002, y: 0.001 });
    expect(levelOf({ '52009229': shared, '52009230': own }).millimetres).toEqual({ x: 0.004, y: 0.003 });
    expect(levelOf({ '00280030': el('DS', '0.5', '0.25') }).millimetres).toEqual({ x: 0.25, y: 0.5 });
    for (const wrong of [[0, 1], [1], [1, -1], []])
      expect(levelOf({ '00280030': el('DS', ...wrong) }).millimetres).toBeUndefined();
  });

  test('says what its last compression lost (C.7.6.1.1.5), 0 where it does not say how much', () => {
    const lossyOf = (said: string, ...ratios: number[]) =>
      levelOf({ '00282110': el('CS', said), '00282112': el('DS', ...ratios) }).lossyRatio;
    expect([lossyOf('01', 10, 18.5), lossyOf('01'), lossyOf('00', 10), lossyOf('', 10)]).toEqual([18.5, 0, undefined, undefined]);
  });
});

describe('levels of one slide', () => {
  test('may be smaller by any factor, also no power of two, each side rounded for itself', () => {
    const sets = wholeSlide({ seed: 'odd', columns: 311, rows: 203, side: 64, factors: [1, 2.6, 7, 13] }).map(
      ({ bytes }) => parsePart10(bytes).json,
    );
    const [finest = {}, second = {}, third = {}, coarsest = {}] = sets;
    const [slide] = slidesOf([third, finest, coarsest, second]);
    expect(slide?.levels.map(({ columns, rows }) => [columns, rows])).toEqual([
      [311, 203],
      [120, 79],
      [45, 29],
      [24, 16],
    ]);
  });

  test.each([
    ['rounded up by a pixel', 100, 78, true],
    ['rounded down by two', 100, 76, true],
    ['cut below', 100, 70, false],
    ['turned', 78, 100, false],
  ])('one that is %s, %d × %d: %s', (_what, columns, rows, isKept) => {
    const small = { ...BASE, '00080018': el('UI', '1.2.4'), '00480006': el('UL', columns), '00480007': el('UL', rows) };
    expect(slidesOf([BASE, small])[0]?.levels.length).toBe(isKept ? 2 : 1);
  });

  test('are of one frame of reference, container and specimen', () => {
    for (const other of [
      { '00200052': el('UI', '9') },
      { '00400512': el('LO', 'B') },
      { '00400560': sq({ '00400551': el('LO', 'S2') }) },
    ] as DicomJsonObject[])
      expect(slidesOf([BASE, { ...BASE, ...other, '00480006': el('UL', 500), '00480007': el('UL', 389) }])).toHaveLength(2);
  });
});

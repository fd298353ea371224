import { wholeSlide } from '@negatoscope/testkit';
import { describe, expect, test } from 'vitest';
import { parsePart10 } from '../parse.ts';
import type { DicomJsonObject } from '../types.ts';
import { slideTiles } from './level.ts';
import { focusOn, slidesOf } from './slides.ts';

const datasets = (options: Omit<Parameters<typeof wholeSlide>[0], 'seed'> = {}): DicomJsonObject[] =>
  wholeSlide({ seed: 'slide', columns: 300, rows: 200, side: 64, ...options }).map(({ bytes }) => parsePart10(bytes).json);
const onlySlide = (sets: readonly DicomJsonObject[]) => {
  const [slide] = slidesOf(sets);
  if (slide === undefined) throw new Error('no slide');
  return slide;
};
const value = (vr: string, ...values: unknown[]) => ({ vr, Value: values }) as DicomJsonObject[string];
const ALL = { left: 0, top: 0, right: 300, bottom: 200 };

describe('a slide (PS3.3 C.8.12.4)', () => {
  test('is its instances as levels, the finest first, whatever their order, with the distance of their pixels', () => {
    const { levels, isOneOfSeveral } = onlySlide(datasets().reverse());
    expect(levels.map(({ columns, rows }) => [columns, rows])).toEqual([
      [300, 200],
      [75, 50],
      [19, 13],
    ]);
    expect(levels.map(({ millimetres }) => millimetres?.x)).toEqual([0.0005, 0.002, 0.008]);
    expect(isOneOfSeveral).toBe(false);
  });

  test('that is tiled in full has its frames row by row, those at the edge included (C.7.6.17.3)', () => {
    const [level] = onlySlide(datasets()).levels;
    expect(slideTiles(level, ALL, 99)).toHaveLength(20);
    expect(slideTiles(level, { left: 63, top: 128, right: 65, bottom: 129 }, 99)).toEqual([
      { frame: 11, x: 0, y: 128 },
      { frame: 12, x: 64, y: 128 },
    ]);
    expect(slideTiles(level, { left: -500, top: -500, right: 1, bottom: 1 }, 99)).toEqual([{ frame: 1, x: 0, y: 0 }]);
    expect(slideTiles(level, { left: 400, top: 0, right: 500, bottom: 9 }, 99)).toEqual([]);
    expect(slideTiles(level, ALL, 19)).toBeUndefined();
  });

  test('that is sparse has its tiles where they say that they are; glass that was not kept is not there', () => {
    const [level] = onlySlide(datasets({ isSparse: true })).levels;
    const tiles = slideTiles(level, ALL, 99) ?? [];
    expect(tiles.length).toBeLessThan(20);
    expect(tiles.map(({ frame }) => frame)).toEqual(tiles.map((_, at) => at + 1));
    expect(tiles.every(({ x, y }) => x % 64 === 0 && y % 64 === 0)).toBe(true);
    expect(slideTiles(level, ALL, 2)).toBeUndefined();
  });

  test.each([false, true])('has focal planes and optical paths, each with its own tiles (sparse: %s)', (isSparse) => {
    const { levels, channels, isOneOfSeveral } = onlySlide(datasets({ isSparse, planes: 3, paths: 2 }));
    expect([isOneOfSeveral, levels.length, channels.map(({ name }) => name)]).toEqual([false, 3, ['Champ clair', 'Filtre 1']]);
    const [level] = levels;
    expect(level.stack.planes).toEqual([0, 1, 2]);
    const part = { left: 128, top: 64, right: 129, bottom: 65 };
    const frames = [0, 1].flatMap((path) => [0, 1, 2].map((plane) => slideTiles(level, part, 9, { path, plane })?.[0]?.frame));
    expect(new Set(frames).size).toBe(6);
    const [first = 0] = frames;
    if (!isSparse) expect(frames).toEqual([0, 1, 2, 3, 4, 5].map((at) => first + at * 20));
    expect(channels.map((one) => focusOn(one, levels[1] ?? level, 2))).toEqual([0, 1].map((path) => ({ path, plane: 2 })));
  });

  test('has a path in an instance of its own as a channel; a coarse level with one plane is nearest to all', () => {
    const [fine = {}, coarse = {}] = datasets({ planes: 3 });
    const other = { ...fine, '00080018': value('UI', '1.2.9'), '00480105': value('SQ', { '00480106': value('SH', 'DAPI') }) };
    const flat = { ...datasets()[1], '00200052': coarse['00200052'] };
    const slide = onlySlide([fine, other, flat] as DicomJsonObject[]);
    expect(slide.channels.map(({ name, levels }) => [name, levels.length])).toEqual([
      ['Champ clair', 2],
      ['DAPI', 1],
    ]);
    const [channel] = slide.channels;
    if (channel?.levels[1] !== undefined) expect(focusOn(channel, channel.levels[1], 2)).toEqual({ path: 0, plane: 0 });
  });

  test('shows one of several focal planes or optical paths, and says so', () => {
    const [fine, ...others] = datasets();
    const planes = { ...fine, '00480303': value('UL', 3) };
    expect(onlySlide([planes, ...others]).isOneOfSeveral).toBe(true);
    const again = { ...fine, '00080018': value('UI', '1.2.9') };
    const slide = onlySlide([...datasets(), again]);
    expect([slide.levels.length, slide.isOneOfSeveral]).toEqual([3, true]);
  });

  test('is not mixed with another one, its label, or a picture of other proportions', () => {
    const [fine = {}, coarse = {}] = datasets();
    const label = { ...coarse, '00080008': value('CS', 'ORIGINAL', 'PRIMARY', 'LABEL') };
    const square = { ...coarse, '00480007': value('UL', 75), '00080018': value('UI', '1.2.8') };
    const other = { ...coarse, '00400512': value('LO', 'OTHER') };
    expect(slidesOf([fine, label, square]).map(({ levels }) => levels.length)).toEqual([1]);
    expect(slidesOf([fine, other]).map(({ levels }) => levels.length)).toEqual([1, 1]);
    expect(slidesOf([label])).toEqual([]);
  });

  test('says how much was lost in compression', () => {
    const [fine] = datasets();
    const lossy = { ...fine, '00282110': value('CS', '01'), '00282112': value('DS', 18.5) };
    expect(onlySlide([lossy]).levels[0].lossyRatio).toBe(18.5);
    expect(onlySlide(datasets()).levels[0].lossyRatio).toBeUndefined();
  });

  test.each([
    ['a matrix of nothing', { '00480006': value('UL', 0) }],
    ['a matrix beyond all sizes', { '00480006': value('UL', 2 ** 31) }],
    ['a broken number', { '00480007': value('UL', 'x') }],
    ['a tile of nothing', { '00280010': value('US', 0) }],
    ['no frames', { '00280008': value('IS', -4) }],
    ['no UID', { '00080018': value('UI') }],
    ['another class', { '00080016': value('UI', '1.2.840.10008.5.1.4.1.1.2') }],
  ])('is none with %s', (_name, wrong) => {
    const [fine] = datasets();
    expect(slidesOf([{ ...fine, ...wrong }])).toEqual([]);
  });
});

import { wholeSlide } from '@negatoscope/testkit';
import { expect, test } from 'vitest';
import { parsePart10 } from '../parse.ts';
import { slideTileOf, slideTiles } from './level.ts';
import { slidesOf } from './slides.ts';

test.each([false, true])('a frame lies where the tiles of its path and plane have it (sparse: %s)', (isSparse) => {
  const made = wholeSlide({ seed: 'places', columns: 200, rows: 130, side: 64, factors: [1], planes: 2, paths: 2, isSparse });
  const [slide] = slidesOf(made.map(({ bytes }) => parsePart10(bytes).json));
  const level = slide?.levels[0];
  if (level === undefined) throw new Error('no slide');
  const all = { left: 0, top: 0, right: 200, bottom: 130 };
  let count = 0;
  for (const path of [0, 1])
    for (const plane of [0, 1])
      for (const { frame, x, y } of slideTiles(level, all, 99, { path, plane }) ?? []) {
        expect(slideTileOf(level, frame)).toEqual({ frame, x, y, focus: { path, plane } });
        count += 1;
      }
  expect(count).toBe(level.frames);
  expect([slideTileOf(level, 0), slideTileOf(level, level.frames + 1)]).toEqual([undefined, undefined]);
});

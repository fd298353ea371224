import { expect, it } from 'vitest';
import { between, firstMask, moved, unmasked, within } from './mask-rules.ts';

const SIZE = { rows: 100, columns: 200 };
const MASK = { left: 10, top: 20, right: 50, bottom: 30 };
const press = (key: string, shiftKey = false) => ({ key, shiftKey });

it('what is drawn is cut at the edge of the picture; nothing outside of it is a mask', () => {
  expect(within(between({ x: 190.4, y: 40 }, { x: 240, y: -3 }), SIZE)).toEqual({ left: 190, top: 0, right: 200, bottom: 40 });
  expect(within(between({ x: 201, y: 4 }, { x: 240, y: 9 }), SIZE)).toBeUndefined();
  expect(within(firstMask(SIZE), SIZE)).toEqual(firstMask(SIZE));
});

it('arrows move a mask by a hundredth of the picture, and with Shift its lower right corner, never out of the picture nor to nothing', () => {
  expect(moved(MASK, press('ArrowRight'), SIZE)).toEqual({ ...MASK, left: 12, right: 52 });
  expect(moved(MASK, press('ArrowUp', true), SIZE)).toEqual({ ...MASK, bottom: 29 });
  expect(moved({ ...MASK, left: 1, right: 5 }, press('ArrowLeft'), SIZE)).toEqual({ ...MASK, left: 0, right: 4 });
  expect(moved({ ...MASK, bottom: 100 }, press('ArrowDown'), SIZE)).toEqual({ ...MASK, bottom: 100 });
  expect(moved({ ...MASK, right: 11 }, press('ArrowLeft', true), SIZE)).toEqual({ ...MASK, right: 11 });
  expect(moved({ ...MASK, frame: 3 }, press('ArrowDown'), SIZE)).toMatchObject({ frame: 3 });
  expect(moved(MASK, press('Enter'), SIZE)).toBeUndefined();
});

it('what is masked in all frames is no longer suspected; in one frame alone it still is', () => {
  expect(unmasked([MASK], [{ ...MASK, left: 0 }])).toEqual([]);
  expect(unmasked([MASK], [{ ...MASK, left: 11 }])).toEqual([MASK]);
  expect(unmasked([MASK], [{ ...MASK, frame: 0 }])).toEqual([MASK]);
});

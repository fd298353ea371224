import { expect, it } from 'vitest';
import { laidOut, moved, withColumn, withWidth } from './layout.ts';

const ALL = ['a', 'b', 'c'].map((id) => ({ id, header: id, track: '1fr', cell: () => id }));
const shown = (layout: Parameters<typeof laidOut>[2]) =>
  laidOut(ALL, ['a', 'b'], layout).map(({ id, track }) => `${id} ${track}`);

it('shows columns in the order and width that somebody gave them', () => {
  expect(shown(null)).toEqual(['a 1fr', 'b 1fr']);
  expect(shown([{ id: 'c', width: 90 }, { id: 'a' }])).toEqual(['c 90px', 'a 1fr']);
});

it('passes over what it does not know, and never shows a list without columns', () => {
  expect(shown([{ id: 'gone' }, { id: 'b' }])).toEqual(['b 1fr']);
  expect(shown([{ id: 'gone' }])).toEqual(['a 1fr', 'b 1fr']);
});

it('moves, shows, hides and widens one column', () => {
  const layout = [{ id: 'a' }, { id: 'b' }];
  expect(moved(layout, 'b', -1).map(({ id }) => id)).toEqual(['b', 'a']);
  expect(moved(layout, 'b', 1)).toBe(layout);
  expect(withColumn(layout, 'c', true).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(withColumn(layout, 'a', false)).toEqual([{ id: 'b' }]);
  expect(withWidth(layout, 'a', 120)).toEqual([{ id: 'a', width: 120 }, { id: 'b' }]);
  expect(withWidth(withWidth(layout, 'a', 120), 'a', undefined)).toEqual(layout);
});

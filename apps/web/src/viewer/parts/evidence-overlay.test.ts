import { describe, expect, it } from 'vitest';
import { frameOf } from '../testing/pane-fixture.ts';
import { lyingOn } from './evidence-overlay.tsx';

/** Where a point of the picture comes to lie, by the matrix of its style. */
function lies(style: React.CSSProperties | undefined, [x, y]: readonly [number, number]): readonly number[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = (/matrix\((.*)\)/.exec(String(style?.transform))?.[1] ?? '')
    .split(', ')
    .map(Number);
  return [a * x + c * y + e, b * x + d * y + f];
}
const frame = frameOf(1, { columns: 400, rows: 300 });

describe('evidence over a film', () => {
  it.each([
    ['zoomed and moved', { origin: [10, 20], i: [2, 0], j: [0, 2] }, [10, 20], [810, 620]],
    ['turned by a quarter', { origin: [300, 0], i: [0, 1], j: [-1, 0] }, [300, 0], [0, 400]],
    ['flipped', { origin: [400, 5], i: [-1, 0], j: [0, 1] }, [400, 5], [0, 305]],
  ] as const)('lies on the image corner by corner: %s', (_what, place, first, last) => {
    const style = lyingOn({ frame, place });
    expect(style).toMatchObject({ width: 400, height: 300, transformOrigin: '0 0' });
    expect(lies(style, [0, 0])).toEqual(first);
    expect(lies(style, [400, 300])).toEqual(last);
  });
  it('lies nowhere while no film is drawn', () => {
    expect(lyingOn({ frame: undefined, place: undefined })).toBeUndefined();
    expect(lyingOn({ frame, place: undefined })).toBeUndefined();
  });
});

import { describe, expect, test } from 'vitest';
import { type Anchor, isInOrder, isSame, withAnchor } from './history.ts';

const change = (seq: number, id = `id ${seq}`) => ({ Seq: seq, ChangeType: 'NewInstance', ID: id, Date: '20261127T080000' });

describe('changes that are remembered', () => {
  test('are the newest four and older ones, some of each doubling of their age, so that few are kept of many', () => {
    let anchors: readonly Anchor[] = [];
    for (let seq = 1; seq <= 10_000; seq += 1) anchors = withAnchor(anchors, change(seq));
    const back = anchors.map(({ seq }) => 10_000 - seq);
    expect(back.slice(0, 4)).toEqual([0, 1, 2, 3]);
    expect(anchors.length).toBeLessThan(50);
    expect(back.at(-1)).toBeGreaterThan(5_000);
    for (const [index, distance] of back.entries())
      if (index > 3) expect(distance).toBeLessThanOrEqual(2 * (back[index - 1] ?? 0) + 1);
  });

  test('tell another change of the same number, and none, from themselves', () => {
    const [anchor] = withAnchor([], change(7));
    if (anchor === undefined) throw new Error('none');
    expect(isSame(anchor, change(7))).toBe(true);
    expect(isSame(anchor, change(7, 'another'))).toBe(false);
    expect(isSame(anchor, change(8, 'id 7'))).toBe(false);
    expect(isSame(anchor, undefined)).toBe(false);
  });

  test('grow in number from where they were asked for', () => {
    expect(isInOrder([change(3), change(5)], 2)).toBe(true);
    expect(isInOrder([change(3), change(5)], 3)).toBe(false);
    expect(isInOrder([change(5), change(5)], 2)).toBe(false);
    expect(isInOrder([], 2)).toBe(true);
  });
});

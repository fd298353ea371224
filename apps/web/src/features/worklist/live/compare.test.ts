import type { Study } from '@negatoscope/contract';
import { describe, expect, it } from 'vitest';
import { compare, firstPages } from './compare.ts';

const rows = (ids: string): Study[] => [...ids].map((id) => ({ id }) as Study); // All that is looked at.
const told = (shown: string, now: string, isWhole = false) => {
  const { fresh, gone } = compare(rows(shown), rows(now), isWhole);
  return [fresh.map(({ id }) => id).join(''), gone.join('')];
};

describe('what the server’s rows say of those that are shown', () => {
  it('tells what came, wherever it stands', () => {
    expect(told('abcd', 'xabcd', true)).toEqual(['x', '']);
    expect(told('abcd', 'abxcd', true)).toEqual(['x', '']);
  });
  it('does not take for gone what new rows have pushed beyond those that were asked for', () => {
    expect(told('abcd', 'xyab')).toEqual(['xy', '']);
    expect(told('abcdef', 'abcd')).toEqual(['', '']);
  });
  it('tells what went', () => {
    expect(told('abcd', 'acd', true)).toEqual(['', 'b']);
    expect(told('abcd', 'xcde')).toEqual(['xe', 'ab']);
  });
  it('asks page after page for as many as are shown, and no further than the end', async () => {
    const asked: (string | undefined)[] = [];
    const fetchPage = async (cursor: string | undefined) => {
      asked.push(cursor);
      const nextCursor = cursor === undefined ? '2' : cursor === '2' ? '3' : null;
      return { items: rows(cursor ?? '1'), nextCursor, total: 3, totalIsExact: true };
    };
    expect((await firstPages(fetchPage, 2)).isWhole).toBe(false);
    const { rows: found, isWhole } = await firstPages(fetchPage, 9);
    expect([found.map(({ id }) => id).join(''), isWhole]).toEqual(['123', true]);
    expect(asked).toEqual([undefined, '2', undefined, '2', '3']);
  });
});

import { manyElements, manyInItems, smallDataset } from '@negatoscope/testkit';
import { describe, expect, it } from 'vitest';
import { parsePart10 } from './index.ts';

const wide = smallDataset('wide');

describe('elements side by side', () => {
  it('are 200,000 at most beyond the 250th of a dataset', { timeout: 60_000 }, () => {
    expect(() => parsePart10(manyElements(wide, 200_300))).toThrowError(expect.objectContaining({ code: 'ELEMENT_LIMIT' }));
    expect(Object.keys(parsePart10(manyElements(wide, 100_000)).json).length).toBeGreaterThan(100_000);
  });

  it('are as many as a file may have in items of 250, and count as wide in larger ones', { timeout: 60_000 }, () => {
    expect(parsePart10(manyInItems(wide, 1000, 250)).json['01111000']?.Value).toHaveLength(1000);
    expect(() => parsePart10(manyInItems(wide, 1000, 451))).toThrowError(expect.objectContaining({ code: 'ELEMENT_LIMIT' }));
  });
});

import { describe, expect, it } from 'vitest';
import { firstIndex } from './first-frame.ts';

describe('firstIndex', () => {
  it('is the middle of a stack of slices and the first of everything else', () => {
    expect(firstIndex(28, 'CT', true)).toBe(13);
    expect(firstIndex(5, 'MR', false)).toBe(2);
    expect(firstIndex(30, 'US', false)).toBe(0);
    expect(firstIndex(2, 'CR', false)).toBe(0);
    expect(firstIndex(0, 'CT', false)).toBe(0);
  });
});

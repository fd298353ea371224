import { describe, expect, it } from 'vitest';
import { directionLetters, edgeLetters } from './orientation.ts';

const AXIAL = { kind: 'cosines', plane: { row: [1, 0, 0], column: [0, 1, 0] } } as const;
const upright = { i: [2, 0], j: [0, 2] } as const;

describe('edgeLetters', () => {
  it('names the edges of an axial slice as seen from the feet (PS3.3 C.7.6.1.1.1)', () => {
    expect(edgeLetters(upright, AXIAL)).toEqual({ top: 'A', right: 'L', bottom: 'P', left: 'R' });
  });

  it('follows a quarter turn clockwise', () => {
    expect(edgeLetters({ i: [0, 2], j: [-2, 0] }, AXIAL)).toEqual({ top: 'R', right: 'A', bottom: 'L', left: 'P' });
  });

  it('follows a horizontal flip', () => {
    expect(edgeLetters({ i: [-2, 0], j: [0, 2] }, AXIAL)).toEqual({ top: 'A', right: 'R', bottom: 'P', left: 'L' });
  });

  it('uses the letters of Patient Orientation where there are no cosines', () => {
    const chest = { kind: 'letters', row: 'L', column: 'F' } as const;
    expect(edgeLetters(upright, chest)).toEqual({ top: 'H', right: 'L', bottom: 'F', left: 'R' });
    expect(edgeLetters({ i: [0, -2], j: [2, 0] }, chest)).toEqual({ top: 'L', right: 'F', bottom: 'R', left: 'H' });
  });

  it('says nothing where nothing is known, or the image has no extent', () => {
    const nothing = { top: '', right: '', bottom: '', left: '' };
    expect(edgeLetters(upright, undefined)).toEqual(nothing);
    expect(edgeLetters({ i: [0, 0], j: [0, 0] }, AXIAL)).toEqual(nothing);
  });
});

describe('directionLetters', () => {
  it('names an oblique direction by its two strongest components, strongest first', () => {
    expect(directionLetters([0.8, -0.6, 0.01])).toBe('LA');
    expect(directionLetters([0.02, 0.05, -1])).toBe('F');
  });
});

import { describe, expect, it } from 'vitest';
import { globalAction, type KeyPress, listAction, moveCursor } from './keys.ts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('keys of the shell', () => {
  it('opens the palette by Ctrl K and ⌘ K, also from a field', () => {
    expect(globalAction(press('k', { ctrlKey: true }), true)).toBe('palette');
    expect(globalAction(press('K', { metaKey: true }), false)).toBe('palette');
  });
  it('searches by / and explains by ?, but not while one types', () => {
    expect(globalAction(press('/'), false)).toBe('search');
    expect(globalAction(press('?', { shiftKey: true }), false)).toBe('help');
    expect(globalAction(press('/'), true)).toBeUndefined();
    expect(globalAction(press('?', { shiftKey: true }), true)).toBeUndefined();
  });
});

describe('keys of lists', () => {
  it.each([
    ['j', 'next'],
    ['J', 'next'],
    ['ArrowDown', 'next'],
    ['k', 'previous'],
    ['Enter', 'open'],
    ['Escape', 'back'],
  ] as const)('%s means %s', (key, action) => {
    expect(listAction(press(key))).toBe(action);
  });
  it('leave chords to the browser', () => {
    expect(listAction(press('j', { ctrlKey: true }))).toBeUndefined();
    expect(listAction(press('ArrowDown', { altKey: true }))).toBeUndefined();
  });
  it('move the cursor within the list and nowhere in an empty one', () => {
    expect(moveCursor(-1, 'next', 10, 5)).toBe(0);
    expect(moveCursor(-1, 'previous', 10, 5)).toBe(0);
    expect(moveCursor(9, 'next', 10, 5)).toBe(9);
    expect(moveCursor(3, 'pageDown', 10, 5)).toBe(8);
    expect(moveCursor(3, 'pageUp', 10, 5)).toBe(0);
    expect(moveCursor(3, 'last', 10, 5)).toBe(9);
    expect(moveCursor(0, 'next', 0, 5)).toBe(-1);
  });
});

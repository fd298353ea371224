import { describe, expect, test } from 'vitest';
import { slotsOf, TOUCH_FIRST } from './toolbar-slots.ts';
import { fittingOf } from './use-fitting.ts';

const all = (count: number, width: number): number[] => Array.from({ length: count }, () => width);

describe('a bar', () => {
  test('shows everything where all fit, without a button for the rest', () => {
    expect(fittingOf(all(22, 38), { width: 22 * 38 + 90, fixed: 90, more: 38 })).toBe(22);
  });

  test('leaves one place for the button that holds the rest where they don’t', () => {
    expect(fittingOf(all(22, 38), { width: 22 * 38 + 89, fixed: 90, more: 38 })).toBe(20);
    expect(fittingOf(all(22, 46), { width: 60, fixed: 90, more: 46 })).toBe(0);
    expect(fittingOf([46, 90, 46, 46], { width: 200, fixed: 0, more: 46 })).toBe(2);
  });
});

describe('what stands in the toolbar', () => {
  const others = ['link', 'rotate', 'reset', 'help'].map((id) => ({ id }));

  test('of a phone is first what a thumb needs: scroll, window, zoom, length, reset, pan', () => {
    const slots = slotsOf(others, 'phone', { button: 46, chevron: 44 });
    const names = slots.map((slot) => (slot.kind === 'tools' ? slot.group.tools[0] : slot.action.id));
    expect(names.slice(0, TOUCH_FIRST.length)).toEqual(TOUCH_FIRST);
    // A phone of 390 px with fingers' buttons: presets and the menu stand beside them.
    expect(
      fittingOf(
        slots.map(({ width }) => width),
        { width: 390, fixed: 16 + 48, more: 46 },
      ),
    ).toBe(6);
    expect(new Set(names).size).toBe(names.length);
  });

  test('of a tablet are all tools with their groups, then reset', () => {
    const slots = slotsOf(others, 'two rows', { button: 46, chevron: 44 });
    const fitting = fittingOf(
      slots.map(({ width }) => width),
      { width: 820, fixed: 16 + 48, more: 46 },
    );
    expect(slots.slice(0, 9).every(({ kind }) => kind === 'tools')).toBe(true);
    expect(fitting).toBeGreaterThanOrEqual(10);
    expect(slots[9]).toMatchObject({ kind: 'action', action: { id: 'reset' } });
  });

  test('of a desk are the tools, then everything else in its own order', () => {
    const slots = slotsOf(others, 'one row', { button: 38, chevron: 18 });
    expect(slots.slice(9).map((slot) => slot.kind === 'action' && slot.action.id)).toEqual(['link', 'rotate', 'reset', 'help']);
  });
});

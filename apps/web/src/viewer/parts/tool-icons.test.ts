import { describe, expect, it } from 'vitest';
import { TOOLS } from '../engine/tools.ts';
import { isKeyOf, TOOL_GROUPS, TOOL_KEYS } from './tool-icons.ts';

describe('tools in the toolbar', () => {
  it('stand there once each, in the order of all', () => {
    expect(TOOL_GROUPS.flatMap(({ tools }) => [...tools]).sort()).toEqual([...TOOLS].sort());
  });
  it('have a key each, which is no other’s', () => {
    expect(new Set(Object.values(TOOL_KEYS)).size).toBe(TOOLS.length);
    const pressed = TOOLS.map((tool) => {
      const event = { key: TOOL_KEYS[tool].at(-1)?.toLowerCase() ?? '', shiftKey: TOOL_KEYS[tool].startsWith('⇧') };
      return TOOLS.filter((one) => isKeyOf(one, event));
    });
    expect(pressed).toEqual(TOOLS.map((tool) => [tool]));
  });
  it('are told apart by Shift, and not by Caps Lock', () => {
    expect(isKeyOf('length', { key: 'L', shiftKey: false })).toBe(true);
    expect([isKeyOf('length', { key: 'L', shiftKey: true }), isKeyOf('cardiothoracic', { key: 'L', shiftKey: true })]).toEqual([
      false,
      true,
    ]);
  });
});

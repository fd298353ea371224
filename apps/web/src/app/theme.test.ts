import { describe, expect, it } from 'vitest';
import { themeFor } from './theme.ts';

describe('the two rooms', () => {
  it('are dark in worklist and viewer unless light was chosen', () => {
    expect(themeFor('system', '/app/worklist', true)).toBe('dark');
    expect(themeFor('system', '/app/studies/1.2.3', true)).toBe('dark');
    expect(themeFor('light', '/app/worklist', false)).toBe('light');
  });
  it('follow the screen elsewhere', () => {
    expect(themeFor('system', '/app/patients', true)).toBe('light');
    expect(themeFor('system', '/app/patients', false)).toBe('dark');
    expect(themeFor('dark', '/app/patients', true)).toBe('dark');
  });
});

import { describe, expect, it } from 'vitest';
import { isAcceptable, passwordRules } from './password-rules.ts';

describe('a new password', () => {
  it('has 12 characters at least, counted as people count', () => {
    expect(passwordRules('12345678901').isLong).toBe(false);
    expect(isAcceptable('123456789012')).toBe(true);
    expect(passwordRules('🔑🔑🔑🔑🔑🔑').isLong).toBe(false);
  });
  it('has 72 bytes at most, accents counted as the bytes that they are', () => {
    expect(isAcceptable('a'.repeat(72))).toBe(true);
    expect(isAcceptable('a'.repeat(73))).toBe(false);
    expect(isAcceptable('é'.repeat(37))).toBe(false);
  });
});

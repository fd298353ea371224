import { describe, expect, it } from 'vitest';
import { nameKey } from './same-person.ts';

describe('the same name', () => {
  it('is the same whatever its accents, case, hyphens and fields', () => {
    const key = nameKey({ lastName: 'Núñez-Ortiz', firstName: 'José' });
    expect(nameKey({ lastName: 'NUNEZ ORTIZ', firstName: 'jose' })).toBe(key);
    expect(nameKey({ lastName: 'José', firstName: 'Nuñez Ortiz' })).toBe(key);
    expect(nameKey({ lastName: 'Núñez', firstName: 'José' })).not.toBe(key);
  });
});

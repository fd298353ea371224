import { describe, expect, it } from 'vitest';
import { patientSearch, studySearch } from './search-params.ts';
import { themeFor } from './theme.ts';

describe('addresses of lists', () => {
  it('keep what they know and leave out what they do not', () => {
    expect(patientSearch({ q: 'sow', sort: '-birthDate', status: 'NOPE', other: 1 })).toEqual({ q: 'sow', sort: '-birthDate' });
    expect(studySearch({ modality: 'CT', range: 'week', sort: 'drop table' })).toEqual({ modality: 'CT', range: 'week' });
  });
  it('read a search of digits as text', () => {
    expect(patientSearch({ q: 2026 })).toEqual({ q: '2026' });
  });
});

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

import { describe, expect, it } from 'vitest';
import { patientSearch, studySearch } from './search-params.ts';

describe('addresses of lists', () => {
  it('keep what they know and leave out what they do not', () => {
    expect(patientSearch({ q: 'sow', sort: '-birthDate', status: 'NOPE', other: 1 })).toEqual({ q: 'sow', sort: '-birthDate' });
    expect(studySearch({ modality: 'CT', range: 'week', sort: 'drop table' })).toEqual({ modality: 'CT', range: 'week' });
  });
  it('read a search of digits as text', () => {
    expect(patientSearch({ q: 2026 })).toEqual({ q: '2026' });
  });
});

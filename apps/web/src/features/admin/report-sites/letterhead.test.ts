import { Letterhead } from '@negatoscope/contract';
import { describe, expect, it } from 'vitest';
import { make } from '../../../test/sample.ts';
import { editedOf, faultsOf, letterheadOf } from './letterhead.ts';

const typed = (fields: Partial<ReturnType<typeof editedOf>> = {}) => ({
  name: 'Fann',
  lines: '',
  phone: '',
  logo: null,
  ...fields,
});

describe('a letterhead as it is typed', () => {
  it('is kept without what surrounds it: a line for each that says something, no telephone where none was typed', () => {
    const kept = letterheadOf(typed({ name: '  Hôpital Фанн ', lines: ' Radiologie \r\n\n  \nDakar\n', phone: '   ' }));
    expect(kept).toEqual({ name: 'Hôpital Фанн', lines: ['Radiologie', 'Dakar'], phone: null, logo: null });
    expect(Letterhead.safeParse(kept).success).toBe(true);
  });

  it('comes back as it was kept', () => {
    const kept = make(Letterhead, { name: '<b>Fann</b>', lines: ['Radiologie', 'Dakar'], phone: '+221 33', logo: null });
    expect(letterheadOf(editedOf(kept))).toEqual(kept);
    expect(editedOf({ ...kept, phone: null })).toMatchObject({ phone: '', lines: 'Radiologie\nDakar' });
  });

  it.each([
    ['a name', typed({ name: ' \t' }), { name: 'required' }],
    ['at most six lines', typed({ lines: 'a\nb\nc\nd\ne\nf\ng' }), { lines: 'addressLong' }],
    ['lines of at most 100 characters', typed({ lines: `a\n${'x'.repeat(101)}` }), { lines: 'addressLong' }],
    ['both', typed({ name: '', lines: 'x'.repeat(101) }), { name: 'required', lines: 'addressLong' }],
  ])('has %s, or says so', (_what, edited, faults) => {
    expect(faultsOf(edited)).toEqual(faults);
  });

  it('may have six lines of 100 characters, with empty ones between, which the server takes too', () => {
    const edited = typed({ lines: Array.from({ length: 6 }, () => 'x'.repeat(100)).join('\n\n') });
    expect(faultsOf(edited)).toEqual({});
    expect(Letterhead.safeParse(letterheadOf(edited)).success).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { formatPersonName, parsePersonName } from './index.ts';

const group = (family: string, given = '', middle = '', prefix = '', suffix = '') => ({ family, given, middle, prefix, suffix });

describe('person names (PS3.5 6.2.1)', () => {
  it('have five components in the order of the standard', () => {
    const name = parsePersonName('Adams^John Robert Quincy^^Rev.^B.A. M.Div.');
    expect(name).toEqual({ alphabetic: group('Adams', 'John Robert Quincy', '', 'Rev.', 'B.A. M.Div.') });
  });

  it('have up to three component groups (PS3.5 H.3)', () => {
    const name = parsePersonName({ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' });
    expect(name).toEqual({
      alphabetic: group('Yamada', 'Tarou'),
      ideographic: group('山田', '太郎'),
      phonetic: group('やまだ', 'たろう'),
    });
  });

  it.each([undefined, null, '', '^^^^', ' ^ = ', {}])('are empty when %j has no letter', (value) =>
    expect(parsePersonName(value)).toEqual({}),
  );

  it('keep what comes after the fifth component with the suffix', () => {
    expect(parsePersonName('A^B^C^D^E^F').alphabetic?.suffix).toBe('E F');
  });

  it.each(['Adams^John', 'Yamada^Tarou=山田^太郎=やまだ^たろう', '=山田', 'A^B^^^Jr', ''])(
    '%j survives reading and writing',
    (text) => {
      expect(formatPersonName(parsePersonName(text))).toBe(text);
    },
  );
});

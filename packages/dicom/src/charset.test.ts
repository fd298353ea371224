import { describe, expect, it } from 'vitest';
import { decodeText } from './charset.ts';
import { charsetOf } from './charset-terms.ts';

function decode(terms: string, bytes: readonly (number | string)[], vr = 'LO') {
  const flat = bytes.flatMap((part) => (typeof part === 'number' ? [part] : [...part].map((letter) => letter.charCodeAt(0))));
  return decodeText(Uint8Array.from(flat), { start: 0, end: flat.length }, charsetOf(terms), vr);
}

const utf8 = (text: string) => [...new Uint8Array(Buffer.from(text, 'utf8'))];

describe('character sets (PS3.3 C.12.1.1.2, examples of PS3.5 annexes H to K)', () => {
  it.each([
    ['ISO_IR 100', [0x42, 0x75, 0x63, 0xe9], 'Bucé'],
    ['ISO_IR 101', [0x57, 0xb3], 'Wł'],
    ['ISO_IR 144', [0xbb, 0xee], 'Лю'],
    ['ISO_IR 126', [0xc4, 0xe9], 'Δι'],
    ['ISO_IR 138', [0xf9, 0xf8], 'שר'],
    ['ISO_IR 127', [0xe2, 0xc8], 'قب'],
    ['ISO_IR 166', [0xa1], 'ก'],
    ['ISO_IR 148', [0xfd, 0xdd], 'ıİ'],
    ['ISO_IR 192', utf8('Ağrı İstanbul ñ 山'), 'Ağrı İstanbul ñ 山'],
    ['GB18030', [0xcd, 0xf5], '王'],
    ['GBK', [0xcd, 0xf5], '王'],
    ['ISO_IR 13', [0xd4, 0xcf, 0xc0, 0xde], 'ﾔﾏﾀﾞ'],
    ['\\ISO 2022 IR 87', [0x1b, '$B;3ED', 0x1b, '(B'], '山田'],
    ['\\ISO 2022 IR 149', [0x1b, '$)C', 0xd1, 0xce], '吉'],
    ['ISO 2022 IR 6\\ISO 2022 IR 58', [0x1b, '$)A', 0xcd, 0xf5], '王'],
    ['ISO 2022 IR 13\\ISO 2022 IR 87', [0x1b, '$B;3ED', 0x1b, '(J'], '山田'],
  ])('%s decodes', (terms, bytes, text) => expect(decode(terms, bytes)).toEqual({ text, isCertain: true }));

  describe.each([
    [100, '-A', 0xe9, 'é'],
    [101, '-B', 0xb3, 'ł'],
    [109, '-C', 0xb1, 'ħ'],
    [110, '-D', 0xa2, 'ĸ'],
    [126, '-F', 0xc4, 'Δ'],
    [127, '-G', 0xc8, 'ب'],
    [138, '-H', 0xf9, 'ש'],
    [144, '-L', 0xbb, 'Л'],
    [148, '-M', 0xdd, 'İ'],
    [166, '-T', 0xa1, 'ก'],
    [203, '-b', 0xa4, '€'],
    [13, ')I', 0xd4, 'ﾔ'],
  ] as const)('the set of ISO-IR %i (PS3.3 tables C.12-2, C.12-3)', (number, sequence, byte, letter) => {
    it('is read without code extensions, and with them where no escape comes', () => {
      for (const terms of [`ISO_IR ${number}`, `ISO 2022 IR ${number}`, `ISO 2022 IR ${number}\\ISO 2022 IR 87`])
        expect([terms, decode(terms, ['A', byte, 'z'])]).toEqual([terms, { text: `A${letter}z`, isCertain: true }]);
    });

    it('is read behind its escape, also where ASCII is the first of the terms (PS3.5 6.1.2.4)', () => {
      for (const first of ['', 'ISO 2022 IR 6'])
        expect(decode(`${first}\\ISO 2022 IR ${number}`, ['A', 0x1b, sequence, byte])).toEqual({
          text: `A${letter}`,
          isCertain: true,
        });
    });
  });

  it('French of ISO-IR 203 has the letters that ISO-IR 100 lacks, and is told from UTF-8 that is declared so', () => {
    const bytes = ['C', 0xbc, 'UR^L', 0xbd, 'titia^^', 0xbe, 0xa6, 0xa8, 0xb4, 0xb8, ' ', 0xe9];
    for (const terms of ['ISO_IR 203', 'ISO 2022 IR 203'])
      expect(decode(terms, bytes, 'PN')).toEqual({ text: 'CŒUR^Lœtitia^^ŸŠšŽž é', isCertain: true });
    expect(decode('ISO_IR 203', utf8('Œdème'))).toEqual({ text: 'Œdème', isCertain: false });
    // The letter b behind a minus is an escape only where there is one.
    expect(decode('\\ISO 2022 IR 203', ['b-b', 0x1b, '-b', 0xbd, '-b'])).toEqual({ text: 'b-bœ-b', isCertain: true });
  });

  /** Bytes as the standard prints them: two hexadecimal digits each. */
  const hex = (text: string): number[] => text.split(' ').map((byte) => Number.parseInt(byte, 16));
  it.each([
    [
      'H.3.1',
      '\\ISO 2022 IR 87',
      ['Yamada^Tarou=', ...hex('1b 24 42 3b 33 45 44 1b 28 42 5e 1b 24 42 42 40 4f 3a 1b 28 42 3d')],
      hex('1b 24 42 24 64 24 5e 24 40 1b 28 42 5e 1b 24 42 24 3f 24 6d 24 26 1b 28 42'),
      'Yamada^Tarou=山田^太郎=やまだ^たろう',
    ],
    [
      'H.3.2',
      'ISO 2022 IR 13\\ISO 2022 IR 87',
      hex('d4 cf c0 de 5e c0 db b3 3d 1b 24 42 3b 33 45 44 1b 28 4a 5e 1b 24 42 42 40 4f 3a 1b 28 4a 3d'),
      hex('1b 24 42 24 64 24 5e 24 40 1b 28 4a 5e 1b 24 42 24 3f 24 6d 24 26 1b 28 4a'),
      'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
    ],
    [
      'I.2',
      '\\ISO 2022 IR 149',
      ['Hong^Gildong=', ...hex('1b 24 29 43 fb f3 5e 1b 24 29 43 d1 ce d4 d7 3d')],
      hex('1b 24 29 43 c8 ab 5e 1b 24 29 43 b1 e6 b5 bf'),
      'Hong^Gildong=洪^吉洞=홍^길동',
    ],
    ['J.1', 'ISO_IR 192', ['Wang^XiaoDong='], utf8('王^小東='), 'Wang^XiaoDong=王^小東='],
    ['J.2', 'GB18030', ['Wang^XiaoDong='], hex('cd f5 5e d0 a1 b6 ab 3d'), 'Wang^XiaoDong=王^小东='],
    [
      'J.3',
      '\\ISO 2022 IR 58',
      ['Zhang^XiaoDong='],
      hex('1b 24 29 41 d5 c5 5e 1b 24 29 41 d0 a1 b6 ab 3d'),
      'Zhang^XiaoDong=张^小东=',
    ],
  ] as const)('the name of PS3.5 %s is %s’s', (_section, terms, first, rest, name) =>
    expect(decode(terms, [...first, ...rest], 'PN')).toEqual({ text: name, isCertain: true }),
  );

  it('ISO 2022 IR 13 data that returns with the escape of ASCII is read all the same', () => {
    expect(decode('ISO 2022 IR 13\\ISO 2022 IR 87', [0x1b, '$B;3ED', 0x1b, '(B', '^X'], 'PN').text).toBe('山田^X');
  });

  it('a backslash inside a two-byte character does not split a value', () => {
    expect(decode('GB18030', [0x81, 0x5c]).text).toHaveLength(1);
  });

  it.each(['ISO-IR 100', 'ISO IR 100', 'iso_ir 100', ' ISO_IR 100 ', 'ISO_IR_100'])('spelled %j means ISO_IR 100', (terms) => {
    expect(charsetOf(terms)).toMatchObject({ kind: 'latin1', hasUnknownTerm: false });
  });

  it('an unknown term is marked and left out', () => {
    expect(charsetOf('ISO_IR 999')).toMatchObject({ kind: 'default', hasUnknownTerm: true });
    expect(charsetOf('ISO 2022 IR 6\\KLINGON\\ISO 2022 IR 87')).toMatchObject({
      terms: 'ISO 2022 IR 6\\ISO 2022 IR 87',
      hasUnknownTerm: true,
    });
  });

  it('undeclared text is a marked guess: UTF-8 when valid, else ISO 8859-1', () => {
    expect(decode('', utf8('é山'))).toEqual({ text: 'é山', isCertain: false });
    expect(decode('', ['caf', 0xe9])).toEqual({ text: 'café', isCertain: false });
    expect(decode('', [0x1b, '$B;3ED', 0x1b, '(B'])).toEqual({ text: '山田', isCertain: false });
    expect(decode('', ['plain'])).toEqual({ text: 'plain', isCertain: true });
  });

  it('text declared wrongly is readable where it can be and marked', () => {
    expect(decode('ISO_IR 192', ['caf', 0xe9])).toEqual({ text: 'café', isCertain: false });
    expect(decode('ISO_IR 192', ['N', 0xfa, 0xf1, 'ez^Jos', 0xe9], 'PN')).toEqual({ text: 'Núñez^José', isCertain: false });
    expect(decode('ISO_IR 100', utf8('Núñez^José'), 'PN')).toEqual({ text: 'Núñez^José', isCertain: false });
    expect(decode('ISO_IR 101', ['N', 0xfa, 0xc5, 'ez'])).toMatchObject({ isCertain: true });
    expect(decode('ISO_IR 192', [...utf8('Núñez'), 0xc3])).toEqual({ text: 'Núñez', isCertain: false });
    expect(decode('ISO_IR 192', ['caf', 0x82])).toEqual({ text: 'caf\ufffd', isCertain: false });
    expect(decode('ISO 2022 IR 6\\ISO 2022 IR 87', [0x1b, '$)C', 0x41])).toEqual({ text: '$)CA', isCertain: false });
  });

  it.each(['ÉTÉ «À»', 'GRÖßE', 'Ñandú · 20 °C', 'MÜLLER^JÖRG', 'Ça', 'Á', 'naïve ½'])(
    '%s in ISO_IR 100 is nothing else',
    (text) => expect(decode('ISO_IR 100', [...Buffer.from(text, 'latin1')])).toEqual({ text, isCertain: true }),
  );

  it('a hostile value that changes its character set with every byte is read without them, a legitimate one with them', () => {
    const flood = Array.from({ length: 65_536 }, (_, index) => [0x1b, 0x24, 0x42, 0x3b, 0x33, 0x1b, 0x28, 0x42][index % 8] ?? 0);
    const flooded = decode('\\ISO 2022 IR 87', flood);
    // No character of the other set: nothing was converted piece by piece, which is what takes long.
    expect([flooded.isCertain, /[^\x20-\x7e]/.test(flooded.text)]).toEqual([false, false]);
    expect(decode('\\ISO 2022 IR 87', flood.slice(0, 800)).text).toMatch(/[\u3000-\u9fff]/);
    // As many changes as no prose has, and one more: an escape to the set, and one back.
    const changing = (changes: number) => decode('\\ISO 2022 IR 87', Array.from({ length: changes }, () => [0x1b, '(B']).flat());
    expect([changing(8000).isCertain, changing(8001).isCertain]).toEqual([true, false]);
    const cyrillic = Array.from({ length: 65_536 }, (_, index) => (index % 2 === 0 ? 0xbb : 0x20));
    expect(decode('ISO 2022 IR 144\\ISO 2022 IR 100', cyrillic)).toMatchObject({ isCertain: true });
  });

  it('every byte sequence decodes to something', () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte);
    for (const terms of ['', 'ISO_IR 13', 'GB18030', 'ISO 2022 IR 149', '\\ISO 2022 IR 87\\ISO 2022 IR 159', 'ISO_IR 203']) {
      expect(typeof decode(terms, [...bytes, 0x1b]).text).toBe('string');
    }
  });
});

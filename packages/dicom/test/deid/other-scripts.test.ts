import { describe, expect, it } from 'vitest';
import { type DeidOption, type DicomJsonObject, deidentifyDataset } from '../../src/index.ts';
import { CT, options, SUBSTITUTES, text } from './support.ts';

const named = (name: Readonly<Record<string, string>>, json: DicomJsonObject, ...list: DeidOption[]) =>
  deidentifyDataset({ ...CT, '00100010': { vr: 'PN', Value: [name] }, ...json }, options(...list), SUBSTITUTES).output;
const institution = (name: Readonly<Record<string, string>>, value: string) =>
  named(name, { '00080080': text('LO', value) }, 'retainInstitutionIdentity')['00080080']?.Value?.[0];

describe('names of few letters, and of other scripts', () => {
  it.each([
    ['Chinese, two letters', { Alphabetic: 'Wang^Xiaodong', Ideographic: '王^小东' }, '小东诊所'],
    ['Chinese, family and given name', { Alphabetic: 'Wang^X', Ideographic: '王^小东' }, '王小东诊所'],
    ['Korean', { Alphabetic: 'Gim^H', Ideographic: '金^希中', Phonetic: '김^희중' }, '김희중의원'],
    ['Cyrillic within a word', { Alphabetic: 'Ли^Анна' }, 'Клиника Лианна'],
    ['an umlaut as two letters', { Alphabetic: 'Müller^A' }, 'Praxis Mueller'],
    ['a letter without its stroke', { Alphabetic: 'Sørensen^A' }, 'Klinik Sorensen'],
    ['a patient of two letters', { Alphabetic: 'Ng^Xu' }, 'Clinic of Dr Ng'],
  ])('%s are not kept by an option', (_what, name, value) => {
    expect(institution(name, value)).toBe('ANONYMIZED');
    expect(institution({ Alphabetic: 'Somebody^Else' }, value)).toBe(value);
  });

  it('a description of known words that are the patient’s name of two letters goes', () => {
    const json = { '0008103E': text('LO', 'MA FS') };
    expect(named({ Alphabetic: 'MA^Li' }, json, 'cleanDescriptors')['0008103E']).toBeUndefined();
    expect(named({ Alphabetic: 'Somebody^Li' }, json, 'cleanDescriptors')['0008103E']?.Value).toEqual(['MA FS']);
  });

  it.each([
    ['Cyrillic, ISO 8859-5', { Alphabetic: 'Яковлев^П' }, [0xcf, 0xda, 0xde, 0xd2, 0xdb, 0xd5, 0xd2]],
    ['Latin-1 with accents, small', { Alphabetic: 'ÉLÉONORE^A' }, [...Buffer.from('éléonore', 'latin1')]],
    ['Chinese, UTF-8', { Alphabetic: 'Wang^X', Ideographic: '王^小东' }, [...Buffer.from('小东')]],
    ['Japanese, JIS X 0208', { Alphabetic: 'Yamada^T', Ideographic: '山田^太郎' }, [0x3b, 0x33, 0x45, 0x44]],
    ['Japanese, Shift JIS', { Alphabetic: 'Yamada^T', Ideographic: '山田^太郎' }, [0x8e, 0x52, 0x93, 0x63]],
    ['Japanese, EUC-JP', { Alphabetic: 'Yamada^T', Ideographic: '山田^太郎' }, [0xbb, 0xb3, 0xc5, 0xc4]],
    ['Japanese, katakana of JIS', { Alphabetic: 'Yamada^T', Phonetic: 'ヤマダ^タロウ' }, [0x25, 0x64, 0x25, 0x5e, 0x25, 0x40]],
    ['Korean, EUC-KR', { Alphabetic: 'Gim^H', Phonetic: '김^희중' }, [0xc8, 0xf1, 0xc1, 0xdf]],
    ['Chinese, GB 18030', { Alphabetic: 'Wang^X', Ideographic: '王^小东' }, [0xd0, 0xa1, 0xb6, 0xab]],
    ['Latin in UTF-32', { Alphabetic: 'DUPONTEL^A' }, [...'DUPONTEL'].flatMap((letter) => [letter.charCodeAt(0), 0, 0, 0])],
    ['Greek, UTF-16', { Alphabetic: 'Παππάς^Α' }, [...Buffer.from('Παππάς', 'utf16le')]],
  ])('%s within a technical table', (_what, name, bytes) => {
    const table = (own: readonly number[]): DicomJsonObject => ({
      '00281201': {
        vr: 'OW',
        InlineBinary: Buffer.from([...Array(40).fill(1), ...own, ...Array(own.length % 2).fill(1)]).toString('base64'),
      },
    });
    expect(named(name, table(bytes))['00281201']).toBeUndefined();
    expect(named(name, table([]))['00281201']).toBeDefined();
  });

  it('bytes of another character set than the file says are read as such before an option keeps them', () => {
    const name = { Alphabetic: 'Yamada^T', Ideographic: '山田^太郎' };
    for (const value of ['\x1b$B;3ED\x1b(B clinic', String.fromCharCode(0x8e, 0x52, 0x93, 0x63), 'Clinic \xbb\xb3\xc5\xc4'])
      expect([institution(name, value), institution({ Alphabetic: 'Somebody^Else' }, value)]).toEqual(['ANONYMIZED', value]);
  });
});

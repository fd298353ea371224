import { describe, expect, test } from 'vitest';
import { cleanedCodes, cleanedText, isCodedText, isDescriptorText } from './descriptors.ts';
import { CODED_WORDS, DESCRIPTOR_WORDS } from './words.ts';

const NONE = { naming: new Set<string>(), numbers: new Set<string>() };
const text = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });

describe('a descriptor of known words', () => {
  test.each([
    'CT Thorax 5mm lung',
    'IRM cerebral',
    'Scanner thoracique sans injection',
    'T2 FLAIR SAG',
    'AX T1 SE 3 MM',
    'ABDO PELVIC 120 KV',
    'Échographie abdominal',
    'Radiographie THORAX FACE',
    'CHEST PA/LAT',
    '',
    'b1000 ADC',
  ])('%j stays', (value) => {
    expect(isDescriptorText(value)).toBe(true);
    if (value !== '') expect(cleanedText(text('LO', value), NONE)).toEqual(text('LO', value));
  });

  test.each([
    'CT Thorax Dupont',
    'Dupont',
    'THORAX de Mme Ndiaye',
    'CT 12 03 1970',
    'CT 12031970',
    'Thorax 0612345678',
    'Chest, see Dr. Who',
    'chest@hospital.example',
    'Щербаков',
    '胸部 CT',
    `CT ${'THORAX '.repeat(50)}`,
  ])('%j goes', (value) => {
    expect(isDescriptorText(value)).toBe(false);
    expect(cleanedText(text('LO', value), NONE)).toBeUndefined();
  });

  test('accents and case make no other word', () => {
    for (const value of ['échographie', 'ÉCHOGRAPHIE', 'Echographie']) expect(isDescriptorText(value)).toBe(true);
  });

  test('of which one word names the patient goes, alone or inside another', () => {
    expect(cleanedText(text('LO', 'CT FOOT'), { ...NONE, naming: new Set(['FOOT']) })).toBeUndefined();
    expect(cleanedText(text('LO', 'CT CHEST'), { ...NONE, naming: new Set(['CHEST']) })).toBeUndefined();
    expect(cleanedText(text('LO', 'CT THORACIQUE'), { ...NONE, naming: new Set(['THORA']) })).toBeUndefined();
    expect(cleanedText(text('LO', 'CT CHEST'), { ...NONE, naming: new Set(['CHES']) })).toEqual(text('LO', 'CT CHEST'));
  });

  test('what is no text, nothing, or bulk goes', () => {
    expect(cleanedText(text('LO', 5), NONE)).toBeUndefined();
    expect(cleanedText({ vr: 'LO' }, NONE)).toBeUndefined();
    expect(cleanedText({ vr: 'UT', BulkDataURI: 'bulk:1:2' }, NONE)).toBeUndefined();
    expect(cleanedText(text('LO', 'CT', 'Dupont'), NONE)).toBeUndefined();
  });
});

describe('coded strings (PS3.5 6.2, VR CS)', () => {
  test.each(['ORIGINAL', 'DERIVED', 'M', 'HU_MOD', 'Z_EFF', 'T1 T2', '', '2', '1000'])('%j is of defined terms', (value) => {
    expect(isCodedText(value)).toBe(true);
  });
  test.each(['DUPONT', 'original', 'SMITH_CT', 'ÉTÉ', 'CT-THORAX', 'AXIAL AXIAL AXIAL', '12345', 'CT\nX'])(
    '%j is not',
    (value) => {
      expect(isCodedText(value)).toBe(false);
    },
  );
  test('lose values that are none without moving the others', () => {
    expect(cleanedCodes(text('CS', 'DUPONT', 'PRIMARY'), NONE)).toEqual({ vr: 'CS', Value: [null, 'PRIMARY'] });
    expect(cleanedCodes(text('CS', 'ORIGINAL', 'PRIMARY'), NONE)).toEqual(text('CS', 'ORIGINAL', 'PRIMARY'));
    expect(cleanedCodes(text('CS', 'DUPONT', ''), NONE)).toBeUndefined();
    expect(cleanedCodes({ vr: 'CS' }, NONE)).toBeUndefined();
  });
});

test('the lists are in capital letters without accents, as texts are compared', () => {
  for (const word of [...CODED_WORDS, ...DESCRIPTOR_WORDS]) expect(word).toMatch(/^[A-Z0-9]+$/);
});

test('the lists have none of the commonest family names', () => {
  const names =
    'MARTIN BERNARD DUPONT DURAND MOREAU LAURENT SIMON MICHEL LEROY ROUX DAVID NDIAYE DIOP FALL SOW BA DIALLO SMITH JONES BROWN WILSON TAYLOR MULLER SCHMIDT';
  for (const name of names.split(' ')) expect(CODED_WORDS.has(name) || DESCRIPTOR_WORDS.has(name), name).toBe(false);
});

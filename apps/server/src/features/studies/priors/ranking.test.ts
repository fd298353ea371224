import { regionsOfBodyPart, regionsOfText, relationOfRegions as relationOf, sidesOfText } from '@negatoscope/dicom';
import { describe, expect, test } from 'vitest';
import { type Compared, rankPriors } from './ranking.ts';

type Named = Compared & { readonly name: string };
const study = (name: string, of: Partial<Compared> = {}): Named => ({
  name,
  modalities: ['CT'],
  bodyParts: ['CHEST'],
  sides: [],
  descriptions: [],
  moment: '2026-01-01 10:00:00',
  isOtherIdentity: false,
  ...of,
});
const CURRENT = study('current', { moment: '2026-03-01 10:00:00' });
const order = (others: readonly Named[], current: Compared = CURRENT): string[] =>
  rankPriors(current, others).map(({ study: { name } }) => name);
const reasonsOf = (other: Named, current: Compared = CURRENT) => rankPriors(current, [other])[0];

describe('regions', () => {
  test.each([
    ['CHEST', ['CHEST']],
    ['THORAX', ['CHEST']],
    ['LUNG', ['CHEST']],
    ['chest ', ['CHEST']],
    ['CHESTABDPELVIS', ['CHEST', 'ABDOMEN', 'PELVIS']],
    ['C-SPINE', ['CSPINE']],
    ['Crâne', ['HEAD']],
    ['KNEE LEFT', ['KNEE']],
    ['', []],
    ['???', []],
    ['UNKNOWN', []],
    ['constructor', []],
    ['__proto__', []],
  ])('Body Part Examined %s is %j', (value, regions) => {
    expect(regionsOfBodyPart(value)).toEqual(regions);
  });
  test.each([
    ['Thorax face', ['CHEST']],
    ['TDM thoraco-abdomino-pelvien', ['CHEST', 'ABDOMEN', 'PELVIS']],
    ['TDM TAP avec injection', ['CHEST', 'ABDOMEN', 'PELVIS']],
    ['IRM du genou gauche', ['KNEE']],
    ['Radiographie du rachis dorsal', ['TSPINE']],
    ['IRM rachis thoracique', ['TSPINE']],
    ['MRI lumbar spine', ['LSPINE']],
    ['Rachis entier', ['SPINE']],
    ['Échographie cervicale', ['NECK']],
    ['Scanner cérébral', ['BRAIN']],
    ['Whole body PET', ['WHOLEBODY']],
    ['Avant-bras droit', ['FOREARM']],
    ['Cœur', ['HEART']],
    ['', []],
    ['Contrôle', []],
  ])('the description %s names %j', (text, regions) => {
    expect(regionsOfText(text)).toEqual(regions);
  });
  test.each([
    ['CHEST', 'LUNG', 'same'],
    ['CHEST', 'HEART', 'part'],
    ['HEART', 'CHEST', 'part'],
    ['CHEST', 'CHESTABDPELVIS', 'same'],
    ['KNEE', 'LOWERLIMB', 'part'],
    ['KNEE', 'WHOLEBODY', 'part'],
    ['CHEST', 'ABDOMEN', 'near'],
    ['LIVER', 'KIDNEY', 'near'],
    ['KNEE', 'ANKLE', 'apart'],
    ['HAND', 'FOOT', 'apart'],
    ['CSPINE', 'LSPINE', 'apart'],
    ['CHEST', 'HEAD', 'apart'],
    ['CHEST', 'nothing', 'unknown'],
  ])('%s to %s is %s, either way', (one, other, relation) => {
    expect(relationOf(regionsOfBodyPart(one), regionsOfBodyPart(other))).toBe(relation);
    expect(relationOf(regionsOfBodyPart(other), regionsOfBodyPart(one))).toBe(relation);
  });
  test('sides are read in both languages', () => {
    expect([sidesOfText('Genou gauche'), sidesOfText('right knee'), sidesOfText('both')]).toEqual([['L'], ['R'], []]);
  });
});

describe('priors', () => {
  test('region goes before modality, modality before date', () => {
    const others = [
      study('head CT, new', { bodyParts: ['HEAD'], moment: '2026-02-20 10:00:00' }),
      study('chest X-ray, new', { modalities: ['DX'], moment: '2026-02-21 10:00:00' }),
      study('abdomen CT, new', { bodyParts: ['ABDOMEN'], moment: '2026-02-22 10:00:00' }),
      study('chest CT, old', { moment: '2020-01-01 10:00:00' }),
      study('chest CT, newer', { bodyParts: ['THORAX'], moment: '2025-01-01 10:00:00' }),
      study('heart MR', { bodyParts: ['HEART'], modalities: ['MR'] }),
      study('unknown CT', { bodyParts: [] }),
    ];
    expect(order(others)).toEqual([
      'chest CT, newer',
      'chest CT, old',
      'chest X-ray, new',
      'heart MR',
      'abdomen CT, new',
      'unknown CT',
      'head CT, new',
    ]);
  });

  test('what was made later comes behind everything earlier, the nearest first, and is marked', () => {
    const others = [
      study('later, far', { moment: '2026-09-01 08:00:00' }),
      study('later, near', { moment: '2026-03-01 10:00:01' }),
      study('knee, earlier', { bodyParts: ['KNEE'], modalities: ['DX'] }),
    ];
    expect(order(others)).toEqual(['knee, earlier', 'later, near', 'later, far']);
    expect(reasonsOf(study('x', { moment: '2026-03-02 00:00:00' }))).toMatchObject({ isComparable: false });
    expect(reasonsOf(study('x', { moment: '2026-03-02 00:00:00' }))?.reasons).toContain('LATER');
  });

  test('a day without a time is neither before nor after another study of that day', () => {
    const sameDay = reasonsOf(study('x', { moment: '2026-03-01 00:00:00' }));
    expect(sameDay?.reasons).toEqual(['SAME_REGION', 'SAME_MODALITY', 'SAME_DAY']);
    const untimed = { ...CURRENT, moment: '2026-03-01 00:00:00' };
    expect(reasonsOf(study('x', { moment: '2026-03-01 17:00:00' }), untimed)?.reasons).not.toContain('LATER');
  });

  test('without a date a study comes behind dated ones of its kind, and nothing is later than a current one without', () => {
    expect(order([study('undated', { moment: null }), study('dated', { moment: '1990-01-01 00:00:00' })])).toEqual([
      'dated',
      'undated',
    ]);
    const undated = { ...CURRENT, moment: null };
    expect(reasonsOf(study('x', { moment: '2099-01-01 00:00:00' }), undated)?.reasons).toEqual(['SAME_REGION', 'SAME_MODALITY']);
  });

  test('images that name somebody else come last of all and are never hung unasked', () => {
    const strange = study('strange', { isOtherIdentity: true });
    expect(order([strange, study('later knee', { bodyParts: ['KNEE'], moment: '2026-09-01 08:00:00' })])).toEqual([
      'later knee',
      'strange',
    ]);
    expect(reasonsOf(strange)).toMatchObject({ isComparable: false });
    expect(reasonsOf(strange)?.reasons).toContain('OTHER_IDENTITY');
  });

  test('what is no image makes no modality: a report beside the CT, a study of reports alone', () => {
    const current = { ...CURRENT, modalities: ['CT', 'SR'] };
    expect(order([study('reports', { modalities: ['SR'] }), study('MR', { modalities: ['MR', 'SR'] })], current)).toEqual([
      'MR',
      'reports',
    ]);
    expect(reasonsOf(study('x', { modalities: ['SR'] }), current)).toMatchObject({
      isComparable: false,
      reasons: ['SAME_REGION'],
    });
  });

  test('the modality says what it shows, descriptions stand in where nothing else does', () => {
    const mammogram = study('current', { modalities: ['MG'], bodyParts: [], moment: '2026-03-01 10:00:00' });
    expect(
      reasonsOf(study('x', { modalities: ['US'], bodyParts: [], descriptions: ['Échographie mammaire'] }), mammogram)?.reasons,
    ).toEqual(['SAME_REGION', 'REGION_FROM_DESCRIPTION']);
    // A code outweighs the description.
    expect(reasonsOf(study('x', { bodyParts: ['KNEE'], descriptions: ['Thorax'] }))?.reasons).toEqual(['SAME_MODALITY']);
  });

  test('the other knee comes behind the same one', () => {
    const knee = study('current', { bodyParts: ['KNEE'], sides: ['L'], modalities: ['MR'], moment: '2026-03-01 10:00:00' });
    const [right, left] = [
      study('right', {
        bodyParts: ['KNEE'],
        modalities: ['MR'],
        descriptions: ['IRM genou droit'],
        moment: '2026-02-01 10:00:00',
      }),
      study('left', { bodyParts: ['KNEE'], modalities: ['DX'], sides: ['L'], moment: '2019-01-01 10:00:00' }),
    ];
    expect(order([right, left], knee)).toEqual(['left', 'right']);
    expect(reasonsOf(right, knee)).toMatchObject({
      isComparable: false,
      reasons: ['SAME_REGION', 'OTHER_SIDE', 'SAME_MODALITY'],
    });
    // A chest has no sides.
    expect(reasonsOf(study('x', { sides: ['L'] }), { ...CURRENT, sides: ['R'] })?.reasons).not.toContain('OTHER_SIDE');
  });

  test('comparable are the same region by a like modality, and the same modality where no region is known', () => {
    const is = (of: Partial<Compared>) => reasonsOf(study('x', of))?.isComparable;
    expect([is({}), is({ modalities: ['MR'] }), is({ modalities: ['DX'] }), is({ bodyParts: ['ABDOMEN'] })]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([is({ bodyParts: [] }), is({ bodyParts: [], modalities: ['MR'] }), is({ bodyParts: ['KNEE'] })]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('hostile texts cost nothing and rank nowhere', () => {
    const hostile = ['CHEST'.repeat(10_000), '\u0000', '\uD800', '<script>', 'a '.repeat(50_000), '__proto__', 'toString'];
    const many = Array.from({ length: 1_000 }, (_, at) =>
      study(`${at}`, { bodyParts: [hostile[at % hostile.length] ?? ''], descriptions: hostile }),
    );
    expect(rankPriors(CURRENT, many)).toHaveLength(1_000);
  });
});

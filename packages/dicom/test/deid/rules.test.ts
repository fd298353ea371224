import { describe, expect, it } from 'vitest';
import { vrsOf } from '../../src/dictionary/index.ts';
import {
  burnedIn,
  type DeidOption,
  type DicomJsonObject,
  deidentifyDataset,
  outsideRegions,
  parsePart10,
  pseudonymFrom,
  recognisableFace,
  shiftDaysFrom,
  uidFrom,
  vrOf,
} from '../../src/index.ts';
import { CT, cleaned, fileOf, hash, options, SUBSTITUTES, text } from './support.ts';
import { dictionaryTags } from './tags.ts';

const clean = (json: DicomJsonObject, ...list: DeidOption[]) =>
  deidentifyDataset({ ...CT, ...json }, options(...list), SUBSTITUTES).output;

describe('attributes that no row names', () => {
  /** An attribute of every tag with a name in it, under a VR. */
  function everywhere(tags: readonly string[], vr: string): DicomJsonObject {
    const binary = vr === 'UN' || /^O/.test(vr);
    const element = (tag: string) =>
      binary
        ? { vr, InlineBinary: 'RFVQT05UU0VFRA==' }
        : { vr, Value: vr === 'SQ' ? [{ [tag]: { vr: 'LO', Value: ['DUPONTSEED'] } }] : ['DUPONTSEED'] };
    return Object.fromEntries(tags.map((tag) => [tag, element(tag)]));
  }
  const NAMES = dictionaryTags().filter((tag) => vrOf(tag) === 'PN' || /^(0010|00080050|0038)/.test(tag));
  const OTHERS = dictionaryTags().filter((tag) => !NAMES.includes(tag) && tag > '00080005' && !/^(00080016|00420011)$/.test(tag));
  // What holds samples or a table by its name may hold any bytes.
  const isTable = (tag: string): boolean => vrsOf(tag).some((one) => one.startsWith('O'));
  const VRS = 'AE AS CS DA DS DT FD IS LO LT OW PN SH SQ ST TM UC UI UL UN UR US UT'.split(' ');

  it.each(VRS)('of every attribute of PS3.6 nothing is left of a name in it as %s', (vr) => {
    for (const tags of [NAMES, OTHERS.filter((tag) => !(/^O/.test(vr) && isTable(tag)))]) {
      const output = clean(everywhere(tags, vr), 'cleanDescriptors', 'retainFullDates', 'cleanStructuredContent', 'retainUids');
      const left = Object.keys(output).filter((tag) => /DUPONTSEED|RFVQT05UU0VFR/.test(JSON.stringify(output[tag])));
      expect(left).toEqual([]);
    }
  });

  it('numbers, defined terms, tables and known words stay', () => {
    const kept: DicomJsonObject = {
      '00080008': text('CS', 'ORIGINAL', 'PRIMARY', 'AXIAL'),
      '00080060': text('CS', 'CT'),
      '00280010': { vr: 'US', Value: [512] },
      '00280030': { vr: 'DS', Value: [0.5, 0.5] },
      '00280004': text('CS', 'MONOCHROME2'),
      '00283006': { vr: 'US', Value: [1, 2] },
      '00281052': { vr: 'DS', Value: [-1024] },
    };
    expect(clean(kept)).toMatchObject(kept);
  });

  it('a term that is none is emptied and leaves the others their place; whole numbers that read as text go', () => {
    expect(clean({ '00080008': text('CS', 'ORIGINAL', 'SMITH', 'AXIAL') })['00080008']?.Value).toEqual([
      'ORIGINAL',
      null,
      'AXIAL',
    ]);
    expect(clean({ '00280106': { vr: 'US', Value: [0x5544, 0x4f50, 0x544e] } })['00280106']).toBeUndefined();
  });

  it('codes of the standard stay, with a meaning of known words; another meaning gives way to the code', () => {
    const code = (value: string, scheme: string, meaning: string) =>
      clean({
        '00082218': {
          vr: 'SQ',
          Value: [{ '00080100': text('SH', value), '00080102': text('SH', scheme), '00080104': text('LO', meaning) }],
        },
      })['00082218']?.Value?.[0] as DicomJsonObject;
    expect(code('69536005', 'SCT', 'Head')['00080104']?.Value).toEqual(['Head']);
    expect(code('69536005', 'SCT', 'Head of Jean')['00080104']?.Value).toEqual(['69536005']);
    expect(code('JEAN', 'SCT', 'Head')).toEqual({});
    expect(code('69536005', 'LOCAL', 'Head')).toEqual({});
  });
});

describe('UIDs', () => {
  it('are mapped everywhere alike; those of the standard stay, unless they carry a long number', () => {
    const output = clean({
      '0020000D': text('UI', '1.2.3'),
      '00081155': text('UI', '1.2.3'),
      '00209056': text('SH', 'x'),
      '00081150': text('UI', '1.2.840.10008.5.1.4.1.1.2'),
      '0008001A': text('UI', '1.2.840.10008.19700228.1', 'Jean'),
    });
    expect(output['0020000D']?.Value).toEqual([uidFrom(hash, '1.2.3')]);
    expect(output['00081155']?.Value).toEqual(output['0020000D']?.Value);
    expect(output['00081150']?.Value).toEqual(['1.2.840.10008.5.1.4.1.1.2']);
    expect(output['0008001A']?.Value?.every((uid) => String(uid).startsWith('2.25.'))).toBe(true);
  });

  it('that are retained are mapped where they are none, or carry the number of the patient', () => {
    const json = {
      '00100020': text('LO', '4711007'),
      '0020000D': text('UI', '1.2.4711007'),
      '0020000E': text('UI', '1.2.9'),
      '00200052': text('UI', 'DUPONT'),
    };
    const output = clean(json, 'retainUids');
    expect(output['0020000E']?.Value).toEqual(['1.2.9']);
    expect(output['0020000D']?.Value).toEqual([uidFrom(hash, '1.2.4711007')]);
    expect(output['00200052']?.Value).toEqual([uidFrom(hash, 'DUPONT')]);
  });

  it('and pseudonyms and days come of the key alone', () => {
    expect(uidFrom(hash, '1.2')).toMatch(/^2\.25\.\d{1,39}$/);
    expect(uidFrom(hash, '1.2\0')).toBe(uidFrom(hash, '1.2'));
    expect(pseudonymFrom(hash, 'a')).toMatch(/^P-[2-9A-Z]{10}$/);
    expect(pseudonymFrom(hash, 'a')).not.toBe(pseudonymFrom(hash, 'b'));
    const days = Array.from({ length: 200 }, (_, at) => shiftDaysFrom(hash, String(at)));
    expect(days.every((day) => day <= -1 && day >= -3650)).toBe(true);
    expect(() => uidFrom(() => new Uint8Array(4), 'x')).toThrow(RangeError);
  });
});

describe('dates', () => {
  it.each([
    ['00080020', 'DA', '20240301', '20240220'],
    ['00080020', 'DA', '2024.03.01', '20240220'],
    ['00080020', 'DA', '20240301-20240302', '20240220-20240221'],
    ['00080020', 'DA', '202403', undefined],
    ['00080020', 'DA', '00010101', undefined],
    ['00080020', 'DA', 'DUPONT', undefined],
    ['0008002A', 'DT', '20240301101112.123456-0500', '20240220101112.123456-0500'],
    ['0008002A', 'DT', '2024', '19000101000000'],
    ['00080030', 'TM', '101112', '101112'],
    ['00080030', 'TM', '1 rue X', undefined],
  ])('%s %s %s moved by ten days: %s', (tag, vr, value, expected) => {
    expect(clean({ [tag]: text(vr, value) }, 'retainModifiedDates')[tag]?.Value?.[0]).toBe(expected);
  });

  it('can’t be kept and moved', () => {
    expect(() => clean({}, 'retainModifiedDates', 'retainFullDates')).toThrow(RangeError);
  });
});

describe('private attributes', () => {
  const json = (creator: string, vr = 'DS'): DicomJsonObject => ({
    '70530010': text('LO', creator),
    '70531000': { vr, Value: vr === 'DS' ? [0.5] : ['DUPONT'] },
    '70531022': text('LO', 'DUPONT'),
    '70531100': { vr: 'DS', Value: [0.5] },
  });
  it('go, but for the numbers of creators on the list where they are asked for', () => {
    expect(Object.keys(clean(json('Philips PET Private Group'))).some((tag) => tag.startsWith('7053'))).toBe(false);
    const kept = Object.keys(clean(json('Philips PET Private Group'), 'retainSafePrivate')).filter((tag) =>
      tag.startsWith('7053'),
    );
    expect(kept.sort()).toEqual(['70530010', '70531000']);
  });
  it.each([
    ['another creator', json('DUPONT')],
    ['a creator with more to its name', json('Philips PET Private Group DUPONT')],
    ['another VR', json('Philips PET Private Group', 'LO')],
    ['two values', { ...json('x'), '70530010': text('LO', 'Philips PET Private Group', 'DUPONT') }],
    ['text that is said to be a number', { ...json('Philips PET Private Group'), '70531000': text('DS', 'DUPONT') }],
  ])('a creator that lies: %s', (_what, dataset) => {
    const left = Object.keys(clean(dataset, 'retainSafePrivate')).filter((tag) => tag.startsWith('7053'));
    expect(left).toEqual([]);
  });
});

describe('words', () => {
  it('a descriptor stays only where all of it is known and none is the patient', () => {
    const series = (value: string, name = 'X') =>
      clean({ '0008103E': text('LO', value), '00100010': { vr: 'PN', Value: [{ Alphabetic: name }] } }, 'cleanDescriptors')[
        '0008103E'
      ];
    expect(series('CT Thorax 5mm lung')?.Value).toEqual(['CT Thorax 5mm lung']);
    expect(series('CT Thorax Dupont')).toBeUndefined();
    expect(series('CT Foot', 'Foot^Anna')).toBeUndefined();
    expect(series('CT 12 03 1970')).toBeUndefined();
  });

  it('content is cleaned item by item; without the option one dummy item stands for it', () => {
    const item = (type: string, more: DicomJsonObject = {}): DicomJsonObject => ({ '0040A040': text('CS', type), ...more });
    const json: DicomJsonObject = {
      '0040A730': {
        vr: 'SQ',
        Value: [
          item('TEXT', { '0040A160': text('UT', 'Seen by Dupont') }),
          item('TEXT', { '0040A160': text('UT', 'CT chest') }),
          item('PNAME', { '0040A123': { vr: 'PN', Value: [{ Alphabetic: 'Dupont' }] } }),
          item('CONTAINER', {
            '0040A730': { vr: 'SQ', Value: [item('TEXT', { '0040A160': text('UT', 'Dupont') }), item('NUM')] },
          }),
        ],
      },
    };
    expect(JSON.stringify(clean(json))).not.toMatch(/upont|chest/);
    const content = clean(json, 'cleanStructuredContent')['0040A730'];
    expect(JSON.stringify(content)).toContain('CT chest');
    expect(JSON.stringify(content)).not.toMatch(/upont|PNAME/);
    expect(content?.Value?.length).toBe(2);
  });
});

describe('instances', () => {
  it.each([
    ['1.2.840.10008.5.1.4.1.1.104.1', {}, 'ENCAPSULATED_DOCUMENT'],
    ['1.2.840.10008.5.1.4.1.1.2', { '00420011': { vr: 'OB', InlineBinary: 'AAAA' } }, 'ENCAPSULATED_DOCUMENT'],
    ['1.2.840.10008.5.1.4.1.1.9.4.1', {}, 'WAVEFORM_OR_OTHER'],
    ['1.3.12.2.1107.5.9.1', {}, 'NO_SOP_CLASS'],
    ['', {}, 'NO_SOP_CLASS'],
  ])('of %s %j are refused: %s', (sopClass, more, code) => {
    expect(() => clean({ '00080016': text('UI', sopClass), ...more })).toThrow(expect.objectContaining({ code }));
  });

  it('say what was done (CID 7050), whatever they said before', () => {
    const before = { '00120062': text('CS', 'NO'), '00120063': text('LO', 'DUPONT'), '00280303': text('CS', 'UNMODIFIED') };
    const output = clean(before, 'retainModifiedDates', 'cleanDescriptors');
    expect(output['00120062']?.Value).toEqual(['YES']);
    expect(output['00280303']?.Value).toEqual(['MODIFIED']);
    expect(JSON.stringify(output['00120064'])).toMatch(/113100.*113105.*113107/);
  });

  it('have no second picture in a sequence', () => {
    const item = { '7FE00010': { vr: 'OW', InlineBinary: 'AQIDBA==' }, '00280010': { vr: 'US', Value: [2] } };
    expect(clean({ '52009229': { vr: 'SQ', Value: [item] } })['52009229']?.Value).toEqual([{ '00280010': item['00280010'] }]);
  });

  it('as files: preamble, file meta information, what stands behind Pixel Data', () => {
    const file = Buffer.from(
      fileOf({
        ...CT,
        '00100010': { vr: 'PN', Value: [{ Alphabetic: 'DUPONT' }] },
        '7FE00010': { vr: 'OW', InlineBinary: 'AQIDBA==' },
        '7FE10010': text('LO', 'DUPONT'),
        FFFCFFFC: { vr: 'OB', InlineBinary: 'RFVQT05U' },
      }),
    );
    file.write('DUPONT');
    const { bytes, result } = cleaned(file);
    expect(Buffer.from(bytes).toString('latin1')).not.toContain('DUPONT');
    expect(bytes.length).toBe(result.sizeBytes);
    const parsed = parsePart10(bytes);
    expect(parsed.fileMeta['00020003']?.Value).toEqual([uidFrom(hash, '1.2.3.4')]);
    expect([...bytes.subarray(-4)]).toEqual([1, 2, 3, 4]);
  });
});

describe('pictures', () => {
  it.each([
    [{ '00280301': text('CS', 'YES'), '00080060': text('CS', 'CT') }, 'certain'],
    [{ '00280301': text('CS', 'NO'), '00080060': text('CS', 'CT') }, 'none'],
    [{ '00280301': text('CS', 'NO'), '00080060': text('CS', 'US') }, 'suspected'],
    [{ '00080008': text('CS', 'DERIVED', 'SECONDARY'), '00080060': text('CS', 'MR') }, 'suspected'],
    [{ '00080064': text('CS', 'WSD'), '00080060': text('CS', 'MR') }, 'suspected'],
    [{}, 'suspected'],
  ])('%j: text in the pixels is %s', (json, level) => expect(burnedIn({ ...CT, ...json } as DicomJsonObject).level).toBe(level));

  it('of ultrasound have text outside of their regions', () => {
    const region = { '00186018': 10, '0018601A': 20, '0018601C': 89, '0018601E': 99 };
    const item = Object.fromEntries(Object.entries(region).map(([tag, value]) => [tag, { vr: 'UL', Value: [value] }]));
    const json = {
      '00280010': { vr: 'US', Value: [100] },
      '00280011': { vr: 'US', Value: [100] },
      '00186011': { vr: 'SQ', Value: [item] },
    };
    expect(outsideRegions(json)).toEqual([
      { left: 0, top: 0, right: 100, bottom: 20 },
      { left: 0, top: 20, right: 10, bottom: 100 },
      { left: 90, top: 20, right: 100, bottom: 100 },
    ]);
  });

  it('of heads have faces', () => {
    expect(recognisableFace({ '00080060': text('CS', 'MR'), '00180015': text('CS', 'BRAIN') })).toBe(true);
    expect(recognisableFace({ '00080060': text('CS', 'CT'), '00180015': text('CS', 'CHEST') })).toBe(false);
    expect(recognisableFace({ '00080060': text('CS', 'CT') })).toBe(true);
    expect(recognisableFace({ '00080060': text('CS', 'DX'), '00180015': text('CS', 'HEAD') })).toBe(false);
  });
});

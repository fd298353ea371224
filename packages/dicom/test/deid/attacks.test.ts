import { describe, expect, it } from 'vitest';
import { burnedIn, type DicomJsonObject, deidentifyDataset } from '../../src/index.ts';
import { CT, cleaned, fileOf, options, SUBSTITUTES, text } from './support.ts';

const clean = (json: DicomJsonObject) => deidentifyDataset({ ...CT, ...json }, options(), SUBSTITUTES).output;
const number = (vr: string, ...Value: number[]) => ({ vr, Value });

describe('what was tried to bring somebody’s identity through', () => {
  const PATIENT: DicomJsonObject = {
    '00100020': text('LO', '0061234567'),
    '00101000': text('LO', 'MRN 40122'),
    '00100030': text('DA', '19710203'),
    '00102154': text('SH', '+221 77 512 34 56'),
    '00080050': text('SH', 'ACC-2026-118'),
  };

  it.each([
    ['the number of an instance', '00200013', number('IS', 61_234_567)],
    ['the number of a series, other digits around it', '00200011', number('IS', 161_234_567)],
    ['an acquisition number that is the birth date', '00200012', number('IS', 19_710_203)],
    ['a fraction', '00180050', number('DS', 61_234_567)],
    ['a binary fraction', '00189073', number('FD', 61_234_567)],
    ['one of several numbers', '00181149', number('IS', 100, 61_234_567)],
    ['a telephone number', '00200013', number('IS', 221_775_123_456)],
  ])('a number of the patient is not kept as %s', (_what, tag, element) => {
    expect(clean({ ...PATIENT, [tag]: element })[tag]).toBeUndefined();
    // Nor in a sequence.
    const inner = clean({ ...PATIENT, '00189117': { vr: 'SQ', Value: [{ [tag]: element }] } })['00189117']?.Value?.[0];
    expect(inner).toEqual({});
  });

  it('numbers that only look like a short number of the patient stay: without rows and columns there is no picture', () => {
    const kept = { '00280010': number('US', 512), '00280011': number('US', 40_122), '00200013': number('IS', 512) };
    expect(clean({ '00100020': text('LO', '512'), '00101000': text('LO', '40122'), ...kept })).toMatchObject(kept);
  });

  it('a UID of study, series or instance is another one, also under the standard’s root', () => {
    const uid = '1.2.840.10008.2026.1128.4711.22';
    for (const tag of ['00080018', '0020000D', '0020000E', '00081155', '00081195', '00200200', '0020000d'.toUpperCase()])
      expect(clean({ [tag]: text('UI', uid) })[tag]?.Value?.[0]).toMatch(/^2\.25\./);
    const { bytes } = cleaned(fileOf({ ...CT, '00080018': text('UI', uid), '0020000D': text('UI', uid) }));
    expect(Buffer.from(bytes).includes(uid)).toBe(false);
    // A well-known frame of reference is no one's (PS3.6 table A-2), and classes keep their meaning.
    const known = { '00200052': text('UI', '1.2.840.10008.1.4.1.1'), '00081150': text('UI', '1.2.840.10008.5.1.4.1.1.2') };
    expect(clean(known)).toMatchObject(known);
  });
});

describe('text in the pixels is suspected', () => {
  const SC = { '00080016': text('UI', '1.2.840.10008.5.1.4.1.1.7'), '00280301': text('CS', 'NO'), '7FE00010': { vr: 'OW' } };
  const CT_PICTURE = { ...CT, '7FE00010': { vr: 'OW' } };
  it.each([
    ['of a capture that says it is a report', { ...SC, '00080060': text('CS', 'SR') }],
    ['of a picture that says it is a presentation state', { ...CT_PICTURE, '00080060': text('CS', 'PR') }],
    ['of a report with pixels that says YES', { ...CT_PICTURE, '00080060': text('CS', 'SR'), '00280301': text('CS', 'YES') }],
    ['of a modality in small letters', { ...CT_PICTURE, '00080060': text('CS', 'us') }],
    ['where a second modality writes names', { ...CT_PICTURE, '00080060': text('CS', 'CT', 'US') }],
    [
      'of angiography that says it is CT',
      { ...CT_PICTURE, '00080016': text('UI', '1.2.840.10008.5.1.4.1.1.12.1'), '00080060': text('CS', 'CT') },
    ],
    [
      'of a photograph that says it is CT',
      { ...CT_PICTURE, '00080016': text('UI', '1.2.840.10008.5.1.4.1.1.77.1.4'), '00080060': text('CS', 'CT') },
    ],
    [
      'of ultrasound that says it is CT',
      { ...CT_PICTURE, '00080016': text('UI', '1.2.840.10008.5.1.4.1.1.6.1'), '00080060': text('CS', 'CT') },
    ],
  ])('%s', (_what, json) => expect(burnedIn(json as DicomJsonObject).level).not.toBe('none')); // Written here.

  it('not of a segmentation, nor of what has no pixels', () => {
    const SEG = {
      '00080016': text('UI', '1.2.840.10008.5.1.4.1.1.66.4'),
      '00080060': text('CS', 'SEG'),
      '7FE00010': { vr: 'OB' },
    };
    expect(burnedIn(SEG).level).toBe('none');
    expect(burnedIn({ ...CT, '00080060': text('CS', 'SR') }).level).toBe('none');
  });
});

import { describe, expect, test } from 'vitest';
import type { DicomJsonObject } from '../types.ts';
import { burnedIn, outsideRegions, recognisableFace } from './burned-in.ts';

const text = (vr: string, ...Value: string[]) => ({ vr, Value });
const number = (vr: string, ...Value: number[]) => ({ vr, Value });
const header = (modality: string, more: DicomJsonObject = {}): DicomJsonObject => ({ '00080060': text('CS', modality), ...more });

describe('text in the pixels, by the header (PS3.15 E.3.1)', () => {
  test.each([...'US IVUS BDUS XA RF XC ES ECG OT SC DG OP OPT IO PX BMD GM SM'.split(' '), ''])(
    '%s writes names, whatever it says',
    (modality) => {
      for (const said of [{}, { '00280301': text('CS', 'NO') }])
        expect(burnedIn(header(modality, said)).level, JSON.stringify(said)).toBe('suspected');
      expect(burnedIn(header(modality)).reasons).toContain('MODALITY');
    },
  );
  test.each(['CT', 'MR', 'PT', 'DX', 'CR', 'MG', 'NM'])('%s does not', (modality) => {
    expect(burnedIn(header(modality))).toEqual({ level: 'none', reasons: [] });
    expect(burnedIn(header(modality, { '00280301': text('CS', 'NO') }))).toEqual({ level: 'none', reasons: ['SAID_NO'] });
  });
  test.each(['SR', 'KO', 'PR', 'RTSTRUCT', 'RTPLAN', 'SEG', 'REG'])('%s has no picture to write in', (modality) => {
    expect(burnedIn(header(modality, { '00280301': text('CS', 'YES') })).level).toBe('none');
  });
  test.each<[string, DicomJsonObject, string]>([
    ['says so', { '00280301': text('CS', 'YES') }, 'SAID_YES'],
    ['says so in small letters', { '00280301': text('CS', 'yes') }, 'SAID_YES'],
    ['holds a document', { '00420011': { vr: 'OB', InlineBinary: 'AAAA' } }, 'DOCUMENT'],
  ])('a CT that %s has it for certain', (_what, more, reason) => {
    expect(burnedIn(header('CT', more))).toEqual({ level: 'certain', reasons: [reason] });
  });
  test.each<[DicomJsonObject, string]>([
    [{ '00080064': text('CS', 'WSD') }, 'CONVERSION'],
    [{ '00080064': text('CS', 'SD') }, 'CONVERSION'],
    [{ '00080008': text('CS', 'DERIVED', 'SECONDARY') }, 'SECONDARY'],
    [{ '00080008': text('CS', 'derived', 'secondary', 'OTHER') }, 'SECONDARY'],
    [{ '00080016': text('UI', '1.2.840.10008.5.1.4.1.1.7') }, 'SOP_CLASS'],
    [{ '00080016': text('UI', '1.2.840.10008.5.1.4.1.1.7.4') }, 'SOP_CLASS'],
    [{ '00080016': text('UI', '1.2.840.10008.5.1.4.1.1.77.1.6') }, 'SOP_CLASS'],
    [{ '00080016': text('UI', '1.2.840.10008.5.1.4.1.1.6.1') }, 'SOP_CLASS'],
    [{ '00080016': text('UI', '1.2.840.10008.5.1.4.1.1.12.1') }, 'SOP_CLASS'],
    [{ '00080008': text('CS', 'DERIVED', 'PRIMARY', 'SCREEN SAVE') }, 'SCREEN_SAVE'],
    [{ '00080008': text('CS', 'DERIVED', 'PRIMARY', 'DOSE_INFO') }, 'SCREEN_SAVE'],
    [{ '00080008': text('CS', 'DERIVED', 'PRIMARY', 'PROTOCOL') }, 'SCREEN_SAVE'],
  ])('a CT with %j is suspected for %s, also where it says NO', (more, reason) => {
    expect(burnedIn(header('CT', more))).toEqual({ level: 'suspected', reasons: [reason] });
    expect(burnedIn(header('CT', { ...more, '00280301': text('CS', 'NO') })).level).toBe('suspected');
  });
  test.each<[DicomJsonObject]>([
    [{ '00080008': text('CS', 'ORIGINAL', 'SECONDARY') }],
    [{ '00080008': text('CS', 'DERIVED', 'SECONDARY', 'MPR') }],
    [{ '00080008': text('CS', 'DERIVED', 'SECONDARY', 'REFORMATTED') }],
    [{ '00080008': text('CS', 'DERIVED', 'PRIMARY', 'AXIAL') }],
    [{ '00080064': text('CS', 'SYN') }],
  ])('a CT with %j is not', (more) => {
    expect(burnedIn(header('CT', more)).level).toBe('none');
  });
});

test.each(['SR', 'KO', 'PR', 'RTPLAN'])('a %s that has pixels all the same is asked like any picture', (modality) => {
  expect(burnedIn(header(modality, { '7FE00010': { vr: 'OW', InlineBinary: 'AAAA' } })).level).toBe('suspected');
});

describe('what lies outside of the regions of an ultrasound (PS3.3 C.8.5.5)', () => {
  const region = (left: number, top: number, right: number, bottom: number): DicomJsonObject => ({
    '00186018': number('UL', left),
    '0018601A': number('UL', top),
    '0018601C': number('UL', right),
    '0018601E': number('UL', bottom),
  });
  const picture = (...regions: DicomJsonObject[]): DicomJsonObject => ({
    '00280010': number('US', 100),
    '00280011': number('US', 200),
    '00186011': { vr: 'SQ', Value: regions },
  });
  const area = (json: DicomJsonObject): number =>
    outsideRegions(json).reduce((sum, { left, top, right, bottom }) => sum + (right - left) * (bottom - top), 0);

  test('are four bands around all of them, which do not overlap', () => {
    const bands = outsideRegions(picture(region(10, 20, 89, 49), region(100, 30, 149, 79)));
    expect(bands).toEqual([
      { left: 0, top: 0, right: 200, bottom: 20 },
      { left: 0, top: 80, right: 200, bottom: 100 },
      { left: 0, top: 20, right: 10, bottom: 80 },
      { left: 150, top: 20, right: 200, bottom: 80 },
    ]);
    expect(area(picture(region(10, 20, 149, 79)))).toBe(200 * 100 - 140 * 60);
  });
  test('are none where a region fills the picture, reaches over it, or none is declared', () => {
    for (const json of [picture(region(0, 0, 199, 99)), picture(region(0, 0, 5000, 5000)), picture(), {}])
      expect(outsideRegions(json)).toEqual([]);
  });
  test('regions that are turned over or have no number are left out', () => {
    const { '0018601E': _bottom, ...open } = region(0, 0, 9, 9);
    expect(outsideRegions(picture(region(50, 50, 40, 60), open))).toEqual([]);
    expect(area(picture(region(50, 50, 40, 60), region(0, 0, 99, 99)))).toBe(100 * 100);
  });
  test('numbers outside of the picture and broken ones make no band outside of it', () => {
    for (const band of outsideRegions(picture(region(-5, -5, 1.5, 1e9))))
      for (const [value, most] of [
        [band.left, 200],
        [band.right, 200],
        [band.top, 100],
        [band.bottom, 100],
      ] as const) {
        expect(Number.isInteger(value)).toBe(true);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(most);
      }
  });
});

describe('a face that can be made of a volume', () => {
  test.each<[string, DicomJsonObject, boolean]>([
    ['CT', { '00180015': text('CS', 'HEAD') }, true],
    ['MR', { '00180015': text('CS', 'BRAIN') }, true],
    ['PT', { '00180015': text('CS', 'WHOLEBODY') }, true],
    ['CT', { '00180015': text('CS', 'CHEST') }, false],
    ['CT', { '00180015': text('CS', 'KNEE') }, false],
    ['CT', { '00081030': text('LO', 'Scanner cérébral') }, true],
    ['CT', { '0008103E': text('LO', 'Thorax') }, false],
    ['CT', { '00180015': text('CS', 'CHEST'), '00081030': text('LO', 'Head and chest') }, true],
    ['CT', {}, true],
    ['DX', { '00180015': text('CS', 'HEAD') }, false],
    ['US', {}, false],
  ])('%s %j: %s', (modality, more, expected) => {
    expect(recognisableFace(header(modality, more))).toBe(expected);
  });
});

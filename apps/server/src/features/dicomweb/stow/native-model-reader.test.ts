import { describe, expect, test } from 'vitest';
import { MetadataCount } from './metadata-count.ts';
import { readNativeModels } from './native-model-reader.ts';

const many = (length: number, one: (at: number) => string): string => Array.from({ length }, (_, at) => one(at)).join('');
const model = (inside: string): string => `<NativeDicomModel>${inside}</NativeDicomModel>`;
const tag = (at: number): string => (0x00111000 + at).toString(16).padStart(8, '0');
const element = (inside: string, at = 0): string => `<DicomAttribute tag="${tag(at)}" vr="LO">${inside}</DicomAttribute>`;

describe('a Native DICOM Model (PS3.19 A.1)', () => {
  test.each([
    ['attributes of one tag', model(`<DicomAttribute tag="00081030" vr="LO" ${many(1000, (at) => ` a${at}=''`)}/>`)],
    ['elements side by side', model(many(201_000, (at) => `<DicomAttribute tag="${tag(at)}"/>`))],
    ['values that are only announced', model(many(200, (at) => element('<Value number="1001"/>', at)))],
  ])('of too many %s is refused', { timeout: 60_000 }, (_what, xml) => {
    expect(() => readNativeModels(xml)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
  });

  test('counts what several announce together', () => {
    const xml = model(many(60, (at) => element('<Value number="1001"/>', at)));
    const counts = new MetadataCount();
    expect(readNativeModels(xml, counts)).toHaveLength(1);
    expect(() => readNativeModels(xml, counts)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
  });

  test('has places without a value, and as many values as a contour', { timeout: 60_000 }, () => {
    const [gaps] = readNativeModels(model(element('<Value number="3">c</Value>')));
    expect(gaps?.['00111000']).toEqual({ vr: 'LO', Value: [null, null, 'c'] });
    const [contour] = readNativeModels(model(element(many(200_000, (at) => `<Value number="${at + 1}">1</Value>`))));
    expect(contour?.['00111000']?.Value).toHaveLength(200_000);
  });
});

import { describe, expect, test } from 'vitest';
import { parsePart10 } from '../parse.ts';
import type { DicomJsonObject } from '../types.ts';
import { type DatasetPart, writeDataset } from './part10.ts';

const options = {
  transferSyntaxUid: '1.2.840.10008.1.2.1',
  bulk: () => undefined,
  implementation: { classUid: '1.2.3', version: 'TEST' },
};

/** Values that the caller puts in are counted up from 1. */
function bytesOf(parts: readonly DatasetPart[]): Uint8Array {
  const counted = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);
  return Uint8Array.from(parts.flatMap((part) => (part instanceof Uint8Array ? [...part] : counted(part.length))));
}

const BASE: DicomJsonObject = {
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
  '00080018': { vr: 'UI', Value: ['1.2.3.4'] },
};

const roundTrip = (json: DicomJsonObject, more = {}): DicomJsonObject =>
  parsePart10(bytesOf(writeDataset({ ...BASE, ...json }, { ...options, ...more }))).json;

describe('writeDataset (PS3.10 7, PS3.5 7.1.2)', () => {
  test('every VR is read again as it was written', () => {
    const json: DicomJsonObject = {
      '00080008': { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', 'AXIAL'] },
      '00080020': { vr: 'DA', Value: ['20240131'] },
      '00081140': { vr: 'SQ', Value: [{ '00081150': { vr: 'UI', Value: ['1.2'] } }, {}] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Äneas^Zoë', Ideographic: '山田^太郎' }] },
      '00180050': { vr: 'DS', Value: [1.25] },
      '00189073': { vr: 'FD', Value: [0.1] },
      '00200013': { vr: 'IS', Value: [-7] },
      '00280009': { vr: 'AT', Value: ['00181063'] },
      '00280010': { vr: 'US', Value: [512, 3] },
      '00280106': { vr: 'SS', Value: [-5] },
      '00090010': { vr: 'LO', Value: ['MAKER'] },
      '00091001': { vr: 'UN', InlineBinary: 'AQID/w==' },
      '00280301': { vr: 'CS' },
    };
    expect(roundTrip(json)).toMatchObject(json);
  });

  test('bulk values are the bytes that came for their address', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const json: DicomJsonObject = { '00091001': { vr: 'OB', BulkDataURI: 'http://elsewhere/1' } };
    expect(roundTrip(json, { bulk: (uri: string) => (uri === 'http://elsewhere/1' ? bytes : undefined) })).toMatchObject({
      '00091001': { vr: 'OB', InlineBinary: 'AQIDBA==' },
    });
    expect(() => roundTrip(json)).toThrow(expect.objectContaining({ code: 'BULK_MISSING' }));
  });

  test('bulk values that the caller puts in are known by their length; an odd one is padded', () => {
    const json: DicomJsonObject = { '00091001': { vr: 'OB', BulkDataURI: 'b' }, '00091002': { vr: 'UN', InlineBinary: 'CQk=' } };
    expect(roundTrip(json, { bulk: () => 3 })).toMatchObject({
      '00091001': { InlineBinary: 'AQIDAA==' },
      '00091002': { InlineBinary: 'CQk=' },
    });
  });

  test.each([
    [{ '00280010': { vr: 'US', Value: [70_000] } }, 'VALUE'],
    [{ '00280010': { vr: 'US', Value: ['x'] } }, 'VALUE'],
    [{ '00280010': { vr: 'ZZ', Value: [1] } }, 'VR'],
    [{ nonsense: { vr: 'US', Value: [1] } }, 'TAG'],
    [{ '00080050': { vr: 'SH', Value: ['x'.repeat(70_000)] } }, 'TOO_LONG'],
    [{ '00091001': { vr: 'OB', InlineBinary: '***' } }, 'VALUE'],
  ])('what can not be written fails with its code: %j', (json, code) => {
    expect(() => roundTrip(json as DicomJsonObject)).toThrow(expect.objectContaining({ code }));
  });
});

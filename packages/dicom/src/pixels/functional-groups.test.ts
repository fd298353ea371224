import { describe, expect, test } from 'vitest';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { pixelAspectOf } from './aspect.ts';
import { frameSources } from './functional-groups.ts';
import { framePlanOf } from './plan.ts';

const [SHARED, OWN] = ['52009229', '52009230'];
const sequence = (...Value: (DicomJsonObject | null)[]): DicomJsonElement => ({ vr: 'SQ', Value });
const number = (...Value: number[]): DicomJsonElement => ({ vr: 'DS', Value });
const nobody = async () => undefined;

describe('functional groups of a frame (PS3.3 C.7.6.16)', () => {
  const window = (center: number): DicomJsonObject => ({
    '00289132': sequence({ '00281050': number(center), '00281051': number(100) }),
  });
  const rescale = (slope: number): DicomJsonObject => ({
    '00289145': sequence({ '00281053': number(slope), '00281052': number(0) }),
  });
  const enhanced: DicomJsonObject = {
    '00280002': number(1),
    '00280010': number(4),
    '00280011': number(4),
    '00280100': number(16),
    '00281050': number(1),
    '00281051': number(100),
    [SHARED]: sequence({ ...window(2), ...rescale(2) }),
    [OWN]: sequence({ ...window(30), ...rescale(3) }, {}, window(32), null),
  };
  const center = async (frame: number): Promise<number | undefined> => {
    const { voi } = await framePlanOf(enhanced, frame, nobody);
    return voi?.kind === 'window' ? voi.center : undefined;
  };
  const slope = async (frame: number): Promise<number | undefined> => {
    const { modality } = await framePlanOf(enhanced, frame, nobody);
    return modality.kind === 'rescale' ? modality.slope : undefined;
  };

  test('its own go before the shared ones, each macro by itself', async () => {
    expect(await Promise.all([0, 1, 2].map(center))).toEqual([30, 2, 32]);
    expect(await Promise.all([0, 1, 2].map(slope))).toEqual([3, 2, 2]);
  });

  test('an item that is empty, or not there, leaves the shared ones', async () =>
    expect(await Promise.all([3, 4, 99].map(center))).toEqual([2, 2, 2]));

  test('the dataset itself is asked last', () => {
    const sources = frameSources(enhanced, 0, '00289132');
    expect(sources.map((source) => source['00281050']?.Value?.[0])).toEqual([30, 2, 1]);
    expect(frameSources({ '00281050': number(1) }, 5, '00289132')).toEqual([{ '00281050': number(1) }]);
  });

  test('of a macro that has several items the first one counts', () => {
    const twice = { [SHARED]: sequence({ '00289132': sequence({ '00281050': number(7) }, { '00281050': number(8) }) }) };
    expect(frameSources(twice, 0, '00289132').map((source) => source['00281050']?.Value)).toEqual([[7], undefined]);
  });

  test('what is no sequence holds no group', () => {
    const broken: DicomJsonObject = { [SHARED]: { vr: 'LO', Value: ['text'] }, [OWN]: { vr: 'UN', InlineBinary: 'AAAA' } };
    expect(frameSources(broken, 0, '00289132')).toEqual([broken]);
  });

  test('a frame may have pixels of a shape of its own (C.7.6.16.2.1)', () => {
    const measures = (row: number, column: number): DicomJsonObject => ({
      '00289110': sequence({ '00280030': number(row, column) }),
    });
    const json = {
      [SHARED]: sequence(measures(1, 1)),
      [OWN]: sequence(measures(2, 1), {}, measures(1, 4)),
      '00280030': number(9, 1),
    };
    expect([0, 1, 2].map((frame) => pixelAspectOf(json, frame))).toEqual([2, 1, 0.25]);
  });
});

import { describe, expect, test } from 'vitest';
import type { DicomJsonObject, DicomJsonValue } from '../types.ts';
import { graphicOf } from './graphic.ts';

const item = (type: string, points: readonly DicomJsonValue[], frame?: string): DicomJsonObject => ({
  '00700022': { vr: 'FL', Value: [...points] },
  '00700023': { vr: 'CS', Value: [type] },
  ...(frame === undefined ? {} : { '30060024': { vr: 'UI', Value: [frame] } }),
});
const many = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

describe('points of a document (PS3.3 C.18.6, C.18.9)', () => {
  test.each([
    ['POINT', 2],
    ['MULTIPOINT', 2],
    ['MULTIPOINT', 20],
    ['POLYLINE', 4],
    ['POLYLINE', 40],
    ['CIRCLE', 4],
    ['ELLIPSE', 8],
  ])('%s of %i numbers in an image', (type, count) => {
    expect(graphicOf(item(type, many(count)), 'SCOORD')).toEqual({
      type,
      space: 'PIXEL',
      frameOfReferenceUid: undefined,
      points: many(count),
    });
  });
  test.each([
    ['POINT', 3],
    ['MULTIPOINT', 6],
    ['POLYLINE', 6],
    ['POLYGON', 9],
    ['ELLIPSE', 12],
  ])('%s of %i numbers in a patient', (type, count) => {
    expect(graphicOf(item(type, many(count), '1.2.3'), 'SCOORD3D')).toEqual({
      type,
      space: 'PATIENT',
      frameOfReferenceUid: '1.2.3',
      points: many(count),
    });
  });
  test.each([
    ['POINT', 'SCOORD', many(4)],
    ['POINT', 'SCOORD', many(1)],
    ['POINT', 'SCOORD3D', many(2)],
    ['POLYLINE', 'SCOORD', many(2)],
    ['POLYLINE', 'SCOORD', many(5)],
    ['POLYGON', 'SCOORD', many(12)],
    ['CIRCLE', 'SCOORD3D', many(6)],
    ['CIRCLE', 'SCOORD', many(6)],
    ['ELLIPSE', 'SCOORD', many(6)],
    ['ELLIPSOID', 'SCOORD3D', many(18)],
    ['SPLINE', 'SCOORD', many(8)],
    ['constructor', 'SCOORD', many(2)],
    ['POINT', 'TCOORD', many(2)],
    ['POINT', 'SCOORD', [1, 'x']],
    ['POINT', 'SCOORD', [1, 1e9]],
    ['POINT', 'SCOORD', []],
    ['MULTIPOINT', 'SCOORD', many(60_002)],
  ])('%s in %s of other numbers is none (%#)', (type, valueType, points) => {
    expect(graphicOf(item(type, points), valueType)).toBeUndefined();
  });
  test('without a type or points is none', () => {
    expect(graphicOf({}, 'SCOORD')).toBeUndefined();
    expect(graphicOf({ '00700023': { vr: 'CS', Value: ['POINT'] } }, 'SCOORD')).toBeUndefined();
  });
});

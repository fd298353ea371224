import { expect, test } from 'vitest';
import { nativeBytes } from './native-bytes.ts';

const us = (...Value: number[]) => ({ vr: 'US', Value });

test('native pixels take what the header says, made even', () => {
  const json = {
    '00280002': us(1),
    '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
    '00280010': us(3),
    '00280011': us(3),
    '00280100': us(8),
    '00280101': us(8),
    '00280102': us(7),
    '00280103': us(0),
  };
  expect(nativeBytes(json)).toBe(10);
  expect(nativeBytes({ ...json, '00280008': { vr: 'IS', Value: [2] } })).toBe(18);
});

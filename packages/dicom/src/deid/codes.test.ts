import { describe, expect, test } from 'vitest';
import type { DicomJsonObject } from '../types.ts';
import { keptCode } from './codes.ts';

const item = (value: string, scheme: string, meaning: string): DicomJsonObject => ({
  '00080100': { vr: 'SH', Value: [value] },
  '00080102': { vr: 'SH', Value: [scheme] },
  '00080104': { vr: 'LO', Value: [meaning] },
});
const kept = (value: string, scheme: string, meaning = 'CHEST', naming = new Set<string>()): unknown[] =>
  [...keptCode(item(value, scheme, meaning), { naming, numbers: new Set() }).values()].map(({ Value = [] }) => Value[0]);

describe('a code of an item (PS3.3 8.8)', () => {
  test.each([
    ['121071', 'DCM'],
    ['69536005', 'SCT'],
    ['T-D1100', 'SRT'],
    ['T-D1100', 'SNM3'],
    ['R-102B5', '99SDM'],
    ['18745-0', 'LN'],
    ['50801', 'FMA'],
    ['RID10312', 'RADLEX'],
    ['C0034571', 'UMLS'],
    ['mm', 'UCUM'],
    ['cm2', 'UCUM'],
    ["[hnsf'U]", 'UCUM'],
    ['g/ml{SUVbw}', 'UCUM'],
    ['1', 'UCUM'],
    ['mm[Hg]', 'UCUM'],
    ['/min', 'UCUM'],
  ])('%s of %s stays with its meaning', (value, scheme) => {
    expect(kept(value, scheme)).toEqual([value, scheme, 'CHEST']);
  });

  test.each([
    ['DUPONT', 'DCM'],
    ['DUPONT', 'SCT'],
    ['4711', 'SCT'],
    ['0612345678901234567', 'SCT'],
    ['JEAN DUPONT', 'UCUM'],
    ['121071', 'LOCAL'],
    ['121071', 'dcm'],
    ['121071', 'constructor'],
    ['', 'DCM'],
    ['121071', ''],
  ])('%s of %s goes whole', (value, scheme) => {
    expect(kept(value, scheme)).toEqual([]);
  });

  test('whose meaning is free text, or empty, has itself for a meaning', () => {
    expect(kept('121071', 'DCM', 'Finding of Mr Dupont')).toEqual(['121071', 'DCM', '121071']);
    expect(kept('121071', 'DCM', '')).toEqual(['121071', 'DCM', '121071']);
    expect(kept('121071', 'DCM', 'CHEST', new Set(['CHEST']))).toEqual(['121071', 'DCM', '121071']);
  });

  test('that is the number of the patient goes', () => {
    expect(kept('4711007', 'SCT', 'CHEST', new Set(['4711007']))).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import type { DicomJsonObject } from '../types.ts';
import { creatorTag, isPrivate, isSafePrivate, SAFE_PRIVATE } from './private.ts';

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

test('private elements are those of odd groups (PS3.5 7.8)', () => {
  for (const tag of ['00091001', '70531000', '00E11021', 'FFFD0010']) expect(isPrivate(tag)).toBe(true);
  for (const tag of ['00081030', '7FE00010', '00100010', '60003000']) expect(isPrivate(tag)).toBe(false);
  expect(creatorTag('70531022')).toBe('70530010');
  expect(creatorTag('0019A10C')).toBe('001900A1');
});

describe.each(SAFE_PRIVATE.map((one) => [one.creator, one.group, one.element, one.vr] as const))(
  '%s (%i, %i) %s',
  (creator, group, low, vr) => {
    const at = (block: number): [string, DicomJsonObject] => {
      const tag = `${hex(group, 4)}${hex(block, 2)}${hex(low, 2)}`;
      return [tag, { [`${hex(group, 4)}00${hex(block, 2)}`]: { vr: 'LO', Value: [creator] }, [tag]: { vr, Value: [1] } }];
    };
    test('is safe in whichever block its creator reserved', () => {
      for (const block of [0x10, 0x11, 0xff]) {
        const [tag, json] = at(block);
        expect(isSafePrivate(tag, json[tag] ?? { vr }, json, SAFE_PRIVATE)).toBe(true);
      }
    });
    test('is not under another VR, of another creator, in a block of nobody, or beside it', () => {
      const [tag, json] = at(0x10);
      const creatorOf = creatorTag(tag);
      expect(isSafePrivate(tag, { vr: 'LO', Value: ['X'] }, json, SAFE_PRIVATE)).toBe(false);
      expect(isSafePrivate(tag, { vr, Value: [1] }, {}, SAFE_PRIVATE)).toBe(false);
      for (const Value of [[`${creator} `], [creator.toLowerCase()], ['ACME'], [creator, creator], []])
        expect(isSafePrivate(tag, { vr, Value: [1] }, { [creatorOf]: { vr: 'LO', Value } }, SAFE_PRIVATE)).toBe(false);
      expect(isSafePrivate(tag, { vr, Value: [1] }, { [creatorOf]: { vr: 'UN', Value: [creator] } }, SAFE_PRIVATE)).toBe(false);
      const beside = `${tag.slice(0, 6)}${hex((low + 0x80) % 0x100, 2)}`;
      expect(isSafePrivate(beside, { vr, Value: [1] }, json, SAFE_PRIVATE)).toBe(false);
      const [inLow] = at(0x0f);
      expect(
        isSafePrivate(inLow, { vr, Value: [1] }, { [creatorTag(inLow)]: { vr: 'LO', Value: [creator] } }, SAFE_PRIVATE),
      ).toBe(false);
    });
  },
);

test('a list of one’s own never lets text through', () => {
  const list = [{ creator: 'ACME', group: 0x0009, element: 1, vr: 'LO' }];
  const json: DicomJsonObject = { '00090010': { vr: 'LO', Value: ['ACME'] }, '00091001': { vr: 'LO', Value: ['DUPONT'] } };
  expect(isSafePrivate('00091001', json['00091001'] ?? { vr: 'LO' }, json, list)).toBe(false);
});

import { describe, expect, it } from 'vitest';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { frameFormatOf, pixelTagOf } from './describe.ts';
import { paddingOf } from './padding.ts';

const el = (vr: string, ...Value: (number | string)[]): DicomJsonElement => ({ vr, Value });
const padding = (changes: DicomJsonObject, isLossy?: boolean) => {
  const json: DicomJsonObject = { '00280100': el('US', 16), '00280101': el('US', 16), '00280103': el('US', 0), ...changes };
  return paddingOf(json, frameFormatOf(json, pixelTagOf(json)), isLossy);
};
const signed = { '00280103': el('US', 1) };

describe('padding (PS3.3 C.7.5.1.1.2)', () => {
  it.each([
    ['one value', { '00280120': el('US', 9) }, [9, 9]],
    ['up to a limit, in either order', { '00280120': el('US', 9), '00280121': el('US', 4) }, [4, 9]],
    ['signed, as it is', { ...signed, '00280120': el('SS', -2000) }, [-2000, -2000]],
    ['signed, written as a word', { ...signed, '00280120': el('US', 63_536) }, [-2000, -2000]],
    [
      'signed of 12 bits, written as its bits',
      { ...signed, '00280101': el('US', 12), '00280120': el('US', 0x830) },
      [-2000, -2000],
    ],
    ['none', {}, undefined],
    ['a limit without a value', { '00280121': el('US', 4) }, undefined],
    ['none for colour', { '00280002': el('US', 3), '00280120': el('US', 0) }, undefined],
    [
      'floats have their own',
      { '7FE00008': el('OF'), '00280100': el('US', 32), '00280120': el('US', 1), '00280122': el('FL', -1.5) },
      [-1.5, -1.5],
    ],
    [
      'doubles have their own',
      { '7FE00009': el('OD'), '00280100': el('US', 64), '00280123': el('FD', 1e9), '00280125': el('FD', 2e9) },
      [1e9, 2e9],
    ],
    ['a single value of what was ever lossy', { '00280120': el('US', 0), '00282110': el('CS', '01') }, undefined],
    ['a range of what was ever lossy', { '00280120': el('US', 0), '00280121': el('US', 2), '00282110': el('CS', '01') }, [0, 2]],
  ] as const)('%s', (_name, changes, expected) => expect(padding(changes)).toEqual(expected));

  it('a transfer syntax that may lose decides where the dataset says nothing', () => {
    const one = { '00280120': el('US', 0) };
    expect([padding(one, true), padding({ ...one, '00282110': el('CS', '00') }, true)]).toEqual([undefined, [0, 0]]);
  });
});

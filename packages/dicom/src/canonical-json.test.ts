import { describe, expect, it } from 'vitest';
import { concat, explicit, ITEM_END, implicit, item, part10, SEQUENCE_END, UNDEFINED } from '../test/build.ts';
import { canonicalJson, parsePart10 } from './index.ts';

describe('canonical form', () => {
  it('does not depend on the order of attributes', () => {
    const left = { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'A', Phonetic: 'B' }] }, '10000010': { vr: 'US', Value: [1] } };
    const right = { '10000010': { Value: [1], vr: 'US' }, '00100010': { vr: 'PN', Value: [{ Phonetic: 'B', Alphabetic: 'A' }] } };
    expect(canonicalJson(left)).toBe(canonicalJson(right));
  });

  it('tells different values, VRs and tags apart', () => {
    const base = { '00100020': { vr: 'LO', Value: ['1'] } };
    const others = [
      { '00100020': { vr: 'SH', Value: ['1'] } },
      { '00100020': { vr: 'LO', Value: ['2'] } },
      { '00100021': { vr: 'LO', Value: ['1'] } },
      {},
    ];
    for (const other of others) expect(canonicalJson(other)).not.toBe(canonicalJson(base));
  });

  it('is the same for two encodings of one dataset (PS3.5 A.1, A.2)', () => {
    const explicitItem = item(explicit('00081150', 'UI', '1.2'));
    const left = part10(
      concat(
        explicit('00080005', 'CS', 'ISO_IR 100'),
        explicit('00081140', 'SQ', explicitItem),
        explicit('00100010', 'PN', Uint8Array.of(0xe9, 0x41)),
      ),
    );
    const implicitItem = concat(item(implicit('00081150', '1.2'), UNDEFINED), ITEM_END, SEQUENCE_END);
    const right = part10(
      concat(
        implicit('00080005', 'ISO_IR 192'),
        implicit('00081140', implicitItem, UNDEFINED),
        implicit('00100010', Uint8Array.of(0xc3, 0xa9, 0x41, 0x20)),
      ),
      '1.2.840.10008.1.2',
    );
    expect(canonicalJson(parsePart10(left).json)).toBe(canonicalJson(parsePart10(right).json));
  });
});

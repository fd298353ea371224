import { describe, expect, test } from 'vitest';
import {
  canonicalJson,
  type DicomJsonElement,
  type DicomJsonObject,
  type DicomJsonValue,
  parsePart10,
  vrOf,
  writeDataset,
} from '../src/index.ts';
import { seeded } from './build.ts';

/** Datasets that nobody thought of: what is written of them is what is read (PS3.5 6.2, PS3.18 F.2). Seeded, so that a failure stays one. */
type Random = () => number;
const pick = <T>(random: Random, all: readonly T[]): T => all[Math.floor(random() * all.length)] ?? (all[0] as T); // None of the lists is empty.
const whole = (random: Random, least: number, most: number): number => Math.floor(least + random() * (most - least + 1));
const LETTERS = [...'ABCxyz059 -_.éÉßñøŁщЖ山田🩻'];
const words = (random: Random, most: number): string => {
  const text = Array.from({ length: whole(random, 1, most) }, () => pick(random, LETTERS))
    .join('')
    .trim();
  return text === '' ? 'x' : text;
};

/** One value of each VR, as PS3.5 6.2 allows it. */
const VALUES: Readonly<Record<string, (random: Random) => DicomJsonValue>> = {
  AE: (random) => `NODE_${whole(random, 0, 99)}`,
  AS: (random) => `${String(whole(random, 0, 999)).padStart(3, '0')}${pick(random, ['D', 'W', 'M', 'Y'])}`,
  AT: (random) => whole(random, 0, 0xffff_ffff).toString(16).toUpperCase().padStart(8, '0'),
  CS: (random) => pick(random, ['ORIGINAL', 'PRIMARY', 'AXIAL', 'M_SE 1']),
  DA: (random) => `${whole(random, 1900, 2099)}0${whole(random, 1, 9)}1${whole(random, 0, 9)}`,
  DS: (random) => Number((random() * 2000 - 1000).toFixed(whole(random, 0, 6))),
  DT: (random) => `2026030${whole(random, 1, 9)}081500.${whole(random, 0, 9)}+0100`,
  FD: (random) => (random() - 0.5) * 10 ** whole(random, -12, 12),
  FL: (random) => Math.fround((random() - 0.5) * 1000),
  IS: (random) => whole(random, -2_147_483_648, 2_147_483_647),
  LO: (random) => words(random, 20),
  PN: (random) =>
    pick<DicomJsonValue>(random, [
      { Alphabetic: `${words(random, 8)}^${words(random, 5)}` },
      { Ideographic: '山田^太郎' },
      { Alphabetic: 'A', Phonetic: 'やまだ' },
    ]),
  SH: (random) => words(random, 10),
  SL: (random) => whole(random, -2_147_483_648, 2_147_483_647),
  SS: (random) => whole(random, -32_768, 32_767),
  SV: (random) => pick<DicomJsonValue>(random, [whole(random, -1e6, 1e6), '-9223372036854775808', '9007199254740993']),
  TM: (random) => `0${whole(random, 0, 9)}1500.${whole(random, 0, 999_999)}`,
  UC: (random) => words(random, 60),
  UI: (random) => `2.25.${whole(random, 1, 1e9)}`,
  UL: (random) => whole(random, 0, 4_294_967_295),
  US: (random) => whole(random, 0, 65_535),
  UV: (random) => pick<DicomJsonValue>(random, [whole(random, 0, 1e6), '18446744073709551615']),
};
const SINGLE: Readonly<Record<string, (random: Random) => DicomJsonValue>> = {
  LT: (random) => `${words(random, 40)}\\${words(random, 40)}`,
  ST: (random) => `${words(random, 40)}\r\n${words(random, 40)}`,
  UR: (random) => `https://example.org/${whole(random, 0, 999)}?a=b\\c`,
  UT: (random) => words(random, 200),
};
const BINARY = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN'];

function element(random: Random, vr: string, depth: number): DicomJsonElement {
  if (random() < 0.12) return { vr };
  if (vr === 'SQ') return { vr, Value: Array.from({ length: whole(random, 1, 3) }, () => dataset(random, depth + 1)) };
  if (BINARY.includes(vr)) {
    const bytes = Uint8Array.from({ length: 8 * whole(random, 1, 12) }, () => whole(random, 0, 255));
    return { vr, InlineBinary: Buffer.from(bytes).toString('base64') };
  }
  const single = SINGLE[vr];
  if (single !== undefined) return { vr, Value: [single(random)] };
  const make = VALUES[vr] ?? (() => null);
  return { vr, Value: Array.from({ length: whole(random, 1, 4) }, () => make(random)) };
}

/** Private elements, so that any VR may stand anywhere; a creator in front of them (PS3.5 7.8.1). */
function dataset(random: Random, depth = 0): DicomJsonObject {
  const vrs = [...Object.keys(VALUES), ...Object.keys(SINGLE), ...BINARY, ...(depth < 4 ? ['SQ', 'SQ'] : [])];
  const elements = Array.from(
    { length: whole(random, depth === 0 ? 20 : 0, depth === 0 ? 60 : 6) },
    (_, index): [string, DicomJsonElement] => {
      const tag = `0009${(0x1000 + index).toString(16).toUpperCase()}`;
      return [tag, element(random, pick(random, vrs), depth)];
    },
  );
  return elements.length === 0 ? {} : { '00090010': { vr: 'LO', Value: ['ROUND TRIP'] }, ...Object.fromEntries(elements) };
}

const write = (json: DicomJsonObject): Uint8Array => {
  const parts = writeDataset(json, {
    transferSyntaxUid: '1.2.840.10008.1.2.1',
    bulk: () => undefined,
    implementation: { classUid: '2.25.1', version: 'TEST' },
  });
  return Buffer.concat(parts.map((part) => (part instanceof Uint8Array ? part : new Uint8Array(part.length))));
};
/** Names of what lies in the file by what it is, so that long values count as well. */
const read = (bytes: Uint8Array): DicomJsonObject =>
  parsePart10(bytes, { bulkDataThresholdBytes: 1e6, textThresholdBytes: 1e6 }).json;
/** A list that ends with an empty value has one fewer: trailing delimiters mean nothing. */
const UIDS: DicomJsonObject = {
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
  '00080018': { vr: 'UI', Value: ['2.25.7'] },
};

describe('what is written is what is read', () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed + 1))('dataset %i', (seed) => {
    const json = { ...UIDS, ...dataset(seeded(seed)) };
    const { '00080005': charset, ...found } = read(write(json));
    expect(charset).toEqual({ vr: 'CS', Value: ['ISO_IR 192'] });
    expect(found).toEqual(json);
  });

  test('and written again it is the same, byte for byte', () => {
    for (const seed of [101, 102, 103, 104]) {
      const once = write({ ...UIDS, ...dataset(seeded(seed)) });
      expect(write(read(once))).toEqual(once);
    }
  });

  test('whatever the order of its attributes was: a file has them by tag (PS3.5 7.1)', () => {
    const json = { ...UIDS, ...dataset(seeded(7)) };
    const reversed = Object.fromEntries(Object.entries(json).reverse());
    expect(write(reversed)).toEqual(write(json));
    expect(canonicalJson(reversed)).toBe(canonicalJson(json));
    expect(Object.keys(read(write(reversed))).sort()).toEqual(Object.keys(read(write(reversed))));
  });
});

describe('one text for one dataset', () => {
  test.each(Array.from({ length: 12 }, (_, seed) => seed + 200))('is another one as soon as a value is: dataset %i', (seed) => {
    const json = dataset(seeded(seed));
    const text = canonicalJson(json);
    for (const [tag, one] of Object.entries(json)) {
      const { [tag]: _gone, ...without } = json;
      expect(canonicalJson(without), tag).not.toBe(text);
      const other: DicomJsonElement =
        one.vr === 'SQ'
          ? { vr: 'SQ', Value: [...(one.Value ?? []), {}] }
          : { vr: one.vr, Value: ['other', ...(one.Value ?? [])] };
      expect(canonicalJson({ ...json, [tag]: other }), tag).not.toBe(text);
    }
  });

  test('says nothing of how the text was encoded, and of padding', () => {
    const json = dataset(seeded(9));
    const padded = { ...json, '00080005': { vr: 'CS', Value: ['ISO_IR 100'] }, FFFCFFFC: { vr: 'OB', InlineBinary: 'AAAA' } };
    expect(canonicalJson(padded)).toBe(canonicalJson(json));
  });
});

test('the attributes that the tests of this package name have the VR of PS3.6', () => {
  const known = {
    '00080016': 'UI',
    '00081140': 'SQ',
    '00100010': 'PN',
    '00280106': 'US',
    '7FE00010': 'OB',
    '60003000': 'OB',
    '60023000': 'OB',
    '00091001': undefined,
  };
  for (const [tag, vr] of Object.entries(known)) expect([tag, vrOf(tag)]).toEqual([tag, vr]);
});

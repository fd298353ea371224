import { describe, expect, test } from 'vitest';
import { type DicomJsonObject, parsePart10 } from '../src/index.ts';
import { concat, encapsulated, explicit, ITEM_END, implicit, item, part10, SEQUENCE_END, UNDEFINED, u16, u32 } from './build.ts';

const IMPLICIT = '1.2.840.10008.1.2';
const SQ = '00081140';
/** How an element, a sequence and its items are written in one of the encodings of little endian. */
interface Writer {
  readonly syntax: string;
  readonly element: (tag: string, vr: string, value: Uint8Array | string) => Uint8Array;
  readonly sequence: (tag: string, ...items: readonly Uint8Array[]) => Uint8Array;
}
const writer = (isExplicit: boolean, hasSequenceLength: boolean, hasItemLength: boolean): Writer => {
  const element: Writer['element'] = (tag, vr, value) => (isExplicit ? explicit(tag, vr, value) : implicit(tag, value));
  return {
    syntax: isExplicit ? '1.2.840.10008.1.2.1' : IMPLICIT,
    element,
    sequence: (tag, ...items) => {
      const all = concat(...items.map((one) => (hasItemLength ? item(one) : concat(item(one, UNDEFINED), ITEM_END))));
      const [content, length] = hasSequenceLength ? [all, all.length] : [concat(all, SEQUENCE_END), UNDEFINED];
      return isExplicit ? explicit(tag, 'SQ', content, length) : implicit(tag, content, length);
    },
  };
};
const WRITERS = [true, false].flatMap((isExplicit) =>
  [true, false].flatMap((hasSequenceLength) =>
    [true, false].map((hasItemLength) => {
      const name = [isExplicit ? 'explicit' : 'implicit', `sequence ${hasSequenceLength}`, `items ${hasItemLength}`].join(', ');
      return [name, writer(isExplicit, hasSequenceLength, hasItemLength)] as const;
    }),
  ),
);
const read = (dataset: Uint8Array, syntax?: string) => parsePart10(part10(dataset, syntax));
const ids = (...values: string[]): DicomJsonObject[] => values.map((value) => ({ '00081155': { vr: 'UI', Value: [value] } }));

describe.each(WRITERS)('sequences with lengths or delimiters (PS3.5 7.5): %s', (_name, { syntax, element, sequence }) => {
  const uid = (value: string): Uint8Array => element('00081155', 'UI', `${value}${value.length % 2 === 0 ? '' : '\0'}`);
  const after = element('00100020', 'LO', 'P');

  test('have their items in order, and what follows is outside of them', () => {
    const { json, warnings } = read(concat(sequence(SQ, uid('1.2'), uid('1.3')), after), syntax);
    expect(json).toEqual({ [SQ]: { vr: 'SQ', Value: ids('1.2', '1.3') }, '00100020': { vr: 'LO', Value: ['P'] } });
    expect(warnings).toEqual([]);
  });

  test('may have no item, and items nothing in them (7.5.1, PS3.18 F.2.5)', () => {
    expect(read(concat(sequence(SQ), after), syntax).json[SQ]).toEqual({ vr: 'SQ' });
    expect(read(concat(sequence(SQ, concat(), uid('1.2')), after), syntax).json[SQ]).toEqual({
      vr: 'SQ',
      Value: [{}, ...ids('1.2')],
    });
  });

  test('stand in each other', () => {
    const inner = sequence('00081199', uid('1.2.3'), concat());
    const { json } = read(concat(sequence(SQ, concat(inner, element('0020000E', 'UI', '1.9\0')), uid('1.4')), after), syntax);
    expect(json[SQ]?.Value).toEqual([
      { '00081199': { vr: 'SQ', Value: [...ids('1.2.3'), {}] }, '0020000E': { vr: 'UI', Value: ['1.9'] } },
      ...ids('1.4'),
    ]);
    expect(json['00100020']).toBeDefined();
  });

  test('name a long value in them by their place', () => {
    const long = element('00091001', 'OB', new Uint8Array(3000));
    const { bulkData } = read(concat(sequence(SQ, uid('1.2'), long)), syntax);
    expect(bulkData.map(({ path, length }) => [path, length])).toEqual([[`${SQ}/1/00091001`, 3000]]);
  });
});

describe('what else may stand where a sequence stands', () => {
  test('a UN of undefined length is one in Implicit VR Little Endian, whatever is around it (PS3.5 6.2.2)', () => {
    const inside = concat(item(concat(implicit('00080100', 'T-1'), implicit('00091001', 'xy'))), SEQUENCE_END);
    const { json } = read(concat(explicit('00091010', 'UN', inside, UNDEFINED), explicit('00100020', 'LO', 'P')));
    const [only] = json['00091010']?.Value ?? [];
    expect(json['00091010']?.vr).toBe('SQ');
    expect(only).toEqual({ '00080100': { vr: 'SH', Value: ['T-1'] }, '00091001': { vr: 'UN', InlineBinary: 'eHk=' } });
    expect(json['00100020']).toEqual({ vr: 'LO', Value: ['P'] });
  });

  test('a public sequence that is sent as UN with a length is one (6.2.2, note 2)', () => {
    const inside = item(implicit('00081155', '1.2'));
    const { json } = read(explicit(SQ, 'UN', inside));
    expect(json[SQ]).toEqual({ vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2'] } }] });
  });

  test('an icon’s fragments are one value that stays in the file (PS3.5 A.4)', () => {
    const icon = concat(explicit('00280010', 'US', u16(1)), encapsulated([u32(7), u32(8)]));
    const { json, bulkData, pixelData } = read(
      concat(explicit('00880200', 'SQ', item(icon)), explicit('00880906', 'ST', 'x')),
      '1.2.840.10008.1.2.4.50',
    );
    expect(bulkData).toMatchObject([{ path: '00880200/0/7FE00010', encapsulated: true, length: 8 + 12 + 12 + 8 }]);
    expect(pixelData).toBeUndefined();
    expect(json['00880906']).toEqual({ vr: 'ST', Value: ['x'] });
  });

  test('lengths of groups mean nothing, and are no attributes (PS3.5 7.2)', () => {
    for (const length of [0, 4, 4_000_000_000]) {
      const { json } = read(concat(explicit('00080000', 'UL', u32(length)), explicit('00080060', 'CS', 'CT')));
      expect(json).toEqual({ '00080060': { vr: 'CS', Value: ['CT'] } });
    }
  });
});

describe('the VR of what is written without one (PS3.5 A.1, PS3.6)', () => {
  const json = (...elements: Uint8Array[]): DicomJsonObject =>
    read(concat(implicit('00080060', 'CT'), ...elements), IMPLICIT).json;
  const LUT = '00283000';

  test.each<[string, string, Uint8Array, unknown]>([
    ['a private creator', '00110010', new Uint8Array(Buffer.from('ACME')), { vr: 'LO', Value: ['ACME'] }],
    ['the last private creator', '001100FF', new Uint8Array(Buffer.from('ACME')), { vr: 'LO', Value: ['ACME'] }],
    ['no private creator below them', '0011000F', Uint8Array.of(1, 2), { vr: 'UN', InlineBinary: 'AQI=' }],
    ['a private element', '00111001', Uint8Array.of(1, 2), { vr: 'UN', InlineBinary: 'AQI=' }],
    ['no attribute of PS3.6', '00100001', Uint8Array.of(1, 2), { vr: 'UN', InlineBinary: 'AQI=' }],
    ['overlay rows of the first group', '60000010', u16(7), { vr: 'US', Value: [7] }],
    ['overlay rows of the last group', '601E0010', u16(7), { vr: 'US', Value: [7] }],
    ['overlay data', '60023000', Uint8Array.of(1, 2), { vr: 'OW', InlineBinary: 'AQI=' }],
    ['a curve of another group', '50020005', u16(2), { vr: 'US', Value: [2] }],
    ['a palette', '00281201', u16(1), { vr: 'OW', InlineBinary: 'AQA=' }],
  ])('%s', (_what, tag, value, expected) => expect(json(implicit(tag, value))[tag]).toEqual(expected));

  test.each([
    [0, 'US', 65_535],
    [1, 'SS', -1],
  ])('Pixel Representation %i makes values %s, at its own level and below (C.7.6.3)', (sign, vr, value) => {
    const item1 = item(implicit('00283002', u16(65_535, 65_535, 16)));
    const found = json(implicit('00280103', u16(sign)), implicit('00280120', u16(65_535)), implicit(LUT, item1));
    expect(found['00280120']).toEqual({ vr, Value: [value] });
    expect(found[LUT]?.Value).toEqual([{ '00283002': { vr, Value: [value, value, 16] } }]);
  });

  test('LUT Data are words, and a number where the descriptor says that there is one (C.11.1.1)', () => {
    const table = (entries: number, ...data: number[]) =>
      json(implicit(LUT, item(concat(implicit('00283002', u16(entries, 0, 16)), implicit('00283006', u16(...data))))))[LUT]
        ?.Value?.[0];
    expect(table(2, 1, 2)).toMatchObject({ '00283006': { vr: 'OW', InlineBinary: 'AQACAA==' } });
    expect(table(1, 258)).toMatchObject({ '00283006': { vr: 'US', Value: [258] } });
  });
});

describe('what is large stays in the file', () => {
  const bytes = (length: number) => new Uint8Array(length).fill(1);

  test.each([
    ['OB', 1024, false],
    ['OB', 1026, true],
    ['UN', 1026, true],
    ['UT', 65_536, false],
    ['UT', 65_538, true],
  ])('a %s of %i bytes: %s', (vr, length, isBulk) => {
    const { json, bulkData } = read(explicit('00091001', vr, vr === 'UT' ? bytes(length).fill(65) : bytes(length)));
    expect('BulkDataURI' in (json['00091001'] ?? {})).toBe(isBulk);
    expect(bulkData).toHaveLength(isBulk ? 1 : 0);
  });

  test('from where the caller says, by the name that the caller gives', () => {
    const dataset = concat(explicit('00091001', 'OB', bytes(100)), explicit('00091002', 'UT', bytes(100).fill(65)));
    const parsed = parsePart10(part10(dataset), {
      bulkDataThresholdBytes: 10,
      textThresholdBytes: 20,
      bulkDataUri: ({ path, vr, length }) => `at:${path}:${vr}:${length}`,
    });
    expect([parsed.json['00091001'], parsed.json['00091002']]).toEqual([
      { vr: 'OB', BulkDataURI: 'at:00091001:OB:100' },
      { vr: 'UT', BulkDataURI: 'at:00091002:UT:100' },
    ]);
    for (const { offset, length } of parsed.bulkData) expect([1, 65]).toContain(part10(dataset)[offset + (length ?? 1) - 1]);
  });
});

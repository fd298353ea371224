import { describe, expect, it } from 'vitest';
import { DEFAULT_CHARSET } from './charset-terms.ts';
import { Level, type LevelKind } from './level.ts';
import { ReadLog } from './read-log.ts';

const LITTLE = { isExplicit: true, littleEndian: true };
const BIG = { isExplicit: true, littleEndian: false };
const level = (kind: LevelKind, key = '', parent?: Level, encoding = LITTLE): Level =>
  new Level(kind, {
    ...(parent === undefined ? {} : { parent }),
    ...{ tag: Number.parseInt(key || '0', 16), key, start: 0, length: undefined, encoding, charset: DEFAULT_CHARSET },
  });
const value = (key: string, length: number | undefined = 20, wordBytes = 2) => ({ key, vr: 'OW', wordBytes, offset: 10, length });

describe('what a read notices', () => {
  it('is told once for each code and tag, and without a tag where it is of the file', () => {
    const log = new ReadLog(undefined);
    for (const tag of ['00100010', '00100010', '00100020', undefined, '', undefined]) log.warn('UNCERTAIN_TEXT', tag);
    log.warn('ODD_LENGTH', '00100010');
    expect(log.warnings).toEqual([
      { code: 'UNCERTAIN_TEXT', tag: '00100010' },
      { code: 'UNCERTAIN_TEXT', tag: '00100020' },
      { code: 'UNCERTAIN_TEXT' },
      { code: 'ODD_LENGTH', tag: '00100010' },
    ]);
  });

  it('ends with a hundred: a damaged file has no more to say, and may have millions', () => {
    const log = new ReadLog(undefined);
    for (let tag = 0; tag < 5000; tag += 1) log.warn('TAG_ORDER', String(tag));
    expect([log.warnings.length, log.warnings.at(-1)?.tag]).toEqual([100, '99']);
  });
});

describe('the address of a value that stays in the file', () => {
  it.each([
    ['in little endian words', LITTLE, value('7FE00010'), false, 'bulk:10:20'],
    ['in big endian words of two', BIG, value('7FE00010'), false, 'bulk:10:20:be2'],
    ['in big endian words of four', BIG, value('7FE00008', 20, 4), false, 'bulk:10:20:be4'],
    ['in big endian bytes, which have no order', BIG, value('00091010', 20, 1), false, 'bulk:10:20'],
    ['in fragments, which are little endian (PS3.5 A.4)', BIG, value('7FE00010'), true, 'bulk:10:20'],
    ['of undefined length', LITTLE, { ...value('7FE00010'), length: undefined }, true, 'bulk:10:'],
  ] as const)('%s', (_what, encoding, of, encapsulated, address) => {
    const log = new ReadLog(undefined);
    expect(log.bulk(level('dataset', '', undefined, encoding), of, encapsulated)).toEqual({ vr: 'OW', BulkDataURI: address });
    const bigEndian = encoding === BIG && !encapsulated;
    expect(log.bulkData).toEqual([{ ...of, path: of.key, tag: of.key, space: 'file', bigEndian, encapsulated, key: undefined }]);
  });

  it('says where the dataset was inflated, or is what the caller makes of it', () => {
    const log = new ReadLog(undefined);
    log.space = 'inflated';
    expect(log.bulk(level('dataset'), value('7FE00010'), false).BulkDataURI).toBe('bulk:10:20:inflated');
    const named = new ReadLog(({ path, length }) => `/bulk/${path}?${length}`);
    expect(named.bulk(level('dataset'), value('00091010'), false).BulkDataURI).toBe('/bulk/00091010?20');
  });

  it('has a path through the sequences that hold it, by the item that is open (PS3.18 F.2.5)', () => {
    const outer = level('sequence', '00081140', level('dataset'));
    outer.items.push({}, {});
    const inner = level('sequence', '00400275', level('item', '00081140', outer));
    inner.items.push({});
    const log = new ReadLog(undefined);
    log.bulk(level('item', '00400275', inner), value('00091010'), false);
    expect(log.bulkData.map(({ path }) => path)).toEqual(['00081140/1/00400275/0/00091010']);
  });
});

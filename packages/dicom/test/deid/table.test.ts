import { describe, expect, it } from 'vitest';
import { decide, tableRows } from '../../src/deid/table.ts';
import {
  DEID_OPTIONS,
  type DeidOption,
  type DicomJsonElement,
  type DicomJsonObject,
  deidentifyDataset,
  vrOf,
} from '../../src/index.ts';
import { CT, options, SUBSTITUTES } from './support.ts';

const SEED = 'DUPONTSEED';
const UID = '1.2.3.77777.1';
const VALUES: Readonly<Record<string, DicomJsonElement['Value']>> = {
  PN: [{ Alphabetic: SEED }],
  UI: [UID],
  SQ: [
    { '00104000': { vr: 'LT', Value: [SEED] }, '00080081': { vr: 'ST', Value: [SEED] }, '00091001': { vr: 'LO', Value: [SEED] } },
  ],
  DA: ['19700229'], // No day: never kept.
  DT: ['19700228101112+0100'],
  TM: ['101112.5'],
  AS: ['095Y'],
};

/** A value that tells of somebody, of the VR of an attribute; other text where that would be a number. */
function seeded(tag: string): DicomJsonElement {
  const vr = (vrOf(tag) ?? 'LO').replace('OX', 'OB').replace(/X[SL]/, 'US');
  if (/^O/.test(vr) || vr === 'UN') return { vr, InlineBinary: Buffer.from(`${SEED}  `).toString('base64') };
  if (/^(US|SS|UL|SL|FL|FD|DS|IS|SV|UV)$/.test(vr)) return { vr, Value: [4711] };
  return { vr, Value: VALUES[vr] ?? [SEED] };
}
const rows = tableRows().map((row) => ({ ...row, tag: row.tag.replace('50XXXXXX', '50021001').replace('60XX', '6002') }));
/** Documents are refused; the patient's name and number have their substitutes; method attributes are ours. */
const OTHERS = new Set(['00420011', '00100010', '00100020', '00080018']);
const LEFT = /DUPONTSEED|1\.2\.3\.77777|19700228|4711|095Y|RFVQT05UU0VFRC/;

const isOtherGroup = (tag: string): boolean => tag < '00080000' || tag.startsWith('50') || tag.startsWith('60');
const clean = (json: DicomJsonObject, ...list: DeidOption[]) =>
  deidentifyDataset({ ...CT, ...json }, options(...list), SUBSTITUTES);

describe('Table E.1-1 (PS3.15 2024)', () => {
  it('has its 620 rows with codes that are known', () => {
    expect(rows.length).toBe(620);
    expect(new Set(rows.map(({ basic }) => basic))).toEqual(
      new Set(['D', 'Z', 'X', 'U', 'Z/D', 'X/Z', 'X/D', 'X/Z/D', 'X/Z/U*']),
    );
  });

  /** What is wrong with it as far as the basic profile is concerned. */
  function wrongBasic(tag: string, basic: string, json: DicomJsonObject): string[] {
    const element = json[tag];
    const isEmpty = element?.Value === undefined && element?.InlineBinary === undefined;
    const isGone = basic === 'X' || isOtherGroup(tag);
    const isEmptied = basic === 'Z' || basic === 'X/Z';
    const isRight = isGone ? element === undefined : element !== undefined && (basic === 'X/Z/U*' || isEmpty === isEmptied);
    return isRight && !LEFT.test(JSON.stringify(json)) ? [] : [tag];
  }

  it.each(['D', 'Z', 'X', 'U', 'Z/D', 'X/Z', 'X/D', 'X/Z/D', 'X/Z/U*'])(
    '%s: each of its rows, at the top and inside a sequence',
    (code) => {
      const wrong = rows
        .filter((row) => !OTHERS.has(row.tag) && row.basic === code)
        .flatMap(({ tag, basic }) => {
          const item = { [tag]: seeded(tag) };
          const inside = clean({ '52009229': { vr: 'SQ', Value: [item] } }).output['52009229']?.Value?.[0];
          return [...wrongBasic(tag, basic, clean(item).output), ...wrongBasic(tag, basic, inside as DicomJsonObject)];
        });
      expect(wrong).toEqual([]);
    },
  );

  /** Whether an option did with the seeded value of an attribute what its code says. */
  function isRightOption(tag: string, option: DeidOption, code: string): boolean {
    const { output, actions } = clean({ [tag]: seeded(tag) }, option);
    if (!actions.some(({ path }) => path === tag)) return false;
    const { vr } = seeded(tag);
    const left = JSON.stringify(output[tag] ?? '');
    const first = output[tag]?.Value?.[0];
    const isDate = option === 'retainModifiedDates' || option === 'retainFullDates';
    if (isOtherGroup(tag)) return output[tag] === undefined;
    if (vr === 'SQ')
      return !LEFT.test(option === 'retainInstitutionIdentity' ? left.replace('"Value":["DUPONTSEED"]', '') : left);
    if (isDate && vr === 'TM') return first === '101112.5';
    if (isDate && vr === 'DT') return first === (code === 'K' ? '19700228101112+0100' : '19700218101112+0100');
    if (isDate || code === 'C' || vr === 'DA' || vrOf(tag) === undefined) return !LEFT.test(left);
    if (vr === 'AS') return first === '090Y';
    return /^(PN|CS|O.)$/.test(vr) ? !LEFT.test(left) : left === JSON.stringify(seeded(tag));
  }

  it.each(DEID_OPTIONS)('%s: each row that it has a code for', (option) => {
    const wrong = rows
      .filter(({ tag }) => !OTHERS.has(tag))
      .flatMap(({ tag, options: list }) =>
        list.filter((one) => one.option === option && !isRightOption(tag, option, one.code)).map(() => tag),
      );
    expect(wrong).toEqual([]);
  });

  it('what is to be cleaned is not kept as it is by another option', () => {
    const row = rows.find(({ options: list }) => list.some((one) => one.code === 'C') && list.length > 1);
    if (row === undefined) throw new Error('no such row');
    expect(decide(row, new Set(row.options.map(({ option }) => option))).code).toBe('C');
  });
});

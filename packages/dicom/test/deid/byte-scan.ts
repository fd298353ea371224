import {
  DEID_OPTIONS,
  type DeidOption,
  DeidRefusal,
  type DicomJsonElement,
  type DicomJsonObject,
  vrOf,
} from '../../src/index.ts';
import { seeded } from '../build.ts';
import { CT, cleaned, fileOf } from './support.ts';
import { dictionaryTags } from './tags.ts';

/** Values that tell of somebody: name, number, street, birth date, and the UID of the study. */
const SEEDS = ['DUPONTEL', 'Zoé^Quirin', 'ID47118Q', '12 rue Xylo', '1.2.3.98765.4711'];
const NAMES = /DUPONTEL|LETNOPUD|QUIRIN|ID47118Q|XYLO/i;
const FOUND = /DUPONTEL|LETNOPUD|QUIRIN|ID47118Q|XYLO|98765\.4711/i;
const TAGS = dictionaryTags().filter((tag) => tag > '00080005' && tag < '7FE00000' && !/^(00080016|00420011)$/.test(tag));
const TEXT = 'AE AS CS DA DS DT IS LO LT SH ST TM UC UI UR UT'.split(' ');

const bytesOf = (text: string): string => Buffer.from(text.length % 2 === 0 ? text : `${text} `).toString('base64');

type Random = () => number;
const pick = <Value>(random: Random, list: readonly Value[]): Value => list[Math.floor(random() * list.length)] as Value; // Never empty.

function element(random: Random, tag: string, depth: number): DicomJsonElement {
  const own = (vrOf(tag) ?? 'LO').replace('OX', 'OW').replace(/X[SL]/, 'US');
  // Bytes that are said to be a sequence and are none make no dataset.
  const vr = random() < 0.7 || own === 'SQ' ? own : pick(random, [...TEXT, 'UN', 'SQ']);
  const seed = pick(random, SEEDS);
  if (vr === 'SQ') return { vr, Value: depth > 0 ? [] : [dataset(random, 4, depth + 1), dataset(random, 2, depth + 1)] };
  if (vr === 'PN') return { vr, Value: [{ Alphabetic: seed, Ideographic: pick(random, SEEDS) }] };
  if (vr === 'AT') return { vr, Value: ['00100010'] };
  if (/^O|^UN$/.test(vr)) return { vr, InlineBinary: bytesOf(seed) };
  if (vr === 'US' || vr === 'SS') return { vr, Value: [0x5544, 0x4f50, 0x544e, 0x4c45] };
  if (/^(UL|SL|FL|FD|SV|UV)$/.test(vr)) return { vr, Value: [1] };
  return { vr, Value: random() < 0.3 ? ['CT', seed] : [`${random() < 0.3 ? 'x'.repeat(Math.floor(random() * 40)) : ''}${seed}`] };
}

function dataset(random: Random, count: number, depth = 0): DicomJsonObject {
  const json: DicomJsonObject = {};
  for (let at = 0; at < count; at += 1) {
    const tag = pick(random, TAGS);
    // Bytes of technical tables are numbers to whoever reads them: text in there can't be told from them.
    if (!vrOf(tag)?.startsWith('O')) json[tag] = element(random, tag, depth);
  }
  const group = (0x0009 + 2 * Math.floor(random() * 40)).toString(16).toUpperCase().padStart(4, '0');
  json[`${group}0010`] = { vr: 'LO', Value: [pick(random, ['SIEMENS MR HEADER', 'Philips PET Private Group', SEEDS[0] ?? ''])] };
  json[`${group}10${pick(random, ['00', '09', '0C', '0E', '27'])}`] = {
    vr: pick(random, ['LO', 'DS', 'UN', 'IS']),
    ...privateValue(random),
  };
  json['60003000'] = { vr: 'OW', InlineBinary: bytesOf('DUPONTEL') };
  json['60004000'] = { vr: 'LT', Value: ['DUPONTEL'] };
  return json;
}

function privateValue(random: Random): Pick<DicomJsonElement, 'Value' | 'InlineBinary'> {
  return { Value: [pick(random, SEEDS)] };
}

/** A file with seeds in many places, of a random number. */
export function seededFile(seed: number): Uint8Array {
  const random = seeded(seed);
  const json = withoutBrokenBytes(dataset(random, 24));
  const study = { '0020000D': { vr: 'UI', Value: ['1.2.3.98765.4711'] }, '00100020': { vr: 'LO', Value: ['ID47118Q'] } };
  const behind: DicomJsonObject = {
    '7FE10010': { vr: 'LO', Value: ['DUPONTEL'] },
    FFFCFFFC: { vr: 'OB', InlineBinary: bytesOf('DUPONTEL') },
  };
  const file = Buffer.from(fileOf({ ...json, ...study, ...CT, '7FE00010': { vr: 'OW', InlineBinary: 'AQIDBA==' }, ...behind }));
  file.write('DUPONTEL');
  return file;
}

/** UN with a Value can't be written: its bytes are. */
function withoutBrokenBytes(json: DicomJsonObject): DicomJsonObject {
  const entries = Object.entries(json).map(([tag, one]): [string, DicomJsonElement] => {
    if (one.vr === 'UN' && one.Value !== undefined) return [tag, { vr: 'UN', InlineBinary: bytesOf(String(one.Value[0])) }];
    if (one.vr !== 'SQ') return [tag, one];
    return [tag, { vr: 'SQ', Value: (one.Value ?? []).map((item) => withoutBrokenBytes(item as DicomJsonObject)) }]; // Made above.
  });
  return Object.fromEntries(entries);
}

/** Random options that go together, of a random number. */
export function seededOptions(seed: number): DeidOption[] {
  const random = seeded(seed * 7919);
  return DEID_OPTIONS.filter((option) => option !== 'retainFullDates' && !/^retain(Dev|Inst|Pat)/.test(option) && random() < 0.5);
}

/** The files, by their random numbers and with what stands around it, that still have a value in them after random options, and how many were refused. */
export function scan(count: number): { left: string[]; refused: number; hadNone: number } {
  const result = { left: [] as string[], refused: 0, hadNone: 0 };
  for (let seed = 1; seed <= count; seed += 1) {
    const list = seededOptions(seed);
    const file = seededFile(seed);
    if (!FOUND.test(Buffer.from(file).toString('latin1'))) result.hadNone += 1;
    try {
      const text = Buffer.from(cleaned(file, ...list).bytes).toString('latin1');
      const at = text.search(list.includes('retainUids') ? NAMES : FOUND);
      if (at >= 0) result.left.push(`${seed}: ${text.slice(at - 12, at + 12)}`);
    } catch (error) {
      if (!(error instanceof DeidRefusal)) throw error;
      result.refused += 1;
    }
  }
  return result;
}

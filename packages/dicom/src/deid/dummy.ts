import { vrOf } from '../dictionary/index.ts';
import type { DicomJsonElement } from '../types.ts';

const TEXT = 'ANONYMIZED';
const DUMMY: Readonly<Record<string, DicomJsonElement>> = Object.fromEntries(
  Object.entries({
    AE: TEXT,
    AS: '000Y',
    CS: TEXT,
    DA: '19000101',
    DT: '19000101000000',
    TM: '000000',
    LO: TEXT,
    LT: TEXT,
    SH: TEXT,
    ST: TEXT,
    UC: TEXT,
    UR: 'about:blank',
    UT: TEXT,
    AT: '00000000',
    DS: 0,
    IS: 0,
    FD: 0,
    FL: 0,
    SL: 0,
    SS: 0,
    SV: 0,
    UL: 0,
    US: 0,
    UV: 0,
    SQ: {},
    PN: { Alphabetic: TEXT },
  }).map(([vr, value]) => [vr, { vr, Value: [value] }]),
);

/** What an attribute is by PS3.6, where the file can't be trusted; what the file says where PS3.6 leaves it open. */
export function vrFor(tag: string, said: string): string {
  const vr = vrOf(tag);
  return vr === undefined || vr === '--' ? said : vr;
}

/** A value of that attribute that tells nothing (code D): never of the length of what it stands for. A UI has none: its values are mapped. */
export function dummyFor(tag: string, said: string): DicomJsonElement {
  const vr = vrFor(tag, said);
  return DUMMY[vr] ?? { vr: /^O[BDFLVW]$/.test(vr) ? vr : 'OB', InlineBinary: 'AAAAAAAAAAA=' };
}

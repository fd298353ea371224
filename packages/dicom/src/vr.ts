/** How the values of each VR are read (PS3.5 table 6.2-1 and section 7.1.2). */
export type VrKind = 'text' | 'texts' | 'ascii' | 'asciis' | 'name' | 'decimal' | 'number' | 'tag' | 'binary' | 'sequence';

export interface VrInfo {
  readonly name: string;
  readonly kind: VrKind;
  /** Explicit VR header of 12 bytes with a 32-bit length (PS3.5 7.1.2). */
  readonly isLong: boolean;
  /** Bytes of one word, for byte order; 1 for text. */
  readonly wordBytes: number;
}

const LONG = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const WORDS: Readonly<Record<string, number>> = {
  AT: 2,
  US: 2,
  SS: 2,
  OW: 2,
  UL: 4,
  SL: 4,
  FL: 4,
  OF: 4,
  OL: 4,
  FD: 8,
  OD: 8,
  OV: 8,
  SV: 8,
  UV: 8,
};
const KINDS: Readonly<Record<VrKind, string>> = {
  text: 'LT ST UT',
  texts: 'LO SH UC',
  ascii: 'UR',
  asciis: 'AE AS CS DA DT TM UI',
  name: 'PN',
  decimal: 'DS IS',
  number: 'US SS UL SL FL FD SV UV',
  tag: 'AT',
  binary: 'OB OD OF OL OV OW UN',
  sequence: 'SQ',
};

function vrTable(): Map<number, VrInfo> {
  const table = new Map<number, VrInfo>();
  for (const [kind, names] of Object.entries(KINDS)) {
    for (const name of names.split(' ')) {
      const info: VrInfo = {
        name,
        kind: kind as VrKind, // Object.entries widens the keys of KINDS to string.
        isLong: LONG.has(name),
        wordBytes: WORDS[name] ?? 1,
      };
      table.set(vrCode(name), info);
    }
  }
  return table;
}

/** The two letters as a number: the bytes of an explicit VR header read big endian. */
export function vrCode(name: string): number {
  return (name.charCodeAt(0) << 8) | name.charCodeAt(1);
}

const TABLE = vrTable();

/** The VR whose two letters have this code; undefined when PS3.5 knows none. */
export function vrByCode(code: number): VrInfo | undefined {
  return TABLE.get(code);
}

/** A VR of PS3.5 by its name; UN when there is no such VR. */
export function vrByName(name: string): VrInfo {
  return TABLE.get(vrCode(name)) ?? UN;
}

export const UN: VrInfo = { name: 'UN', kind: 'binary', isLong: true, wordBytes: 1 };

/** Whether a code is made of two upper-case letters. */
export function isVrShaped(code: number): boolean {
  const high = code >>> 8;
  const low = code & 0xff;
  return high >= 0x41 && high <= 0x5a && low >= 0x41 && low <= 0x5a;
}

import { TABLE } from './tag-table';
/** The value representations this writer knows (PS3.5 6.2). */
export type Vr =
  | 'AE'
  | 'AS'
  | 'AT'
  | 'CS'
  | 'DA'
  | 'DS'
  | 'DT'
  | 'FD'
  | 'FL'
  | 'IS'
  | 'LO'
  | 'LT'
  | 'OB'
  | 'OD'
  | 'OF'
  | 'OL'
  | 'OV'
  | 'OW'
  | 'PN'
  | 'SH'
  | 'SL'
  | 'SQ'
  | 'SS'
  | 'ST'
  | 'SV'
  | 'TM'
  | 'UC'
  | 'UI'
  | 'UL'
  | 'UN'
  | 'UR'
  | 'US'
  | 'UT'
  | 'UV';

export interface TagEntry {
  readonly tag: number;
  readonly vr: Vr;
}

const byKeyword = new Map<string, TagEntry>();
const byTag = new Map<number, TagEntry>();
for (const line of TABLE.trim().split('\n')) {
  const [keyword = '', hex = '', vr = ''] = line.split(' ');
  // The table above is the only source of these strings.
  const entry: TagEntry = { tag: Number.parseInt(hex, 16), vr: vr as Vr };
  byKeyword.set(keyword, entry);
  byTag.set(entry.tag, entry);
}

/** Finds tag and VR for a PS3.6 keyword or for 8 hexadecimal digits; throws a RangeError for a keyword outside the small table. */
export function tagOf(key: string): TagEntry {
  const known = byKeyword.get(key);
  if (known) return known;
  if (!/^[0-9A-Fa-f]{8}$/.test(key))
    throw new RangeError(`testkit: unknown keyword ${key}; give a tag of 8 hex digits with a vr`);
  const tag = Number.parseInt(key, 16);
  const entry = byTag.get(tag);
  if (entry) return entry;
  // Private creators are LO (PS3.5 7.8.1); everything else unknown is UN unless the caller names the VR.
  const isCreator = ((tag >>> 16) & 1) === 1 && (tag & 0xffff) >= 0x10 && (tag & 0xffff) <= 0xff;
  return { tag, vr: isCreator ? 'LO' : 'UN' };
}

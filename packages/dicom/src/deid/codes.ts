import { jsonString } from '../json-access.ts';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { isDescriptorText } from './descriptors.ts';
import { type Identity, mentions } from './identity.ts';
import { tellsInPieces } from './in-pieces.ts';

const [VALUE, SCHEME, MEANING] = ['00080100', '00080102', '00080104'] as const;
export const CODE_TAGS: ReadonlySet<string> = new Set([VALUE, SCHEME, MEANING]);

/** What codes of each scheme look like: a name under the scheme's designator does not. */
const SCHEMES: Readonly<Record<string, RegExp>> = {
  DCM: /^\d{5,6}$/,
  SCT: /^\d{6,18}$/,
  SRT: /^[A-Z0-9]{1,2}-[A-F0-9]{4,6}$/,
  SNM3: /^[A-Z0-9]{1,2}-[A-F0-9]{4,6}$/,
  '99SDM': /^[A-Z0-9]{1,2}-[A-F0-9]{4,6}$/,
  LN: /^\d{1,5}-\d$/,
  FMA: /^\d{4,6}$/,
  RADLEX: /^RID\d{1,6}$/,
  UMLS: /^C\d{7}$/,
  UCUM: /^(1|%|[kmcu]?(m|g|l|s|L)(\d|\/s|\/min|\/m2)?|[cm]m[23]|m[lL]\/min|deg|rad|\[hnsf'U\]|\[degF\]|Cel|mm\[Hg\]|[kM]?Bq(\/m[lL])?|g\/m[lL](\{SUV\w{2,3}\})?|\{(counts|ratio|pixels|bpm|frames)\}|\/min|k?V|m?A(\.s)?|mAs|[mc]?Gy(\.cm2?|\.m2)?|mT\/m|T|k?Hz|d|h|min|a|dB|J|W|N)$/,
};

/**
 * The code of an item (PS3.3 8.8), where it is one of a scheme of the standard. Its meaning is free text: kept where it consists of known words, else the
 * code stands in its place. Empty for another one.
 */
export function keptCode(item: DicomJsonObject, identity: Identity): ReadonlyMap<string, DicomJsonElement> {
  const isNobodys = (text: string): boolean => !mentions(text, identity.naming) && !tellsInPieces([text], identity);
  const [value = '', scheme = '', meaning = ''] = [VALUE, SCHEME, MEANING].map((tag) => jsonString(item, tag));
  const isKnown = Object.hasOwn(SCHEMES, scheme) && SCHEMES[scheme]?.test(value) === true && isNobodys(value);
  if (!isKnown) return new Map();
  const isClean = meaning !== '' && isDescriptorText(meaning) && isNobodys(meaning);
  return new Map([
    [VALUE, { vr: 'SH', Value: [value] }],
    [SCHEME, { vr: 'SH', Value: [scheme] }],
    [MEANING, { vr: 'LO', Value: [isClean ? meaning : value] }],
  ]);
}

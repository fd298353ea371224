import { keywordOf, tagOf, vrOf } from '@negatoscope/dicom';
import {
  type IndexedAttribute,
  indexedAttribute,
  isKept,
  isOfLevel,
  type QidoLevel,
} from '../../../archive/search/attributes.ts';
import { Failure } from '../../../kernel/failure.ts';

export interface QidoMatch {
  readonly attribute: IndexedAttribute;
  readonly value: string;
}

/** A search as PS3.18 8.3.4 and 10.6.1.2 define it, parsed and bounded. */
export interface QidoQuery {
  readonly level: QidoLevel;
  readonly matches: readonly QidoMatch[];
  /** Attributes without a column: matched in the DICOM JSON that the index keeps of studies and series. */
  readonly stored: readonly { readonly path: readonly string[]; readonly vr: string; readonly value: string }[];
  /** The row of the patient whose studies are meant. */
  readonly patient?: string;
  readonly includeAll: boolean;
  /** Paths of tags. */
  readonly include: readonly (readonly string[])[];
  readonly fuzzy: boolean;
  readonly limit: number;
  readonly offset: number;
  /** Well-formed parameters that this server does not support; told by a Warning header (PS3.18 8.3.4). */
  readonly ignored: readonly string[];
}

const RESERVED = new Set(['limit', 'offset', 'fuzzymatching', 'includefield', 'accept', 'groupId', 'charset', 'samePatientAs']);
export const MAX_LIMIT = 5000;
const DEFAULT_LIMIT = 1000;
const MAX_OFFSET = 10_000_000;
const MAX_MATCHES = 64;
const MAX_DEPTH = 8;

/** Keyword, 8 hexadecimal digits, or a path of them separated by dots (PS3.18 8.3.4.1) → tags of 8 upper-case hex digits. */
export function parseAttributePath(name: string): string[] | undefined {
  const tags = name.split('.').map((part) => (/^[0-9a-fA-F]{8}$/.test(part) ? part.toUpperCase() : tagOf(part)));
  return tags.length <= MAX_DEPTH && tags.every((tag): tag is string => tag !== undefined) ? tags : undefined;
}

function whole(name: string, value: string, max: number): number {
  if (!/^\d{1,15}$/.test(value)) throw new Failure('BAD_REQUEST', { detail: `${name} must be a whole number.` });
  return Math.min(Number(value), max);
}

function includedPaths(value: string): string[][] {
  return value.split(',').flatMap((field) => {
    if (field.trim() === '' || field.trim() === 'all') return [];
    const path = parseAttributePath(field.trim());
    if (path === undefined)
      throw new Failure('BAD_REQUEST', { detail: 'includefield names something that is no DICOM attribute.' });
    return [path];
  });
}

/** Matching keys by their attribute; a key given twice is one list (UIDs), as PS3.18 10.6.1.2.1 has it. */
function matchingKeys(search: URLSearchParams): Map<string, { path: string[]; value: string }> {
  const keys = new Map<string, { path: string[]; value: string }>();
  for (const [name, value] of search) {
    if (RESERVED.has(name)) continue;
    const path = parseAttributePath(name);
    if (path === undefined) throw new Failure('BAD_REQUEST', { detail: 'A parameter is not a DICOM attribute.' });
    if (value.includes('\0')) throw new Failure('BAD_REQUEST', { detail: 'A value has a null character.' });
    const known = keys.get(path.join('.'));
    keys.set(path.join('.'), { path, value: known === undefined ? value : `${known.value}\\${value}` });
    if (keys.size > MAX_MATCHES) throw new Failure('BAD_REQUEST', { detail: 'Too many matching keys.' });
  }
  return keys;
}

/** Modality is an attribute of series; asked of studies it can only mean the modalities within. */
const atLevel = (level: QidoLevel, attribute: IndexedAttribute | undefined): IndexedAttribute | undefined =>
  level === 'studies' && attribute?.keyword === 'Modality' ? indexedAttribute('ModalitiesInStudy') : attribute;

/** Fails with BAD_REQUEST for names that are no attribute and for malformed limits; unknown but well-formed keys are only ignored. */
export function parseQidoQuery(level: QidoLevel, search: URLSearchParams): QidoQuery {
  const matches: QidoMatch[] = [];
  const stored: { path: string[]; vr: string; value: string }[] = [];
  const ignored: string[] = [];
  const include = search.getAll('includefield').flatMap(includedPaths);
  for (const { path, value } of matchingKeys(search).values()) {
    const [tag = ''] = path;
    const attribute = path.length === 1 ? atLevel(level, indexedAttribute(tag)) : undefined;
    // An empty value matches everything and asks for the attribute (PS3.4 C.2.2.2.3).
    include.push(path);
    if (value === '') continue;
    if (attribute !== undefined && isOfLevel(attribute, level)) matches.push({ attribute, value });
    else if (attribute === undefined && isKept(tag, level)) stored.push({ path, vr: vrOf(path.at(-1) ?? '') ?? 'UN', value });
    else ignored.push(keywordOf(tag) ?? tag);
  }
  const fuzzy = search.get('fuzzymatching') ?? 'false';
  if (!/^(true|false)$/i.test(fuzzy)) throw new Failure('BAD_REQUEST', { detail: 'fuzzymatching is true or false.' });
  return {
    level,
    matches,
    stored,
    includeAll: search.getAll('includefield').some((value) => value.split(',').some((field) => field.trim() === 'all')),
    include,
    fuzzy: fuzzy.toLowerCase() === 'true',
    limit: whole('limit', search.get('limit') ?? String(level === 'instances' ? MAX_LIMIT : DEFAULT_LIMIT), MAX_LIMIT),
    offset: whole('offset', search.get('offset') ?? '0', MAX_OFFSET),
    ignored,
  };
}

import { keywordOf, tagOf, vrOf } from '@negatoscope/dicom';
import { Failure } from '../../kernel/failure.ts';
import { type IndexedAttribute, indexedAttribute, type QidoLevel } from './attributes.ts';

export interface QidoMatch {
  readonly attribute: IndexedAttribute;
  readonly value: string;
}

/** A search as PS3.18 8.3.4 and 10.6.1.2 define it, parsed and bounded. */
export interface QidoQuery {
  readonly level: QidoLevel;
  readonly matches: readonly QidoMatch[];
  /** Attributes outside the indexed columns: matched in the level's stored DICOM JSON. */
  readonly jsonMatches: readonly { readonly tag: string; readonly vr: string; readonly value: string }[];
  readonly includeAll: boolean;
  readonly include: readonly string[];
  readonly fuzzy: boolean;
  readonly limit: number;
  readonly offset: number;
  /** Well-formed parameters that this server does not support; told by a Warning header (PS3.18 8.3.4). */
  readonly ignored: readonly string[];
}

const RESERVED = new Set(['limit', 'offset', 'fuzzymatching', 'includefield', 'accept', 'groupId', 'charset']);
export const MAX_LIMIT = 5000;
const DEFAULT_LIMIT = 1000;
const MAX_OFFSET = 10_000_000;
const MAX_MATCHES = 64;

/** Keyword, 8 hexadecimal digits, or a path of them separated by dots (PS3.18 8.3.4.1) → tags of 8 upper-case hex digits. */
export function parseAttributePath(name: string): string[] | undefined {
  const tags = name.split('.').map((part) => (/^[0-9a-fA-F]{8}$/.test(part) ? part.toUpperCase() : tagOf(part)));
  return tags.every((tag): tag is string => tag !== undefined) ? tags : undefined;
}

function whole(name: string, value: string, max: number): number {
  if (!/^\d{1,9}$/.test(value)) throw new Failure('BAD_REQUEST', { detail: `${name} must be a whole number.` });
  return Math.min(Number(value), max);
}

/** Fails with BAD_REQUEST for names that are no attribute and for malformed limits; unknown but well-formed keys are only ignored. */
export function parseQidoQuery(level: QidoLevel, search: URLSearchParams): QidoQuery {
  const matches: QidoMatch[] = [];
  const jsonMatches: { tag: string; vr: string; value: string }[] = [];
  const ignored: string[] = [];
  const include: string[] = [];
  let includeAll = false;
  for (const [name, value] of search) {
    if (name === 'includefield') {
      for (const field of value.split(',').map((part) => part.trim())) {
        if (field === 'all') includeAll = true;
        else if (field !== '') include.push(...includedTag(field));
      }
    }
    if (RESERVED.has(name) || value === '') continue;
    const path = parseAttributePath(name);
    if (path === undefined) throw new Failure('BAD_REQUEST', { detail: 'A parameter is not a DICOM attribute.' });
    if (value.includes('\0')) throw new Failure('BAD_REQUEST', { detail: 'A value has a null character.' });
    const [tag = '', ...rest] = path;
    const attribute = rest.length === 0 ? indexedAttribute(tag) : undefined;
    if (attribute !== undefined) matches.push({ attribute, value });
    else if (rest.length === 0 && level !== 'instances') jsonMatches.push({ tag, vr: vrOf(tag) ?? 'UN', value });
    else ignored.push(keywordOf(tag) ?? tag);
  }
  if (matches.length + jsonMatches.length > MAX_MATCHES) throw new Failure('BAD_REQUEST', { detail: 'Too many matching keys.' });
  return {
    level,
    matches,
    jsonMatches,
    includeAll,
    include,
    fuzzy: search.get('fuzzymatching') === 'true',
    limit: whole('limit', search.get('limit') ?? String(DEFAULT_LIMIT), MAX_LIMIT),
    offset: whole('offset', search.get('offset') ?? '0', MAX_OFFSET),
    ignored,
  };
}

function includedTag(field: string): string[] {
  const path = parseAttributePath(field);
  if (path === undefined)
    throw new Failure('BAD_REQUEST', { detail: 'includefield names something that is no DICOM attribute.' });
  return path.slice(0, 1);
}

import { KNOWN_CODE } from '@negatoscope/dicom';
import { shownForm } from '../../../archive/pseudonym/pseudonym.ts';
import { type IndexedAttribute, indexedAttribute } from '../../../archive/search/attributes.ts';
import type { QidoKey, QidoSearch } from '../../../archive/search/qido-repository.ts';
import { Failure } from '../../../kernel/failure.ts';
import { type Bounds, dateRange, hasWildcard, likePattern, listed, numbers, text, timeRange } from './key-values.ts';
import type { QidoQuery } from './query.ts';

const PATIENT_NAME = '00100010';
const isUniversal = (value: string): boolean => /^\*+$/.test(value);

/** What a pattern would take for something else, and normal form leaves out. */
const MARKS = /[\\%_]/;

/**
 * PN ignores case, accents and delimiters, and looks at every group (PS3.4 C.2.2.2.1 and C.2.2.2.4 leave it to the server). Names in normal form
 * find the index; where the value has marks that these lack, the names are also compared as they are spelled.
 */
function nameKeys(place: QidoKey, value: string): QidoKey[] {
  const plain = value.normalize('NFKC');
  const bare = plain.replaceAll(new RegExp(MARKS, 'g'), '*');
  const key = { ...place, op: 'name', value: likePattern(bare).replaceAll(/[\^=]+/g, ' ') };
  return MARKS.test(plain) ? [key, { ...place, op: 'spelled', value: likePattern(plain) }] : [key];
}

/** Typos are looked for in patients' names, which have an index of their words. */
function columnKeys(attribute: IndexedAttribute, value: string, fuzzy: boolean): QidoKey[] {
  const { tag, matching } = attribute;
  if (matching !== 'name') return [columnKey(tag, matching, value)];
  return fuzzy && tag === PATIENT_NAME ? [{ tag, op: 'fuzzy', value }] : nameKeys({ tag }, value);
}

function columnKey(tag: string, matching: Exclude<IndexedAttribute['matching'], 'name'>, value: string): QidoKey {
  switch (matching) {
    case 'uid':
      return { tag, op: 'in', values: listed(value) };
    case 'codes':
      return { tag, op: 'overlap', values: listed(value) };
    case 'code':
      return hasWildcard(value) ? text({ tag }, value) : { tag, op: 'in', values: listed(value) };
    case 'date':
      return { tag, op: 'date', ...dateRange(value) };
    case 'time':
      return { tag, op: 'text', ...timeRange(value) };
    case 'integer':
      return { tag, op: 'number', values: numbers(value) };
    case 'text':
      return text({ tag }, value);
  }
}

const compact = (bounds: Bounds): Bounds =>
  Object.fromEntries(Object.entries(bounds).map(([end, value]: [string, string]) => [end, value.replaceAll(/[-:]/g, '')]));

/** Keys outside the columns, matched in the attributes that the index keeps as DICOM JSON. */
function storedKeys(path: readonly string[], vr: string, value: string): QidoKey[] {
  return vr === 'PN' ? nameKeys({ path }, value) : [storedKey(path, vr, value)];
}

function storedKey(path: readonly string[], vr: string, value: string): QidoKey {
  if (vr === 'UI') return { path, op: 'in', values: listed(value) };
  if (vr === 'DA' && !hasWildcard(value)) return { path, op: 'text', ...compact(dateRange(value)) };
  if (vr === 'TM' && !hasWildcard(value)) return { path, op: 'text', ...compact(timeRange(value)) };
  if (vr === 'IS' || vr === 'US') return { path, op: 'number', values: numbers(value) };
  return text({ path }, value);
}

/** StudyDate and StudyTime together are one moment (PS3.4 C.2.2.2.5.4, required by PS3.18 8.3.4.1). */
function momentKey(date: string, time: string): QidoKey {
  const dates = dateRange(date);
  const times = timeRange(time);
  return {
    op: 'moment',
    ...(dates.from === undefined ? {} : { from: dates.from, fromTime: times.from ?? '00:00:00' }),
    ...(dates.to === undefined ? {} : { to: dates.to, toTime: times.to ?? '23:59:60' }),
    tag: '00080020',
  };
}

/**
 * A query as the index is asked; without `identity` a key matches only what the answer would show. Fails with BAD_REQUEST for malformed dates, times
 * and numbers, and FORBIDDEN for what is never shown.
 */
export function qidoSearch(query: QidoQuery, identity: boolean): QidoSearch {
  const { level, limit, offset, includeAll, include } = query;
  const isKept = ([tag = '', ...below]: readonly string[]): boolean => below.length > 0 || indexedAttribute(tag) === undefined;
  return { level, keys: qidoKeys(query, identity), limit, offset, withKept: includeAll || include.some(isKept) };
}

/** What is not shown may not be matched: of the columns, codes that are none (the others are typed), of what is kept as DICOM JSON, values of another form or VR. */
const columnForm = ({ vr }: IndexedAttribute): QidoKey => (vr === 'CS' ? { form: KNOWN_CODE.source } : {});
function storedForm(path: readonly string[]): QidoKey {
  const form = shownForm(path);
  if (form === undefined) throw new Failure('FORBIDDEN');
  return { ...form };
}

/** Every key of a query, as `qidoSearch` says. */
function qidoKeys(query: QidoQuery, identity: boolean): QidoKey[] {
  const keyOf = (tag: string): string | undefined => query.matches.find((match) => match.attribute.tag === tag)?.value;
  const [date, time] = [keyOf('00080020'), keyOf('00080030')];
  const isMoment = date !== undefined && time !== undefined && !isUniversal(date) && !isUniversal(time);
  const keys = query.matches
    .filter(({ attribute, value }) => !isUniversal(value) && !(isMoment && ['00080020', '00080030'].includes(attribute.tag)))
    .flatMap(({ attribute, value }) =>
      columnKeys(attribute, value, query.fuzzy).map((key) => (identity ? key : { ...key, ...columnForm(attribute) })),
    );
  if (query.patient !== undefined) keys.push({ op: 'patient', value: query.patient });
  if (isMoment) keys.push(momentKey(date, time));
  for (const { path, vr, value } of query.stored) {
    if (isUniversal(value)) continue;
    const form = identity ? {} : storedForm(path);
    keys.push(...storedKeys(path, vr, value).map((key) => ({ ...key, ...form })));
  }
  return keys;
}

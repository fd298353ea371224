import { type DicomJsonElement, type DicomJsonObject, parseDate, parseTime } from '@negatoscope/dicom';
import { keyText } from '../ask/identifier.ts';

/** A key whose value is none of its VR. */
export class MalformedKey extends Error {
  readonly tag: string;

  constructor(tag: string) {
    super('A key that is malformed.');
    this.tag = tag;
  }
}

type Pair = readonly [from: string, to: string];

/** Whether a text is like a pattern of `*` and `?` (PS3.4 C.2.2.2.4). Takes no longer than their lengths multiplied, whatever the pattern. */
export function isLike(text: string, pattern: string): boolean {
  let [at, by, star, back] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[by] === '*') [star, back, by] = [by, at, by + 1];
    else if (by < pattern.length && (pattern[by] === '?' || pattern[by] === text[at])) [at, by] = [at + 1, by + 1];
    else if (star < 0) return false;
    else [back, at, by] = [back + 1, back + 1, star + 1];
  }
  while (pattern[by] === '*') by += 1;
  return by === pattern.length;
}

/** A name without case, accents and the delimiters behind it: who asks types it by hand. */
const plainName = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[\s^=]+$/g, '')
    .replaceAll(/\s*\^\s*/g, '^');

const isDay = (text: string): boolean => /^\d{8}$/.test(text) && parseDate(text) !== undefined;
const isTime = (text: string): boolean => parseTime(text) !== undefined;

/** The first and the last of what a value of VR DA or TM names, or a range of them (PS3.4 C.2.2.2.5), in a form that is ordered as text. */
function boundsOf(tag: string, vr: string, text: string): Pair {
  const [from = '', to = from, ...more] = text.split('-').map((part) => part.trim());
  const isSense = vr === 'DA' ? isDay : isTime;
  if (more.length > 0 || (from === '' && to === '') || [from, to].some((part) => part !== '' && !isSense(part)))
    throw new MalformedKey(tag);
  return vr === 'DA' ? [from, to || '99999999'] : [lowest(from), to === '' ? LAST_TIME : highest(to)];
}

const LAST_TIME = '999999.999999';
const digitsOf = (time: string): string => time.replaceAll(':', '');
const lowest = (time: string): string => {
  const [clock = '', fraction = ''] = digitsOf(time).split('.');
  return `${clock.padEnd(6, '0')}.${fraction.padEnd(6, '0')}`;
};
/** An hour, a minute or a second lasts to its end. */
const highest = (time: string): string => {
  const [clock = '', fraction = ''] = digitsOf(time).split('.');
  return `${clock.padEnd(6, '9')}.${fraction.padEnd(6, '9')}`;
};

function isWithin(tag: string, { vr }: DicomJsonElement, text: string, value: string): boolean {
  const [from, to] = boundsOf(tag, vr, text);
  const at = vr === 'DA' ? value : lowest(value);
  return at !== '' && at >= from && at <= to;
}

/** Whether anything matches a key: it is asked for, and no more. */
const isUniversal = (text: string): boolean => text === '' || /^\*+$/.test(text);
const asItem = (value: unknown): DicomJsonObject | undefined =>
  typeof value === 'object' && value !== null ? (value as DicomJsonObject) : undefined; // Of a sequence.

/** Longer than anybody asks, and than what is compared with it, but for lists of UIDs: nothing is like it. Comparing would take its length multiplied, for each film. */
const MOST_KEY = 1_024;

function matchesOne(tag: string, key: DicomJsonElement, own: DicomJsonElement): boolean {
  const text = keyText(key);
  if (isUniversal(text)) return true;
  const value = keyText(own);
  if (own.vr === 'DA' || own.vr === 'TM') return isWithin(tag, own, text, value);
  if (text.length > MOST_KEY && own.vr !== 'UI') return false;
  if (own.vr === 'PN') return isLike(plainName(value), plainName(text));
  const isPattern = own.vr !== 'UI';
  return text.split('\\').some((one) => value.split('\\').some((mine) => (isPattern ? isLike(mine, one.trim()) : mine === one)));
}

/** A day and its time, which ranges of both ask for together (PS3.4 K.6.1.2.2): from the one time of the first day to the other of the last. */
const TOGETHER: readonly (readonly [day: string, time: string])[] = [['00400002', '00400003']];

function matchesTogether(keys: DicomJsonObject, own: DicomJsonObject): ReadonlySet<string> | false {
  const done = new Set<string>();
  for (const [day, time] of TOGETHER) {
    const [days, times] = [keys[day], keys[time]];
    if (days === undefined || times === undefined || own[day] === undefined || own[time] === undefined) continue;
    const [asked, clock] = [keyText(days), keyText(times)];
    if (!asked.includes('-') || !clock.includes('-')) continue;
    const [firstDay, lastDay] = boundsOf(day, 'DA', asked);
    const [from, to] = boundsOf(time, 'TM', clock);
    const at = keyText(own[day]) + lowest(keyText(own[time]));
    if (at < firstDay + from || at > lastDay + to) return false;
    done.add(day).add(time);
  }
  return done;
}

/**
 * Whether what one has is what keys ask for (PS3.4 C.2.2.2): by single value, list of UIDs, wildcard, range, and the item of a sequence; names ignore case
 * and accents. Keys of which nothing is known match. Fails with MalformedKey.
 */
export function matches(keys: DicomJsonObject, own: DicomJsonObject): boolean {
  const done = matchesTogether(keys, own);
  if (done === false) return false;
  return Object.entries(keys).every(([tag, key]) => {
    const mine = own[tag];
    if (mine === undefined || done.has(tag)) return true;
    if ((key.vr === 'SQ') !== (mine.vr === 'SQ')) throw new MalformedKey(tag);
    if (key.vr !== 'SQ') return matchesOne(tag, key, mine);
    if ((key.Value?.length ?? 0) > 1) throw new MalformedKey(tag);
    const [item, ownItem] = [asItem(key.Value?.[0]), asItem(mine.Value?.[0])];
    return item === undefined || ownItem === undefined || matches(item, ownItem);
  });
}

/** Whether keys ask for a value of something that is not known here: it is not matched (PS3.4 K.4.1.1.4). */
export const asksUnknown = (keys: DicomJsonObject, own: DicomJsonObject): boolean =>
  Object.entries(keys).some(([tag, key]) => {
    const mine = own[tag];
    if (key.vr !== 'SQ') return mine === undefined && !isUniversal(keyText(key));
    const item = asItem(key.Value?.[0]);
    return item !== undefined && asksUnknown(item, asItem(mine?.Value?.[0]) ?? {});
  });

/** What keys ask for of what one has, empty where nothing is known; a sequence that is asked for without an item comes whole. Private elements mean nothing here. */
export function answered(keys: DicomJsonObject, own: DicomJsonObject): DicomJsonObject {
  const answer: DicomJsonObject = {};
  for (const [tag, key] of Object.entries(keys)) {
    if (/^.{3}[13579BDF]/.test(tag)) continue;
    const mine = own[tag];
    const item = asItem(key.Value?.[0]);
    if (mine === undefined) answer[tag] = { vr: key.vr };
    else if (key.vr !== 'SQ' || item === undefined || Object.keys(item).length === 0) answer[tag] = mine;
    else answer[tag] = { vr: 'SQ', Value: (mine.Value ?? []).map((one) => answered(item, asItem(one) ?? {})) };
  }
  return answer;
}

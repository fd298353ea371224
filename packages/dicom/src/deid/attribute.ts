import { vrOf } from '../dictionary/index.ts';
import type { DicomJsonElement } from '../types.ts';
import { isUid } from '../uid.ts';
import { keptDates, movedDates } from './dates.ts';
import { cleanedCodes, cleanedText } from './descriptors.ts';
import { dummyFor, vrFor } from './dummy.ts';
import { type Identity, isNaming, mentions } from './identity.ts';
import { hasNumber, isNamingUid } from './in-pieces.ts';
import { isNamedIn } from './named-bytes.ts';
import { CONTENT_SEQUENCE, DUMMY_CONTENT } from './structured.ts';
import type { Decision } from './table.ts';
import type { DeidDone, DeidProfile, DeidRule, DeidSubstitutes } from './types.ts';
import { isWellKnownFrame, isWellKnownUid } from './uids.ts';
import { isVrOf, keptNumbers } from './unnamed.ts';

export interface Outcome {
  /** Undefined: it is left out. */
  readonly element: DicomJsonElement | undefined;
  readonly done: DeidDone;
  readonly rule: DeidRule;
}

export interface Context extends Identity {
  readonly profile: DeidProfile;
  readonly substitutes: DeidSubstitutes;
}

const DATE_VRS = new Set(['DA', 'DT', 'TM']);
const NUMBER_VRS = new Set('DS IS FD FL SL SS SV UL US UV AT'.split(' '));
const TIMEZONE_OFFSET = '00080201';
const LONGEST_KEPT = 1024;
const MOST_AGE = 89;

/** UIDs of the standard stay, where they may stand; each other value, also one that is no UID, becomes another UID. `isUnnamed`: of an attribute that no row of the table names. */
export function mappedUids({ Value = [] }: DicomJsonElement, context: Context, isUnnamed: boolean): Outcome {
  const { profile, substitutes, numbers } = context;
  const isKept = isUnnamed && profile.options.has('retainUids');
  const values = Value.map((value) => {
    const text = typeof value === 'string' ? value.trim() : '';
    if (text === '' || (isUnnamed ? isWellKnownUid(text) && !hasNumber(text, numbers) : isWellKnownFrame(text))) return text;
    return isKept && isNobodys(text, context) ? text : substitutes.uid(text);
  });
  const element = { vr: 'UI', ...(values.length === 0 ? {} : { Value: values }) };
  return { element, done: isKept ? 'kept' : 'uid', rule: 'table' };
}

const isNobodys = (uid: string, identity: Identity): boolean =>
  isUid(uid) && !mentions(uid, identity.naming) && !isNamingUid(uid, identity);

/** The VR is the attribute's; of one that PS3.6 has got only lately, a date is taken. */
const isRight = (tag: string, element: DicomJsonElement): boolean =>
  vrOf(tag) === undefined ? DATE_VRS.has(element.vr) : isVrOf(tag, element);

/** What an option on dates leaves of an element, moved by days: dates and times, and the offset that they have from UTC. */
function temporal(tag: string, element: DicomJsonElement, days: number): DicomJsonElement | undefined {
  const { vr, Value = [] } = element;
  if (DATE_VRS.has(vr)) return movedDates(element, days);
  const isOffset = tag === TIMEZONE_OFFSET && Value.length === 1 && typeof Value[0] === 'string' && /^[+-]\d{4}$/.test(Value[0]);
  return isOffset ? element : undefined;
}

/** The value where an option retains it and it is what its attribute is for: an age of ninety and more is told as ninety. */
function retained(tag: string, element: DicomJsonElement, identity: Identity): DicomJsonElement | undefined {
  if (element.BulkDataURI !== undefined || element.InlineBinary !== undefined) return undefined;
  const { vr, Value = [] } = element;
  if (DATE_VRS.has(vr)) return keptDates(element);
  if (NUMBER_VRS.has(vr)) return keptNumbers(tag, element, identity);
  if (vr === 'CS') return cleanedCodes(element, identity);
  if (vr === 'AS') return keptAge(element);
  if (vr === 'PN' || !Value.every((value) => typeof value === 'string' && value.length <= LONGEST_KEPT)) return undefined;
  if (Value.some((value) => isNamedIn(bytesOf(String(value)), identity.naming))) return undefined;
  return isNaming(element, identity.naming) || hasNumber(Value.join(' '), identity.numbers) ? undefined : element;
}

/** A text whose letters are bytes of another character set than its file says; none of one that has others. */
function bytesOf(text: string): Uint8Array {
  const codes = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  return codes.every((code) => code < 256) ? Uint8Array.from(codes) : new Uint8Array();
}

function keptAge({ Value = [] }: DicomJsonElement): DicomJsonElement | undefined {
  const [value] = Value;
  if (Value.length !== 1 || typeof value !== 'string' || !/^\d{3}[DWMY]$/.test(value)) return undefined;
  return { vr: 'AS', Value: [value.endsWith('Y') && Number(value.slice(0, 3)) > MOST_AGE ? '090Y' : value] };
}

/** What the basic profile makes of it: removed, emptied, a dummy value, another UID. */
export function basic(tag: string, element: DicomJsonElement, code: 'D' | 'Z' | 'X' | 'U', context: Context): Outcome {
  if (code === 'X') return { element: undefined, done: 'removed', rule: 'table' };
  const vr = vrFor(tag, element.vr);
  if (code === 'Z') return { element: { vr: /^[A-Z]{2}$/.test(vr) && vr !== 'OX' ? vr : 'UN' }, done: 'emptied', rule: 'table' };
  if (vr === 'UI') return mappedUids(element, context, false);
  if (code === 'U') return { element: undefined, done: 'removed', rule: 'table' };
  if (tag === CONTENT_SEQUENCE) return { element: DUMMY_CONTENT, done: 'dummy', rule: 'structured' };
  return { element: dummyFor(tag, element.vr), done: 'dummy', rule: 'table' };
}

/** What is left where an option keeps or cleans an attribute other than a sequence; undefined where the basic profile is to be asked. */
export function chosen(tag: string, element: DicomJsonElement, decision: Decision, context: Context): Outcome | undefined {
  const { substitutes } = context;
  if ((decision.code !== 'K' && decision.code !== 'C') || !isRight(tag, element)) return undefined;
  if (decision.code === 'K') {
    if (element.vr === 'UI') return keptUid(element, context);
    const kept = decision.option === 'retainFullDates' ? temporal(tag, element, 0) : retained(tag, element, context);
    return kept === undefined ? undefined : { element: kept, done: 'kept', rule: 'table' };
  }
  if (decision.option === 'retainModifiedDates') {
    const moved = temporal(tag, element, substitutes.shiftDays);
    return moved === undefined ? undefined : { element: moved, done: 'shifted', rule: 'date' };
  }
  const cleaned = cleanedText(element, context);
  return cleaned === undefined ? undefined : { element: cleaned, done: 'cleaned', rule: 'descriptor' };
}

/** A UID that an option retains. That of a device is kept by its own option as well. */
function keptUid({ Value = [] }: DicomJsonElement, context: Context): Outcome {
  const values = Value.map((value) => {
    const text = typeof value === 'string' ? value.trim() : '';
    return text === '' || isNobodys(text, context) ? text : context.substitutes.uid(text);
  });
  return { element: { vr: 'UI', ...(values.length === 0 ? {} : { Value: values }) }, done: 'kept', rule: 'table' };
}

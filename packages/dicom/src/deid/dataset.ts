import { jsonString } from '../json-access.ts';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { basic, type Context, chosen, mappedUids, type Outcome } from './attribute.ts';
import { CODE_TAGS, keptCode } from './codes.ts';
import { movedDates } from './dates.ts';
import { type Identity, identityOf, itemsOf, namingNumbers, namingWords } from './identity.ts';
import { hasNumber } from './in-pieces.ts';
import { codesOf, methodAttributes } from './method.ts';
import { creatorTag, isPrivate, isSafePrivate, SAFE_PRIVATE } from './private.ts';
import { CONTENT_SEQUENCE, isKeptContent, keptTextValue, TEXT_VALUE } from './structured.ts';
import { type Decision, decide, rowOf } from './table.ts';
import { type DeidAction, type DeidDataset, type DeidProfile, DeidRefusal, type DeidSubstitutes } from './types.ts';
import { isWellKnownUid } from './uids.ts';
import { isVrOf, keptNumbers, keptUnnamed } from './unnamed.ts';

const DATE_VRS = new Set(['DA', 'DT', 'TM']);
const METHOD_TAGS = new Set(['00120062', '00120063', '00120064', '00280303']);
const PATIENT_NAME = '00100010';
const PATIENT_ID = '00100020';
const MAX_DEPTH = 64;
const GROUPS_REMOVED = /^(50|60|0000|0002|0004|FF|7F[^E]|7FE[^0])/;

/** Cleans one dataset and its items. */
class Cleaner {
  readonly actions: DeidAction[] = [];
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  item(json: DicomJsonObject, path: string, depth: number): DicomJsonObject {
    const output: DicomJsonObject = {};
    if (depth > MAX_DEPTH) return output;
    const { only } = this.#context.profile;
    const codes =
      only === undefined && Object.keys(json).some((tag) => CODE_TAGS.has(tag)) ? keptCode(json, this.#context) : undefined;
    for (const [tag, element] of Object.entries(json)) {
      const here = path === '' ? tag : `${path}/${tag}`;
      if (!/^[0-9A-F]{8}$/.test(tag) || tag.endsWith('0000') || (depth === 0 && METHOD_TAGS.has(tag))) continue;
      if (only?.has(tag) === false) continue;
      const outcome =
        codes !== undefined && CODE_TAGS.has(tag)
          ? ({ element: codes.get(tag), done: codes.has(tag) ? 'kept' : 'removed', rule: 'unnamed' } as const)
          : this.#attribute(tag, element, { json, path: here, depth });
      if (outcome.element !== undefined) output[tag] = outcome.element;
      if (outcome.done !== 'kept' || outcome.rule !== 'unnamed')
        this.actions.push({ path: here, done: outcome.done, rule: outcome.rule });
    }
    this.#creators(json, output);
    return output;
  }

  /** The creators of the private elements that stay. */
  #creators(json: DicomJsonObject, output: DicomJsonObject): void {
    for (const tag of Object.keys(output).filter(isPrivate)) {
      const creator = json[creatorTag(tag)];
      if (creator !== undefined) output[creatorTag(tag)] = creator;
    }
  }

  #attribute(tag: string, element: DicomJsonElement, at: { json: DicomJsonObject; path: string; depth: number }): Outcome {
    const { substitutes } = this.#context;
    if (isPrivate(tag)) return this.#private(tag, element, at.json);
    if (tag === PATIENT_NAME)
      return { element: { vr: 'PN', Value: [{ Alphabetic: substitutes.patientName }] }, done: 'replaced', rule: 'identity' };
    if (tag === PATIENT_ID) return { element: { vr: 'LO', Value: [substitutes.patientId] }, done: 'replaced', rule: 'identity' };
    // Pixels inside of a sequence are a second picture, of which nobody asks what is written in it.
    const isInnerPicture = at.depth > 0 && tag.startsWith('7FE0');
    if (isInnerPicture || GROUPS_REMOVED.test(tag)) return { element: undefined, done: 'removed', rule: 'group' };
    if (element.vr === 'UI' && this.#context.profile.addresses?.has(tag) === true)
      return { element, done: 'kept', rule: 'table' };
    const row = rowOf(tag);
    if (row === undefined) return this.#text(tag, element) ?? this.#unnamed(tag, element, at);
    const decision = decide(row, this.#context.profile.options);
    const isOpen = ['inner', 'K', 'C'].includes(decision.code);
    if (isOpen && element.vr === 'SQ' && isVrOf(tag, element)) return this.#sequence(tag, element, decision, at);
    const other = chosen(tag, element, decision, this.#context);
    if (other !== undefined) return other;
    const code = decide(row, new Set()).code;
    return basic(tag, element, code === 'D' || code === 'Z' || code === 'U' ? code : 'X', this.#context);
  }

  /** Text of a content item, which no row names. */
  #text(tag: string, element: DicomJsonElement): Outcome | undefined {
    if (tag !== TEXT_VALUE || !this.#context.profile.options.has('cleanStructuredContent')) return undefined;
    const text = keptTextValue(element, this.#context);
    return text === undefined ? undefined : { element: text, done: 'cleaned', rule: 'structured' };
  }

  #private(tag: string, element: DicomJsonElement, json: DicomJsonObject): Outcome {
    const { options, safePrivate = SAFE_PRIVATE } = this.#context.profile;
    const isSafe = options.has('retainSafePrivate') && isSafePrivate(tag, element, json, safePrivate);
    const kept = isSafe ? keptNumbers(tag, element, this.#context) : undefined;
    return { element: kept, done: kept === undefined ? 'removed' : 'kept', rule: 'private' };
  }

  #unnamed(tag: string, element: DicomJsonElement, at: { path: string; depth: number }): Outcome {
    const { profile, substitutes } = this.#context;
    const removed: Outcome = { element: undefined, done: 'removed', rule: 'unnamed' };
    if (!isVrOf(tag, element)) return removed;
    if (element.vr === 'SQ') return { ...this.#sequence(tag, element, { code: 'inner' }, at), done: 'kept', rule: 'unnamed' };
    if (element.vr === 'UI') return { ...mappedUids(element, this.#context, true), rule: 'unnamed' };
    if (DATE_VRS.has(element.vr)) {
      const isFull = profile.options.has('retainFullDates');
      if (!isFull && !profile.options.has('retainModifiedDates')) return removed;
      const moved = movedDates(element, isFull ? 0 : substitutes.shiftDays);
      return moved === undefined ? removed : { element: moved, done: isFull ? 'kept' : 'shifted', rule: 'date' };
    }
    const kept = keptUnnamed(tag, element, this.#context);
    return kept === undefined ? removed : { element: kept, done: 'kept', rule: 'unnamed' };
  }

  #sequence(tag: string, element: DicomJsonElement, decision: Decision, at: { path: string; depth: number }): Outcome {
    const { profile } = this.#context;
    const isContent = tag === CONTENT_SEQUENCE;
    const items = itemsOf(element).filter((item) => !isContent || isKeptContent(item, profile.options, this.#context));
    const Value = items.map((item, index) => this.item(item, `${at.path}/${index}`, at.depth + 1));
    const done = decision.code === 'K' ? 'kept' : 'cleaned';
    return { element: { vr: 'SQ', ...(Value.length === 0 ? {} : { Value }) }, done, rule: isContent ? 'structured' : 'table' };
  }
}

/** Documents and sound: who speaks in them or is named can't be taken out. */
function refuse(json: DicomJsonObject, { numbers }: Identity): void {
  const sopClass = jsonString(json, '00080016') ?? '';
  if ('00420011' in json || sopClass.startsWith('1.2.840.10008.5.1.4.1.1.104.')) throw new DeidRefusal('ENCAPSULATED_DOCUMENT');
  if (sopClass.startsWith('1.2.840.10008.5.1.4.1.1.9.4.')) throw new DeidRefusal('WAVEFORM_OR_OTHER');
  if (!isWellKnownUid(sopClass) || hasNumber(sopClass, numbers)) throw new DeidRefusal('NO_SOP_CLASS');
}

/**
 * De-identifies a dataset by the basic profile of PS3.15 Annex E and the options of the profile. Pixel Data is left as it is: see burnedIn. Fails with
 * DeidRefusal for an instance of which nothing may leave, and with RangeError for options that exclude each other.
 */
export function deidentifyDataset(json: DicomJsonObject, profile: DeidProfile, substitutes: DeidSubstitutes): DeidDataset {
  const { options } = profile;
  if (options.has('retainFullDates') && options.has('retainModifiedDates'))
    throw new RangeError('Dates are kept as they are, or moved: not both.');
  const named = identityOf(json);
  refuse(json, named);
  const cleaner = new Cleaner({ profile, substitutes, ...named });
  const cleaned = cleaner.item(json, '', 0);
  const method = methodAttributes(options);
  const added = Object.keys(method).map((path): DeidAction => ({ path, done: 'added', rule: 'method' }));
  const identity: DicomJsonObject = {
    [PATIENT_NAME]: { vr: 'PN', Value: [{ Alphabetic: substitutes.patientName }] },
    [PATIENT_ID]: { vr: 'LO', Value: [substitutes.patientId] },
  };
  return { output: { ...cleaned, ...identity, ...method }, actions: [...cleaner.actions, ...added], codes: codesOf(options) };
}

/**
 * A dataset as a profile shows it to who may ask this server for more of it, by the same table: nothing is refused, for it is no file that leaves, and it doesn't
 * say that it was de-identified. It is judged by what itself and `named` say of the patient: a part of a dataset may lack the name. A UID that names somebody is an empty value.
 */
export function shownDataset(json: DicomJsonObject, profile: DeidProfile, named: DicomJsonObject): DicomJsonObject {
  const identity: Identity = {
    naming: namingWords(json, new Set(namingWords(named))),
    numbers: namingNumbers(json, new Set(namingNumbers(named))),
  };
  const substitutes = { uid: () => '', patientId: '', patientName: '', shiftDays: 0 };
  return new Cleaner({ profile, substitutes, ...identity }).item(json, '', 0);
}

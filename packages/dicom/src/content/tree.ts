import { readItems, readNumber, readNumbers, readPersonName, readString, readStrings, readText } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';
import { type ContentGraphic, graphicOf } from './graphic.ts';

/** Tags of structured documents (PS3.3 C.17.3, C.18). */
const SR = {
  ReferencedSOPSequence: '00081199',
  ReferencedSOPInstanceUID: '00081155',
  ReferencedFrameNumber: '00081160',
  CodeValue: '00080100',
  CodeMeaning: '00080104',
  MeasurementUnitsCodeSequence: '004008EA',
  RelationshipType: '0040A010',
  ValueType: '0040A040',
  ConceptNameCodeSequence: '0040A043',
  DateTime: '0040A120',
  Date: '0040A121',
  Time: '0040A122',
  PersonName: '0040A123',
  UID: '0040A124',
  TextValue: '0040A160',
  ConceptCodeSequence: '0040A168',
  MeasuredValueSequence: '0040A300',
  NumericValue: '0040A30A',
  ContentSequence: '0040A730',
  GraphicType: '00700023',
  ReferencedContentItemIdentifier: '0040DB73',
} as const;

/** A content item as people read it: whatever the template, whoever wrote it. */
export interface ContentNode {
  /** Value Type (0040,A040), or empty. */
  readonly type: string;
  readonly name: string | undefined;
  readonly text: string | undefined;
  /** The image that is meant, and its frames where they are named. */
  readonly reference: ContentReference | undefined;
  /** Points that it gives. */
  readonly graphic?: ContentGraphic | undefined;
  /** Another item of this document that is meant in place of one below (PS3.3 C.17.3.2.5): its place, from the root's 1 on. Nobody follows it on its own. */
  readonly refersTo?: readonly number[] | undefined;
  /** It says more of its parent, as an observer or a modifier, and stands beside the parent's text. */
  readonly isContext: boolean;
  readonly children: readonly ContentNode[];
}

export interface ContentReference {
  readonly sopInstanceUid: string;
  readonly frames: readonly number[];
}

export interface ContentTree {
  readonly root: ContentNode;
  /** Items past the limit are left out: a document of that length is read as a file. */
  readonly isWhole: boolean;
}

const MOST_ITEMS = 5_000;
/** Deeper than any file may be (64 sequences within each other) and than any template is. */
const DEEPEST = 128;
const CONTEXT = new Set(['HAS OBS CONTEXT', 'HAS CONCEPT MOD', 'HAS ACQ CONTEXT', 'HAS PROPERTIES']);

const meaningOf = (item: DicomJsonObject | undefined, tag: string): string | undefined => {
  const [code] = readItems(item, tag);
  return readString(code, SR.CodeMeaning) ?? readString(code, SR.CodeValue);
};

/** Units as people write them, by their code. */
const UNITS: ReadonlyMap<string, string> = new Map([
  ["[hnsf'U]", 'HU'],
  ['{SUVbw}g/ml', 'SUV'],
  ['g/ml{SUVbw}', 'SUV'],
  ['mm2', 'mm²'],
  ['mm3', 'mm³'],
  ['deg', '°'],
]);

function numberText(item: DicomJsonObject): string | undefined {
  const [measured] = readItems(item, SR.MeasuredValueSequence);
  const value = readStrings(measured, SR.NumericValue)[0] ?? readNumber(measured, SR.NumericValue)?.toString();
  if (value === undefined) return undefined;
  const [unit] = readItems(measured, SR.MeasurementUnitsCodeSequence);
  const code = readString(unit, SR.CodeValue);
  // 1 and what stands in braces are no units (UCUM 2.3.3).
  const shown = code === undefined || code === '1' ? undefined : /^\{.*\}$/.test(code) ? code.slice(1, -1) : code;
  return [value, shown && (UNITS.get(shown) ?? shown)].filter(Boolean).join(' ');
}

/** By the kind of value (PS3.3 Table C.17.3-7). */
const TEXT_OF: Readonly<Record<string, (item: DicomJsonObject) => string | undefined>> = {
  TEXT: (item) => readText(item, SR.TextValue),
  CODE: (item) => meaningOf(item, SR.ConceptCodeSequence),
  NUM: numberText,
  DATETIME: (item) => readString(item, SR.DateTime),
  DATE: (item) => readString(item, SR.Date),
  TIME: (item) => readString(item, SR.Time),
  PNAME: (item) => readPersonName(item, SR.PersonName)?.replaceAll('^', ' ').trim(),
  UIDREF: (item) => readString(item, SR.UID),
  SCOORD: (item) => readString(item, SR.GraphicType),
  SCOORD3D: (item) => readString(item, SR.GraphicType),
};

function referenceOf(item: DicomJsonObject): ContentReference | undefined {
  const [referred] = readItems(item, SR.ReferencedSOPSequence);
  const sopInstanceUid = readString(referred, SR.ReferencedSOPInstanceUID);
  if (sopInstanceUid === undefined) return undefined;
  return { sopInstanceUid, frames: readNumbers(referred, SR.ReferencedFrameNumber) ?? [] };
}

/** The content of a structured report or key object selection as a tree; undefined for what is none. Takes any template, and any nonsense. */
export function contentTreeOf(dataset: DicomJsonObject): ContentTree | undefined {
  if (dataset[SR.ContentSequence] === undefined && readString(dataset, SR.ValueType) !== 'CONTAINER') return undefined;
  let left = MOST_ITEMS;
  let isWhole = true;
  const nodeOf = (item: DicomJsonObject, depth: number): ContentNode => {
    left -= 1;
    const type = readString(item, SR.ValueType) ?? '';
    const items = readItems(item, SR.ContentSequence);
    const children: ContentNode[] = [];
    for (const child of items) {
      if (left <= 0 || depth >= DEEPEST) {
        isWhole = false;
        break;
      }
      children.push(nodeOf(child, depth + 1));
    }
    return {
      type,
      name: meaningOf(item, SR.ConceptNameCodeSequence),
      text: Object.hasOwn(TEXT_OF, type) ? TEXT_OF[type]?.(item) : undefined,
      reference: referenceOf(item),
      graphic: graphicOf(item, type),
      refersTo: readNumbers(item, SR.ReferencedContentItemIdentifier),
      isContext: CONTEXT.has(readString(item, SR.RelationshipType) ?? ''),
      children,
    };
  };
  const root = nodeOf(dataset, 0);
  return { root, isWhole };
}

/** The item that a reference within the document means; undefined where there is none. */
export function itemAt({ root }: ContentTree, place: readonly number[]): ContentNode | undefined {
  const [first, ...steps] = place;
  return steps.reduce<ContentNode | undefined>((node, step) => node?.children[step - 1], first === 1 ? root : undefined);
}

/** Every image that a document refers to, each frame once, in order. */
export function referencesOf({ root }: ContentTree): ContentReference[] {
  const own = root.reference === undefined ? [] : [root.reference];
  return [...own, ...root.children.flatMap((child) => referencesOf({ root: child, isWhole: true }))];
}

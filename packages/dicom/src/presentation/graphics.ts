import { readItems, readNumber, readNumbers, readString, readText } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';
import type { StateLayer } from './layers.ts';
import { scopeOf } from './references.ts';
import type { GraphicKind, StateAnnotation, StateGraphic, StateNote, StatePoint, StateText, StateUnits } from './types.ts';

type Note = (note: StateNote) => void;

/** What one state may draw: more is no reading but an attack, and is told. */
const MOST_OBJECTS = 2000;
export const MOST_POINTS = 50_000;
const LONGEST_TEXT = 2000;
const LIGHT = [255, 255, 255] as const;

const KINDS: ReadonlyMap<string, readonly [GraphicKind, least: number, most: number]> = new Map([
  ['POINT', ['point', 1, 1]],
  ['POLYLINE', ['polyline', 2, MOST_POINTS]],
  ['INTERPOLATED', ['interpolated', 2, MOST_POINTS]],
  ['CIRCLE', ['circle', 2, 2]],
  ['ELLIPSE', ['ellipse', 4, 4]],
]);

function unitsOf(item: DicomJsonObject, tag: string, note: Note): StateUnits | undefined {
  const text = readString(item, tag);
  if (text === 'PIXEL') return 'pixel';
  if (text === 'DISPLAY') return 'display';
  note(text === 'MATRIX' ? 'matrix' : 'damaged');
  return undefined;
}

function pointsOf(item: DicomJsonObject, tag: string): StatePoint[] | undefined {
  const length = item[tag]?.Value?.length ?? 0;
  if (length === 0 || length % 2 !== 0 || length > 2 * MOST_POINTS) return undefined;
  const values = readNumbers(item, tag);
  return values && Array.from({ length: length / 2 }, (_, at): StatePoint => [values[2 * at] ?? 0, values[2 * at + 1] ?? 0]);
}

const pointOf = (item: DicomJsonObject, tag: string): StatePoint | undefined => {
  const points = pointsOf(item, tag);
  return points?.length === 1 ? points[0] : undefined;
};

/** A graphic object (PS3.3 C.10.5.2); undefined, and told, where its data make none. */
function graphicOf(item: DicomJsonObject, note: Note): StateGraphic | undefined {
  const [kind, least, most] = KINDS.get(readString(item, '00700023') ?? '') ?? [];
  const points = pointsOf(item, '00700022');
  const announced = readNumber(item, '00700021');
  if (kind === undefined || points === undefined || points.length < (least ?? 1) || points.length > (most ?? 0)) {
    // What is long stays in the file when a header is read, unless `withLongLines` had it.
    const { Value = [], BulkDataURI } = item['00700022'] ?? {};
    note(BulkDataURI !== undefined || Value.length > 2 * MOST_POINTS ? 'tooMany' : 'damaged');
    return undefined;
  }
  if ((announced ?? points.length) !== points.length || (readNumber(item, '00700020') ?? 2) !== 2) {
    note('damaged');
    return undefined;
  }
  const units = unitsOf(item, '00700005', note);
  return units && { kind, units, points, isFilled: readString(item, '00700024') === 'Y' };
}

const ALIGN: ReadonlyMap<string, 'left' | 'center' | 'right'> = new Map([
  ['LEFT', 'left'],
  ['CENTER', 'center'],
  ['RIGHT', 'right'],
]);

function boxOf(item: DicomJsonObject, note: Note): StateText['box'] {
  const [from, to] = [pointOf(item, '00700010'), pointOf(item, '00700011')];
  if (from === undefined || to === undefined) return undefined;
  const units = unitsOf(item, '00700003', note);
  return units && { units, from, to, align: ALIGN.get(readString(item, '00700012') ?? '') ?? 'left' };
}

function anchorOf(item: DicomJsonObject, note: Note): StateText['anchor'] {
  const at = pointOf(item, '00700014');
  if (at === undefined) return undefined;
  const units = unitsOf(item, '00700004', note);
  return units && { units, at, isVisible: readString(item, '00700015') === 'Y' };
}

/** A text object (C.10.5.1): it needs a box or an anchor to stand by. */
function textOf(item: DicomJsonObject, note: Note): StateText | undefined {
  const text = readText(item, '00700006');
  const [box, anchor] = [boxOf(item, note), anchorOf(item, note)];
  if (text === undefined || (box === undefined && anchor === undefined)) {
    note('damaged');
    return undefined;
  }
  if (text.length > LONGEST_TEXT) note('tooMany');
  return { text: text.slice(0, LONGEST_TEXT), box, anchor };
}

const STYLES = ['00700231', '00700232', '00700233'] as const;

/** The annotations of a state in the order of their layers (C.10.7), then as they stand; `left` counts down over all of them. */
export function annotationsOf(dataset: DicomJsonObject, layers: ReadonlyMap<string, StateLayer>, note: Note): StateAnnotation[] {
  const left = { objects: MOST_OBJECTS, points: MOST_POINTS };
  const take = <T extends StateGraphic | StateText>(
    items: readonly DicomJsonObject[],
    read: (item: DicomJsonObject) => T | undefined,
  ): T[] => {
    const taken: T[] = [];
    for (const item of items) {
      if (left.objects <= 0 || left.points <= 0) {
        note('tooMany');
        break;
      }
      left.objects -= 1;
      if (STYLES.some((tag) => item[tag] !== undefined)) note('styles');
      const one = read(item);
      if (one === undefined) continue;
      if ('points' in one) left.points -= one.points.length;
      taken.push(one);
    }
    return taken;
  };
  const annotations = readItems(dataset, '00700001').map((item) => {
    const layer = readString(item, '00700002') ?? '';
    if (readItems(item, '00700209').length > 0) note('compound');
    return {
      scope: scopeOf(item),
      layer,
      color: layers.get(layer)?.color ?? LIGHT,
      graphics: take(readItems(item, '00700009'), (one) => graphicOf(one, note)),
      texts: take(readItems(item, '00700008'), (one) => textOf(one, note)),
    };
  });
  const orderOf = (name: string): number => layers.get(name)?.order ?? Number.MAX_SAFE_INTEGER;
  return annotations.sort((a, b) => orderOf(a.layer) - orderOf(b.layer));
}

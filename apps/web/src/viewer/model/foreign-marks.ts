import type { ContentGraphic } from '@negatoscope/dicom';
import { type ContentNode, type ContentReference, type ContentTree, itemAt } from '@negatoscope/dicom';
import { placedPoints } from '../annotations/placed-points.ts';
import type { PixelPoint } from './calibration.ts';
import type { FrameModel } from './study-model.ts';

/** What a structured report has drawn on images, whatever its template. */
export interface ForeignMark {
  /** What the report says of it: a value, or those of the region that it is. */
  readonly lines: readonly string[];
  readonly graphic: ContentGraphic;
  /** The images that its points lie on; none for points in patient space. */
  readonly on: readonly ContentReference[];
}

const MOST_MARKS = 1_000;
const MOST_LINES = 6;
const LONGEST_LINE = 60;

const short = (line: string): string => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1)}…` : line);

/** How a value was derived, as `Mean`; other context says nothing beside a drawing. */
const derivationOf = ({ children }: ContentNode): string | undefined =>
  children.find(({ isContext, type, text }) => isContext && type === 'CODE' && text !== undefined)?.text;

function lineOf(node: ContentNode): string | undefined {
  if (node.text === undefined) return undefined;
  const name = [node.name, derivationOf(node)].filter(Boolean).join(', ');
  return short([name, node.text].filter(Boolean).join(' : '));
}

/** What stands beside a drawing: the item that it was inferred for, or the values of the group that it is in. */
function linesOf(node: ContentNode, parent: ContentNode): string[] {
  const own = parent.type === 'CONTAINER' ? undefined : lineOf(parent);
  if (own !== undefined) return [own];
  const values = parent.children.filter(({ type }) => type === 'NUM').flatMap((one) => lineOf(one) ?? []);
  if (values.length > 0) return values.slice(0, MOST_LINES);
  const name = node.name ?? parent.name;
  return name === undefined ? [] : [short(name)];
}

/** The images that points were selected from: below them, or named by their place in the document. */
function imagesOf(tree: ContentTree, node: ContentNode): ContentReference[] {
  return node.children.flatMap((child) => {
    const meant = child.refersTo === undefined ? child : itemAt(tree, child.refersTo);
    return meant?.reference === undefined ? [] : [meant.reference];
  });
}

/** Everything that a document has drawn, in its order; what is malformed, or names no image, costs only itself. */
export function marksOf(tree: ContentTree): ForeignMark[] {
  const marks: ForeignMark[] = [];
  const open: { readonly node: ContentNode; readonly parent: ContentNode }[] = [{ node: tree.root, parent: tree.root }];
  for (let next = open.pop(); next !== undefined && marks.length < MOST_MARKS; next = open.pop()) {
    const { node, parent } = next;
    for (const child of [...node.children].reverse()) open.push({ node: child, parent: node });
    const { graphic } = node;
    if (graphic === undefined) continue;
    const on = graphic.space === 'PIXEL' ? imagesOf(tree, node) : [];
    if (graphic.space === 'PATIENT' || on.length > 0) marks.push({ lines: linesOf(node, parent), graphic, on });
  }
  return marks;
}

/** The marks of many documents by where they may lie, so that a frame that is scrolled to asks few of them. */
export interface MarkIndex<T> {
  readonly byImage: ReadonlyMap<string, readonly T[]>;
  readonly inSpace: readonly T[];
}

/** Marks of all documents together; what is over is left out. */
const MOST_IN_ALL = 3_000;

export function indexOfMarks<T extends { readonly mark: ForeignMark }>(all: readonly T[]): MarkIndex<T> {
  const byImage = new Map<string, T[]>();
  const inSpace: T[] = [];
  for (const one of all.slice(0, MOST_IN_ALL)) {
    if (one.mark.graphic.space === 'PATIENT') inSpace.push(one);
    for (const uid of new Set(one.mark.on.map(({ sopInstanceUid }) => sopInstanceUid))) {
      const known = byImage.get(uid);
      if (known === undefined) byImage.set(uid, [one]);
      else known.push(one);
    }
  }
  return { byImage, inSpace };
}

const isOn = ({ sopInstanceUid, frames }: ContentReference, frame: FrameModel): boolean =>
  sopInstanceUid === frame.sopInstanceUid && (frames.length === 0 || frames.includes(frame.frameNumber));

/** The points of a mark in pixels of a frame that it lies on; undefined for other frames. */
export function pointsOn({ graphic, on }: ForeignMark, frame: FrameModel): readonly PixelPoint[] | undefined {
  const { space, frameOfReferenceUid = '' } = graphic;
  const points = [...graphic.points];
  if (space === 'PATIENT') return placedPoints({ space, frameOfReferenceUid, points }, frame);
  return on.some((one) => isOn(one, frame)) ? placedPoints({ space, points }, frame) : undefined;
}

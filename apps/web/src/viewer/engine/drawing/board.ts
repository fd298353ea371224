import type { AnnotationKind } from '@negatoscope/contract';
import { placedPoints, placedText } from '../../annotations/placed-points.ts';
import { type Affine, inverse, mapped } from '../../model/affine.ts';
import { type Held, heldAt, pulled } from '../../model/bending.ts';
import type { PixelPoint } from '../../model/calibration.ts';
import { Gesture } from '../../model/gestures.ts';
import { plus, translated, withHandleAt } from '../../model/handles.ts';
import { type Box, hitOf, type Part, shapeOf } from '../../model/shapes.ts';
import type { FrameModel } from '../../model/study-model.ts';
import type { Drawn } from '../measurements.ts';

/** The frame that is drawn and where it lies on the screen. */
export interface DrawnPlace {
  readonly frame: FrameModel;
  /** Takes pixels of the image to those of the pane (CSS px). */
  readonly toPane: Affine;
}

export interface BoardPorts {
  /** Undefined while there is no image, or it is not the one that was asked for. */
  readonly place: () => DrawnPlace | undefined;
  readonly items: () => readonly Drawn[];
  /** Where the text of an annotation stands, when it is drawn. */
  readonly textBox: (id: string) => Box | undefined;
  readonly selected: () => string | undefined;
  readonly select: (id: string | undefined) => void;
  readonly finish: (kind: AnnotationKind, points: readonly PixelPoint[], frame: FrameModel) => void;
  /** `textAt`: the middle of its text where that was moved. */
  readonly change: (id: string, points: readonly PixelPoint[], textAt: PixelPoint | undefined) => void;
  readonly redraw: () => void;
}

/** An annotation and its text, in pixels of the image. */
interface Lying {
  readonly points: readonly PixelPoint[];
  /** Undefined while its text has no place of its own. */
  readonly textAt: PixelPoint | undefined;
}

/** What a pointer, or a key, does to an annotation that is there. */
interface Edit {
  readonly item: Drawn;
  readonly before: Lying;
  readonly part: number | 'whole' | 'text' | Held;
  readonly from: PixelPoint;
  readonly frame: FrameModel;
  /** How far keys have moved it, px of the pane; undefined where a pointer does. */
  readonly byKeys: PixelPoint | undefined;
  now: Lying;
}

interface Hit {
  readonly item: Drawn;
  readonly lying: Lying;
  readonly part: Part;
}

/** What is under way on a pane, in pixels of the image. */
export interface Pending extends Lying {
  readonly kind: AnnotationKind;
  /** The annotation that is changed; undefined for a new one. */
  readonly id: string | undefined;
}

export const aspectOf = ({ drawingSpacing: { rowMm, columnMm } }: FrameModel): number => rowMm / columnMm;

/** Drawing and changing on one pane. Knows no DOM: it is told of places on the pane, in CSS px. */
export class DrawingBoard {
  readonly #ports: BoardPorts;
  #gesture: { readonly gesture: Gesture; readonly frame: FrameModel } | undefined;
  #edit: Edit | undefined;
  #hovered: string | undefined;

  constructor(ports: BoardPorts) {
    this.#ports = ports;
  }

  get hovered(): string | undefined {
    return this.#hovered;
  }

  get pending(): Pending | undefined {
    if (this.#edit !== undefined) return { kind: this.#edit.item.kind, ...this.#edit.now, id: this.#edit.item.id };
    const gesture = this.#gesture?.gesture;
    return gesture && { kind: gesture.kind, points: gesture.points, textAt: undefined, id: undefined };
  }

  /** What one may change and lies within reach of a place. Where a tool draws, a text beside a drawing is in nobody's way unless that is selected. */
  hit(at: PixelPoint, reach: number, isDrawing = false): Hit | undefined {
    const place = this.#ports.place();
    if (place === undefined) return undefined;
    const selected = this.#ports.selected();
    const hits = this.#ports.items().flatMap((item) => {
      const lying = lyingOn(place.frame, item);
      if (lying === undefined) return [];
      const inPane = lying.points.map((point) => mapped(place.toPane, point));
      const { grip, ...shape } = shapeOf(item.kind, inPane);
      const isSelected = item.id === selected;
      const text = isDrawing && !isSelected && item.kind !== 'TEXT' ? undefined : this.#ports.textBox(item.id);
      const part = hitOf(isSelected ? { ...shape, grip } : shape, text, at, reach);
      return part === undefined ? [] : [{ item, lying, part }];
    });
    // A text never keeps somebody from the drawing under it.
    return hits.find(({ item }) => item.id === selected) ?? hits.findLast(({ part }) => part !== 'text') ?? hits.at(-1);
  }

  /** True when the pointer is ours from now on. `kind`: what the chosen tool draws, if it does. */
  press(at: PixelPoint, kind: AnnotationKind | undefined, reach: number): boolean {
    const place = this.#ports.place();
    const point = place === undefined ? undefined : this.#toImage(place, at);
    // A reader must see the image, and no other, on which they draw.
    if (place === undefined || point === undefined) return kind !== undefined;
    if (this.#gesture === undefined) {
      const hit = this.hit(at, reach, kind !== undefined);
      if (hit !== undefined && (kind !== undefined || hit.item.id === this.#ports.selected())) {
        this.settle();
        this.#edit = this.#begun(hit, point, place);
        this.#ports.select(hit.item.id);
        return true;
      }
      if (kind === undefined) return false;
      this.#ports.select(undefined);
      this.#gesture = { gesture: new Gesture(kind, aspectOf(place.frame)), frame: place.frame };
    }
    this.#gesture.gesture.press(point);
    this.#ports.redraw();
    return true;
  }

  move(at: PixelPoint, isPressed: boolean, reach: number): void {
    const place = this.#ports.place();
    const point = place === undefined ? undefined : this.#toImage(place, at);
    if (place === undefined || point === undefined) return;
    if (this.#edit !== undefined && this.#edit.byKeys === undefined) this.#edit.now = changed(this.#edit, point);
    else if (this.#gesture !== undefined) this.#gesture.gesture.move(point, isPressed);
    else {
      const hovered = isPressed ? this.#hovered : this.hit(at, reach)?.item.id;
      if (hovered === this.#hovered) return;
      this.#hovered = hovered;
    }
    this.#ports.redraw();
  }

  /** `isClick`: the pointer has not moved since it went down. */
  release(at: PixelPoint, isClick: boolean): void {
    const place = this.#ports.place();
    const point = place === undefined ? undefined : this.#toImage(place, at);
    const [edit, drawing] = [this.#edit, this.#gesture];
    this.#edit = undefined;
    if (edit !== undefined) {
      if (!isClick || edit.byKeys !== undefined) this.#keep(edit);
    } else if (drawing !== undefined && point !== undefined && drawing.gesture.release(point, isClick)) {
      this.#gesture = undefined;
      if (drawing.gesture.isSomething) this.#ports.finish(drawing.gesture.kind, drawing.gesture.points, drawing.frame);
    }
    this.#ports.redraw();
  }

  /** Moves the text of an annotation by keys, px of the pane; kept once `settle` is called. False where there is none to be moved. */
  moveText(item: Drawn, by: PixelPoint): boolean {
    if (this.#edit?.item.id !== item.id) this.settle();
    const place = this.#ports.place();
    if (place === undefined || this.#gesture !== undefined) return false;
    const edit = this.#edit ?? this.#begunByKeys(item, place);
    if (edit?.byKeys === undefined) return false;
    const byKeys = plus(edit.byKeys, by);
    const to = this.#toImage(place, plus(mapped(place.toPane, edit.from), byKeys));
    this.#edit = { ...edit, byKeys, now: to === undefined ? edit.now : changed(edit, to) };
    this.#ports.select(item.id);
    this.#ports.redraw();
    return true;
  }

  /** Keeps what keys have moved. */
  settle(): void {
    const edit = this.#edit;
    if (edit?.byKeys === undefined) return;
    this.#edit = undefined;
    this.#keep(edit);
    this.#ports.redraw();
  }

  /** Nothing of what is under way stays; false when nothing was. */
  cancel(): boolean {
    const isUnderWay = this.#edit !== undefined || this.#gesture !== undefined;
    this.#edit = undefined;
    this.#gesture = undefined;
    this.#hovered = undefined;
    if (isUnderWay) this.#ports.redraw();
    return isUnderWay;
  }

  /** What was begun on another frame than the one that is drawn now is given up. */
  keepTo(frame: FrameModel | undefined): void {
    const begun = this.#edit?.frame ?? this.#gesture?.frame;
    if (begun === undefined || begun === frame) return;
    this.settle();
    this.cancel();
  }

  #keep({ item, now }: Edit): void {
    this.#ports.change(item.id, now.points, now.textAt);
  }

  #begun({ item, lying, part }: Hit, from: PixelPoint, place: DrawnPlace): Edit {
    const edit = { item, before: lying, from, frame: place.frame, byKeys: undefined, now: lying };
    if (part === 'line' && item.kind === 'FREEHAND') return { ...edit, part: heldAt(lying.points, from, aspectOf(place.frame)) };
    if (part === 'text' && item.kind !== 'TEXT')
      return { ...edit, part, before: { ...lying, textAt: this.#textOf(item, lying, place) } };
    return { ...edit, part: typeof part === 'number' ? part : 'whole' };
  }

  #begunByKeys(item: Drawn, place: DrawnPlace): Edit | undefined {
    const lying = lyingOn(place.frame, item);
    const from = lying && this.#textOf(item, lying, place);
    return from && { ...this.#begun({ item, lying, part: 'text' }, from, place), byKeys: [0, 0] };
  }

  /** The middle of a text, in pixels of the image: where it was put, or where it stands now. */
  #textOf({ id }: Drawn, { textAt }: Lying, place: DrawnPlace): PixelPoint | undefined {
    const box = this.#ports.textBox(id);
    if (textAt !== undefined || box === undefined) return textAt;
    return this.#toImage(place, [box.x + box.width / 2, box.y + box.height / 2]);
  }

  #toImage({ toPane }: DrawnPlace, at: PixelPoint): PixelPoint | undefined {
    const back = inverse(toPane);
    return back === undefined ? undefined : mapped(back, at);
  }
}

/** How what one may change lies on a frame; undefined where it does not, or is somebody else's. */
function lyingOn(frame: FrameModel, { mayChange, geometry }: Drawn): Lying | undefined {
  const points = mayChange && geometry.space === 'PIXEL' ? placedPoints(geometry, frame) : undefined;
  return points && { points, textAt: placedText(geometry, frame) };
}

/** A text stays where it is found again: beside its picture at most as far as that is wide or high, which is what the server takes. */
const nearPicture = ({ columns, rows }: FrameModel, [x, y]: PixelPoint): PixelPoint => [
  Math.min(2 * columns, Math.max(-columns, x)),
  Math.min(2 * rows, Math.max(-rows, y)),
];

/** What a move makes of an annotation. Its text stays where it was put when a point or a line is moved, and goes along with the whole. */
function changed({ item: { kind }, before, part, from, frame }: Omit<Edit, 'now'>, to: PixelPoint): Lying {
  const { points, textAt } = before;
  const by: PixelPoint = [to[0] - from[0], to[1] - from[1]];
  const moved = textAt && nearPicture(frame, plus(textAt, by));
  if (part === 'text') return { points, textAt: moved };
  if (part === 'whole') return { points: translated(points, by), textAt: moved };
  if (typeof part === 'number') return { points: withHandleAt(kind, points, part, to, aspectOf(frame)), textAt };
  return { points: pulled(part, by), textAt };
}

import type { AnnotationKind } from '@negatoscope/contract';
import { placedPoints } from '../../annotations/placed-points.ts';
import { type Affine, inverse, mapped } from '../../model/affine.ts';
import type { PixelPoint } from '../../model/calibration.ts';
import { Gesture } from '../../model/gestures.ts';
import { translated, withHandleAt } from '../../model/handles.ts';
import { type Box, hitOf, shapeOf } from '../../model/shapes.ts';
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
  readonly change: (id: string, points: readonly PixelPoint[]) => void;
  readonly redraw: () => void;
}

/** What a pointer does to an annotation that is there. */
interface Edit {
  readonly item: Drawn;
  readonly before: readonly PixelPoint[];
  readonly part: number | 'whole';
  readonly from: PixelPoint;
  readonly frame: FrameModel;
  now: readonly PixelPoint[];
}

interface Hit {
  readonly item: Drawn;
  readonly points: readonly PixelPoint[];
  readonly part: number | 'whole';
}

/** What is under way on a pane, in pixels of the image. */
export interface Pending {
  readonly kind: AnnotationKind;
  readonly points: readonly PixelPoint[];
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
    if (this.#edit !== undefined) return { kind: this.#edit.item.kind, points: this.#edit.now, id: this.#edit.item.id };
    const gesture = this.#gesture?.gesture;
    return gesture === undefined ? undefined : { kind: gesture.kind, points: gesture.points, id: undefined };
  }

  /** What one may change and lies within reach of a place. */
  hit(at: PixelPoint, reach: number): Hit | undefined {
    const place = this.#ports.place();
    if (place === undefined) return undefined;
    const hits = this.#ports.items().flatMap((item) => {
      const points = item.mayChange && item.geometry.space === 'PIXEL' ? placedPoints(item.geometry, place.frame) : undefined;
      if (points === undefined) return [];
      const shape = shapeOf(
        item.kind,
        points.map((point) => mapped(place.toPane, point)),
      );
      const part = hitOf(shape, item.label === null ? undefined : this.#ports.textBox(item.id), at, reach);
      return part === undefined ? [] : [{ item, points, part }];
    });
    return hits.find(({ item }) => item.id === this.#ports.selected()) ?? hits.at(-1);
  }

  /** True when the pointer is ours from now on. `kind`: what the chosen tool draws, if it does. */
  press(at: PixelPoint, kind: AnnotationKind | undefined, reach: number): boolean {
    const place = this.#ports.place();
    const point = place === undefined ? undefined : this.#toImage(place, at);
    // A reader must see the image, and no other, on which they draw.
    if (place === undefined || point === undefined) return kind !== undefined;
    if (this.#gesture === undefined) {
      const hit = this.hit(at, reach);
      if (hit !== undefined && (kind !== undefined || hit.item.id === this.#ports.selected())) {
        const { item, points, part } = hit;
        this.#edit = { item, before: points, now: points, part, from: point, frame: place.frame };
        this.#ports.select(item.id);
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
    if (this.#edit !== undefined) this.#edit.now = this.#changed(this.#edit, point);
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
      if (!isClick) this.#ports.change(edit.item.id, edit.now);
    } else if (drawing !== undefined && point !== undefined && drawing.gesture.release(point, isClick)) {
      this.#gesture = undefined;
      if (drawing.gesture.isSomething) this.#ports.finish(drawing.gesture.kind, drawing.gesture.points, drawing.frame);
    }
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
    if (begun !== undefined && begun !== frame) this.cancel();
  }

  #changed({ item: { kind }, before, part, from, frame }: Edit, to: PixelPoint): readonly PixelPoint[] {
    if (part === 'whole') return translated(before, [to[0] - from[0], to[1] - from[1]]);
    return withHandleAt(kind, before, part, to, aspectOf(frame));
  }

  #toImage({ toPane }: DrawnPlace, at: PixelPoint): PixelPoint | undefined {
    const back = inverse(toPane);
    return back === undefined ? undefined : mapped(back, at);
  }
}

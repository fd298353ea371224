import { Enums, type Types } from '@cornerstonejs/core';
import type { AnnotationKind } from '@negatoscope/contract';
import { pixelGeometry } from '../../annotations/placed-points.ts';
import type { MeasurementLabels } from '../../annotations/texts.ts';
import { inverse, mapped } from '../../model/affine.ts';
import type { PixelPoint } from '../../model/calibration.ts';
import type { FrameModel, SeriesModel } from '../../model/study-model.ts';
import type { Drawn, Measurements } from '../measurements.ts';
import type { Pane } from '../pane.ts';
import { canvasAxes } from '../pane-geometry.ts';
import { isWaiting } from '../snapshot.ts';
import type { ToolId } from '../tools.ts';
import { DrawingBoard, type DrawnPlace } from './board.ts';
import { drawingCounts } from './counts.ts';
import { saidOf, textLines } from './figures.ts';
import { DrawingLayer, type DrawnFigure, type Figure } from './layer.ts';
import { attachMagnifier } from './magnifier.ts';
import { attachDrawing } from './pointer.ts';

export interface PaneDrawingPorts {
  readonly pane: Pane;
  readonly viewport: () => Types.IStackViewport | undefined;
  readonly measurements: Measurements;
  readonly words: () => MeasurementLabels;
  readonly textSize: () => number;
  readonly toolOf: (button: number) => ToolId;
}

const { IMAGE_RENDERED, CAMERA_MODIFIED } = Enums.Events;
const PENDING = 'pending';
const CURSOR = 'cursor';
const NO_LINES: readonly string[] = [];

/** Nothing is within reach of the keyboard: it sets points, it takes hold of nothing. */
const NO_REACH = -1;
const FAST_STEP = 10;
/** Steps of a text, px of the pane. */
const TEXT_PX = 8;
const FAST_TEXT_PX = 40;
const ARROWS: Readonly<Record<string, PixelPoint>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What is drawn over the image of one pane, and drawing there. */
export class PaneDrawing {
  readonly board: DrawingBoard;
  readonly #ports: PaneDrawingPorts;
  readonly #layer: DrawingLayer;
  readonly #stops: (() => void)[];
  /** The frame that is painted: what is drawn belongs to it, and to no other that is on its way. */
  #painted: FrameModel | undefined;
  #handle: number | undefined;
  /** Where the keyboard would set a point, in pixels of the image, and of which series; undefined while it does not draw. */
  #begun: { readonly at: PixelPoint; readonly series: SeriesModel | undefined } | undefined;

  constructor(element: HTMLDivElement, ports: PaneDrawingPorts) {
    this.#ports = ports;
    this.#layer = new DrawingLayer(element);
    const { pane, measurements } = ports;
    this.board = new DrawingBoard({
      place: () => (isWaiting(pane.getSnapshot()) ? undefined : this.#place()),
      items: () => this.#items(),
      textBox: (id) => this.#layer.textBox(id),
      selected: measurements.getSelected,
      select: measurements.select,
      finish: (kind, points, frame) => {
        const at = this.#onPane(points[kind === 'ARROW' ? 1 : 0] ?? [0, 0]);
        measurements.finish(kind, points, frame, { paneId: pane.id, at });
      },
      change: measurements.move,
      redraw: () => this.redraw(),
    });
    this.#stops = [
      attachDrawing(element, {
        board: this.board,
        toolOf: ports.toolOf,
        stopPlaying: () => pane.cine.stop(),
        select: (at, reach) => measurements.select(this.board.hit(at, reach)?.item.id),
        editText: (at, reach) => this.#editText(at, reach),
      }),
      attachMagnifier(element, { toolOf: ports.toolOf, picture: () => this.#picture() }),
      pane.subscribe(() => this.redraw()),
    ];
    for (const [event, run] of [
      [IMAGE_RENDERED, this.#onPainted],
      [CAMERA_MODIFIED, this.redraw],
    ] as const) {
      element.addEventListener(event, run);
      this.#stops.push(() => element.removeEventListener(event, run));
    }
  }

  destroy(): void {
    this.board.settle();
    if (this.#handle !== undefined) cancelAnimationFrame(this.#handle);
    for (const stop of this.#stops) stop();
    this.#layer.remove();
  }

  /** Nothing of what is under way stays; false when nothing was. */
  cancel(): boolean {
    const hadCursor = this.#cursor !== undefined;
    this.#cursor = undefined;
    if (hadCursor) this.redraw();
    return this.board.cancel() || hadCursor;
  }

  /** Drawing by keyboard: Enter brings a cursor and sets points, arrows move it, a pixel or ten. False for a key that means nothing here. */
  key(key: string, isFast: boolean, kind: AnnotationKind): boolean {
    const place = isWaiting(this.#ports.pane.getSnapshot()) ? undefined : this.#place();
    const arrow = ARROWS[key];
    if (place === undefined || kind === 'FREEHAND') return false;
    if (key === 'Enter' && this.#cursor === undefined) this.#cursor = this.#middle(place);
    else if (this.#cursor === undefined) return false;
    else if (key === 'Enter') {
      const at = mapped(place.toPane, this.#cursor);
      this.board.press(at, kind, NO_REACH);
      this.board.release(at, true);
    } else if (arrow !== undefined) {
      const step = isFast ? FAST_STEP : 1;
      this.#cursor = [this.#cursor[0] + step * arrow[0], this.#cursor[1] + step * arrow[1]];
      this.board.move(mapped(place.toPane, this.#cursor), false, NO_REACH);
    } else return false;
    this.redraw();
    return true;
  }

  /** Moves the text of what is selected here, or else of the latest of one's own, by an arrow; false for another key, and where there is none. */
  moveText(key: string, isFast: boolean): boolean {
    const arrow = ARROWS[key];
    const own = this.#items().filter(({ mayChange }) => mayChange);
    const item = own.find(({ id }) => id === this.#ports.measurements.getSelected()) ?? own.at(-1);
    if (arrow === undefined || item === undefined) return false;
    const step = isFast ? FAST_TEXT_PX : TEXT_PX;
    return this.board.moveText(item, [step * arrow[0], step * arrow[1]]);
  }

  /** What was begun on another series is nothing on this one: a key that gives it up would do nothing that can be seen. */
  get #cursor(): PixelPoint | undefined {
    return this.#begun?.series === this.#ports.pane.series ? this.#begun?.at : undefined;
  }

  set #cursor(at: PixelPoint | undefined) {
    this.#begun = at && { at, series: this.#ports.pane.series };
  }

  /** The pixel in the middle of the pane. */
  #middle({ toPane }: DrawnPlace): PixelPoint {
    const [back, canvas] = [inverse(toPane), this.#ports.viewport()?.canvas];
    if (back === undefined || canvas === undefined) return [0.5, 0.5];
    const [x, y] = mapped(back, [canvas.clientWidth / 2, canvas.clientHeight / 2]);
    return [Math.floor(x) + 0.5, Math.floor(y) + 0.5];
  }

  /** Draws once more before the screen is next painted. */
  readonly redraw = (): void => {
    this.#handle ??= requestAnimationFrame(() => {
      this.#handle = undefined;
      this.#draw();
    });
  };

  /** What is drawn now. */
  figures(): readonly DrawnFigure[] {
    return this.#layer.figures();
  }

  readonly #onPainted = (): void => {
    this.#painted = this.#ports.pane.drawn?.model;
    // At once, so that no drawing stands over another image even for a moment.
    this.#draw();
  };

  #place(): DrawnPlace | undefined {
    const viewport = this.#ports.viewport();
    const frame = this.#ports.pane.drawn === undefined ? undefined : this.#painted;
    return viewport === undefined || frame === undefined ? undefined : { frame, toPane: canvasAxes(viewport, frame) };
  }

  #picture() {
    const [place, drawn] = [this.#place(), this.#ports.pane.drawn];
    return place === undefined || drawn?.model !== place.frame ? undefined : { picture: drawn.picture, toPane: place.toPane };
  }

  #items(): readonly Drawn[] {
    return this.#painted === undefined ? [] : this.#ports.measurements.itemsOn(this.#painted);
  }

  #draw(): void {
    const place = this.#place();
    this.board.keepTo(place?.frame);
    drawingCounts.painted += this.#layer.show(
      place === undefined ? [] : this.#figures(place.frame),
      place?.toPane,
      this.#ports.textSize(),
    );
  }

  #figures(frame: FrameModel): Figure[] {
    const { measurements, words } = this.#ports;
    const { pending, hovered } = this.board;
    const [selected, all] = [measurements.getSelected(), [] as Figure[]];
    for (const item of this.#items()) {
      const said = item.id === pending?.id ? undefined : saidOf(item, frame, words());
      if (said === undefined) continue;
      const state = item.id === selected ? 'selected' : item.id === hovered ? 'hovered' : 'plain';
      all.push({ id: item.id, kind: item.kind, ...said, state });
    }
    if (this.#cursor !== undefined)
      all.push({ id: CURSOR, kind: 'PROBE', points: [this.#cursor], lines: NO_LINES, state: PENDING });
    if (pending === undefined) return all;
    const label = this.#items().find(({ id }) => id === pending.id)?.label ?? null;
    const { kind, points, textAt } = pending;
    const lines = textLines({ kind, label, geometry: pixelGeometry(points) }, frame, words());
    return [...all, { id: PENDING, kind, points, lines, textAt, state: PENDING }];
  }

  #editText(at: PixelPoint, reach: number): boolean {
    const hit = this.board.hit(at, reach);
    return hit !== undefined && this.#ports.measurements.askAgain(hit.item, { paneId: this.#ports.pane.id, at });
  }

  #onPane(point: PixelPoint): PixelPoint {
    const place = this.#place();
    return place === undefined ? [0, 0] : mapped(place.toPane, point);
  }
}

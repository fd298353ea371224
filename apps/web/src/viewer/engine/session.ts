import { cache, RenderingEngine, StackViewport } from '@cornerstonejs/core';
import { Enums, PanTool, ToolGroupManager, type Types as ToolTypes, ZoomTool } from '@cornerstonejs/tools';
import type { MeasurementLabels } from '../annotations/texts.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { type Capture, drawCapture, pngOf } from './drawing/capture.ts';
import { linesIn } from './drawing/figures.ts';
import { PaneDrawing } from './drawing/pane-drawing.ts';
import { contextOf, isPaintedByProcessor, recoverGraphics, watchContext } from './graphics.ts';
import { startCornerstone } from './init.ts';
import { type FramePlace, KnownSeries } from './known-series.ts';
import { type Left, type LeftView, resumeView, viewOf } from './left-views.ts';
import { LinkedPanes } from './linked-panes.ts';
import { type Drawn, Measurements } from './measurements.ts';
import { Pane } from './pane.ts';
import { hasImage } from './pane-geometry.ts';
import { attachScrolling } from './pointer-scroll.ts';
import { attachPointerTools } from './pointer-tools.ts';
import { Timings } from './probe.ts';
import { DRAWS, type MouseBindings, type ToolId, USUAL_BINDINGS } from './tools.ts';

/** Tools that are the library's; the others are ours. */
const LIBRARY_TOOLS = Object.entries({ zoom: ZoomTool.toolName, pan: PanTool.toolName });

const { Primary, Secondary, Auxiliary } = Enums.MouseBindings;

/** Text beside drawings, CSS px. */
const USUAL_TEXT_SIZE = 13;

interface MountedPane {
  readonly pane: Pane;
  readonly element: HTMLDivElement;
  readonly drawing: PaneDrawing;
  readonly detach: () => void;
}

export interface SessionOptions {
  readonly labels: MeasurementLabels;
  readonly openedAt: number;
  /** What a session that lost its drawing context has left. */
  readonly left?: Left | undefined;
  /** The drawing context is lost: nothing more can be shown by this session. */
  readonly onLost: (left: Left) => void;
  /** Says that the room which asked has gone: a session that came after it would take the place of the one that is there. */
  readonly signal: AbortSignal;
}

/** Another session of this number still holds its tools. */
class ToolGroupTaken extends Error {}

let sessionCount = 0;

/** Everything of Cornerstone3D that one mounted viewer uses. Must be destroyed with it. */
export class ViewerSession {
  readonly #rendering: RenderingEngine;
  readonly #group: ToolTypes.IToolGroup;
  readonly #panes = new Map<string, MountedPane>();
  readonly #known: KnownSeries;
  /** How panes of a session before this one showed what they showed. */
  readonly #left: ReadonlyMap<string, LeftView>;
  readonly #stopWatching: () => void;
  #hasLeft = false;
  readonly #timings: Timings;
  readonly measurements: Measurements;
  /** Panes that scroll together. */
  readonly links = new LinkedPanes();
  /** The one drawing context of the session, kept to be given up: browsers allow only about sixteen, and collect them late. */
  #context: WebGL2RenderingContext | undefined;
  #labels: MeasurementLabels;
  #tool: ToolId = 'window';
  #bindings: MouseBindings = USUAL_BINDINGS;
  #textSize = USUAL_TEXT_SIZE;
  #activePaneId: string | undefined;

  constructor({ labels, openedAt, left, onLost }: SessionOptions) {
    sessionCount += 1;
    const id = `negatoscope-${sessionCount}`;
    this.#labels = labels;
    this.#known = left?.known ?? new KnownSeries();
    this.#left = left?.views ?? new Map();
    this.#timings = new Timings(openedAt);
    this.#stopWatching = watchContext(id, () => onLost(this.#leave()));
    this.#rendering = new RenderingEngine(id);
    const group = ToolGroupManager.createToolGroup(id);
    if (group === undefined) throw new ToolGroupTaken();
    this.#group = group;
    this.measurements = new Measurements({
      frameOf: (imageId) => this.#known.frameOf(imageId),
      shown: () => this.#panes.get(this.#activePaneId ?? '')?.pane.drawn?.model,
      redraw: () => this.#redraw(),
    });
    this.#group.addTool(ZoomTool.toolName, { zoomToCenter: false, pan: true, pinchToZoom: true });
    this.#group.addTool(PanTool.toolName);
    this.setTool(this.#tool);
  }

  /** Images are painted by the processor, since the browser has no WebGL or loses it. */
  get isPaintedByProcessor(): boolean {
    return isPaintedByProcessor();
  }

  get tool(): ToolId {
    return this.#tool;
  }

  setLabels(labels: MeasurementLabels): void {
    this.#labels = labels;
    this.#redraw();
  }

  /** Size of the text beside drawings, CSS px. */
  setTextSize(size: number): void {
    this.#textSize = size;
    this.#redraw();
  }

  setTool(tool: ToolId): void {
    if (tool !== this.#tool) this.cancelDrawing();
    this.#tool = tool;
    this.#bind();
  }

  /** Drawing by keyboard on the active pane, and with Alt moving a text; false for a key that means nothing there. */
  drawingKey({ key, shiftKey, altKey }: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey'>): boolean {
    const [kind, drawing] = [DRAWS[this.#tool], this.#panes.get(this.#activePaneId ?? '')?.drawing];
    if (altKey) return drawing?.moveText(key, shiftKey) === true;
    if (key === 'Escape') return this.cancelDrawing();
    return kind !== undefined && drawing?.key(key, shiftKey, kind) === true;
  }

  /** Keeps what keys have moved. */
  settleDrawing(): void {
    for (const { drawing } of this.#panes.values()) drawing.board.settle();
  }

  setBindings(bindings: MouseBindings): void {
    this.#bindings = bindings;
    this.#bind();
  }

  /** Gives up what is being drawn; false when nothing is. */
  cancelDrawing(): boolean {
    return [...this.#panes.values()].map(({ drawing }) => drawing.cancel()).includes(true);
  }

  /** The library's tools stand on the buttons that were given to them; two fingers always zoom. */
  #bind(): void {
    const { middle, right } = this.#bindings;
    for (const [id, name] of LIBRARY_TOOLS) {
      const bindings: ToolTypes.IToolBinding[] = id === 'zoom' ? [{ numTouchPoints: 2 }] : [];
      if (this.#tool === id) bindings.push({ mouseButton: Primary }, { numTouchPoints: 1 });
      if (middle === id) bindings.push({ mouseButton: Auxiliary });
      if (right === id) bindings.push({ mouseButton: Secondary });
      this.#group.setToolPassive(name, { removeAllBindings: true });
      if (bindings.length > 0) this.#group.setToolActive(name, { bindings });
    }
    for (const { element } of this.#panes.values()) this.#showCursor(element);
  }

  #showCursor(element: HTMLElement): void {
    element.style.cursor = DRAWS[this.#tool] === undefined ? '' : 'crosshair';
  }

  #toolOf(button: number): ToolId {
    if (button === 1) return this.#bindings.middle;
    return button === 2 ? this.#bindings.right : this.#tool;
  }

  setActivePane(paneId: string): void {
    this.#activePaneId = paneId;
    this.#timings.activePaneId = paneId;
    const pane = this.#panes.get(paneId)?.pane;
    this.#timings.goTo = (index) => this.#panes.get(paneId)?.pane.goTo(index);
    if (pane !== undefined) this.#timings.onChange(paneId, pane.getSnapshot());
  }

  pane(paneId: string): Pane | undefined {
    return this.#panes.get(paneId)?.pane;
  }

  mount(paneId: string, element: HTMLDivElement): Pane {
    const pane = new Pane(paneId, this.#rendering, element, this.#timings);
    this.#context ??= contextOf(this.#rendering, paneId);
    this.#group.addViewport(paneId, this.#rendering.id);
    const toolOf = (button: number): ToolId => this.#toolOf(button);
    const drawing = new PaneDrawing(element, {
      ...{ pane, toolOf, measurements: this.measurements },
      viewport: () => this.#viewport(paneId),
      words: () => this.#labels,
      textSize: () => this.#textSize,
    });
    const detachTools = attachPointerTools(element, {
      toolOf,
      dragWindow: (dx, dy) => pane.display.dragWindow(dx, dy),
    });
    const detachScrolling = attachScrolling(element, {
      scrollBy: (delta) => pane.scrollBy(delta),
      zoomBy: (factor) => pane.display.zoomBy(factor),
      frameCount: () => pane.getSnapshot().frameCount,
      toolOf,
      wheel: () => this.#bindings.wheel,
    });
    const left = this.#left.get(paneId);
    const links = this.links;
    const resumed = { pane, element, links, viewport: () => this.#viewport(paneId) };
    const detachers = [
      left === undefined ? () => undefined : resumeView(resumed, left),
      detachTools,
      detachScrolling,
      () => drawing.destroy(),
      this.links.watch(pane),
    ];
    const detach = (): void => {
      for (const end of detachers) end();
    };
    this.#panes.set(paneId, { pane, element, drawing, detach });
    this.#showCursor(element);
    return pane;
  }

  unmount(paneId: string): void {
    const entry = this.#panes.get(paneId);
    if (entry === undefined) return;
    this.#panes.delete(paneId);
    entry.detach();
    entry.pane.destroy();
    this.#group.removeViewports(this.#rendering.id, paneId);
    this.#rendering.disableElement(paneId);
  }

  /** Remembers a series so that measurements find its frames, which go with its study, or when the session ends. */
  readonly addSeries = (series: SeriesModel): void => this.#known.add(series);

  /** What an annotation says, as the panes write it, or in other words; its own text alone while its series has not been shown. */
  linesOf(item: Drawn, words?: MeasurementLabels): readonly string[] {
    const place = this.placeOf(item);
    return (place && linesIn(item, place.frame, this.#labels, words)) ?? item.label?.split('\n') ?? [];
  }

  /** Where a frame stands in its series; undefined while that has not been shown. */
  placeOf({ sopInstanceUid, frame }: Pick<Drawn, 'sopInstanceUid' | 'frame'>): FramePlace | undefined {
    return this.#known.placeAt(sopInstanceUid, frame);
  }

  /** The study that a series of this session is of. */
  readonly studyOf = (seriesInstanceUid: string): StudyRef | undefined => this.#known.studyOf(seriesInstanceUid);

  readonly keepOnly = (studies: readonly StudyRef[]): void => this.#known.keepOnly(studies);

  /** What the session that takes the place of this one goes on with: frames stay. */
  #leave(): Left {
    this.#hasLeft = true;
    const views = new Map<string, LeftView>();
    for (const [id, { pane }] of this.#panes) {
      const view = viewOf(pane, this.#viewport(id));
      if (view !== undefined) views.set(id, view);
    }
    return { known: this.#known, views };
  }

  destroy(): void {
    this.#stopWatching();
    this.measurements.destroy();
    for (const paneId of [...this.#panes.keys()]) this.unmount(paneId);
    ToolGroupManager.destroyToolGroup(this.#group.id);
    const context = this.#context;
    this.#rendering.destroy();
    context?.getExtension('WEBGL_lose_context')?.loseContext();
    this.#timings.close();
    if (!this.#hasLeft) this.#known.forget();
    cache.purgeCache();
  }

  /** What a pane shows, with what is drawn, as a PNG; undefined while it shows nothing. Rejects where the browser makes none. */
  async capture(paneId: string, texts: Pick<Capture, 'heading' | 'notes'>): Promise<Blob | undefined> {
    const { pane, element, drawing } = this.#panes.get(paneId) ?? {};
    const [canvas, section] = [this.#viewport(paneId)?.canvas, element?.closest('section')];
    if (pane?.drawn === undefined || drawing === undefined || canvas === undefined || !section) return undefined;
    return pngOf(drawCapture({ ...texts, canvas, pane: section, figures: drawing.figures(), textSize: this.#textSize }));
  }

  #viewport(paneId: string): StackViewport | undefined {
    const viewport = this.#rendering.getViewport(paneId);
    return viewport instanceof StackViewport && hasImage(viewport) ? viewport : undefined;
  }

  #redraw(): void {
    for (const { drawing } of this.#panes.values()) drawing.redraw();
  }
}

/** Starts the library when needed and opens a session. Rejects with the signal's reason. */
export async function startSession(options: SessionOptions): Promise<ViewerSession> {
  await startCornerstone();
  if (options.left !== undefined) await recoverGraphics();
  options.signal.throwIfAborted();
  return new ViewerSession(options);
}

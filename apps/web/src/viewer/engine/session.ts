import { cache, getShouldUseCPURendering, RenderingEngine } from '@cornerstonejs/core';
import {
  AngleTool,
  Enums,
  LengthTool,
  PanTool,
  ProbeTool,
  ToolGroupManager,
  type Types as ToolTypes,
  ZoomTool,
} from '@cornerstonejs/tools';
import { isSameStudy } from '../annotations/kept-edit.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import { line } from '../model/line.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { warmDecoder } from './decoding/decoder-pool.ts';
import { forgetLoaded } from './frame-loader.ts';
import { forgetPlan } from './frame-plans.ts';
import { startCornerstone } from './init.ts';
import { forgetFrame } from './library.ts';
import { LinkedPanes } from './linked-panes.ts';
import { type MeasurementLabels, measurementTexts } from './measurement-text.ts';
import { type MeasurementPorts, Measurements, type PlacedFrame } from './measurements.ts';
import { Pane } from './pane.ts';
import { attachScrolling } from './pointer-scroll.ts';
import { attachPointerTools } from './pointer-tools.ts';
import { Timings } from './probe.ts';

export const TOOLS = ['scroll', 'window', 'zoom', 'pan', 'length', 'angle', 'probe'] as const;
export type ToolId = (typeof TOOLS)[number];

/** The library's tool for each of ours; scrolling and windowing are our own. */
const LIBRARY_TOOL: Readonly<Record<Exclude<ToolId, 'scroll' | 'window'>, string>> = {
  zoom: ZoomTool.toolName,
  pan: PanTool.toolName,
  length: LengthTool.toolName,
  angle: AngleTool.toolName,
  probe: ProbeTool.toolName,
};

const { Primary, Secondary, Auxiliary } = Enums.MouseBindings;

/** Bindings a tool has whatever the chosen one is: right button and two fingers zoom, middle button pans. */
const FIXED_BINDINGS: Readonly<Record<string, readonly ToolTypes.IToolBinding[]>> = {
  [ZoomTool.toolName]: [{ mouseButton: Secondary }, { numTouchPoints: 2 }],
  [PanTool.toolName]: [{ mouseButton: Auxiliary }],
};

function contextOf(rendering: RenderingEngine, paneId: string): WebGL2RenderingContext | undefined {
  if (getShouldUseCPURendering()) return undefined;
  const canvas = rendering.getOffscreenMultiRenderWindow(paneId).getOpenGLRenderWindow().getCanvas();
  return canvas?.getContext('webgl2') ?? undefined;
}

const placeKey = (sopInstanceUid: string, frame: number): string => `${sopInstanceUid}|${frame}`;

/** Another session of this number still holds its tools. */
class ToolGroupTaken extends Error {}

let sessionCount = 0;

/** Everything of Cornerstone3D that one mounted viewer uses. Must be destroyed with it. */
export class ViewerSession {
  readonly #rendering: RenderingEngine;
  readonly #group: ToolTypes.IToolGroup;
  readonly #panes = new Map<string, { pane: Pane; element: HTMLDivElement; detach: () => void }>();
  readonly #frames = new Map<string, PlacedFrame>();
  readonly #studies = new Map<string, StudyRef>();
  /** Addresses by SOP Instance UID and frame: what is drawn is kept by these, whatever the address of the server. */
  readonly #imageIds = new Map<string, string>();
  readonly #timings: Timings;
  readonly measurements: Measurements;
  /** Panes that scroll together. */
  readonly links = new LinkedPanes();
  /** The one drawing context of the session, kept to be given up: browsers allow only about sixteen, and collect them late. */
  #context: WebGL2RenderingContext | undefined;
  #labels: MeasurementLabels;
  #tool: ToolId = 'window';
  #activePaneId: string | undefined;

  constructor(labels: MeasurementLabels, openedAt: number) {
    sessionCount += 1;
    const id = `negatoscope-${sessionCount}`;
    this.#labels = labels;
    this.#timings = new Timings(openedAt);
    this.#rendering = new RenderingEngine(id);
    const group = ToolGroupManager.createToolGroup(id);
    if (group === undefined) throw new ToolGroupTaken();
    this.#group = group;
    this.measurements = new Measurements(this.#measurementPorts());
    this.#addTools();
    this.setTool(this.#tool);
  }

  get tool(): ToolId {
    return this.#tool;
  }

  setLabels(labels: MeasurementLabels): void {
    this.#labels = labels;
    this.#rendering.render();
  }

  setTool(tool: ToolId): void {
    this.#tool = tool;
    const chosen = tool === 'scroll' || tool === 'window' ? undefined : LIBRARY_TOOL[tool];
    for (const name of Object.values(LIBRARY_TOOL)) {
      const bindings = [
        ...(FIXED_BINDINGS[name] ?? []),
        ...(name === chosen ? [{ mouseButton: Primary }, { numTouchPoints: 1 }] : []),
      ];
      this.#group.setToolPassive(name, { removeAllBindings: true });
      if (bindings.length > 0) this.#group.setToolActive(name, { bindings });
    }
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
    const detachTools = attachPointerTools(element, {
      tool: () => this.#tool,
      snapshot: () => pane.getSnapshot(),
      dragWindow: (dx, dy) => pane.display.dragWindow(dx, dy),
      stopPlaying: () => pane.cine.stop(),
    });
    const detachScrolling = attachScrolling(element, {
      scrollBy: (delta) => pane.scrollBy(delta),
      zoomBy: (factor) => pane.display.zoomBy(factor),
      frameCount: () => pane.getSnapshot().frameCount,
      isScrollTool: () => this.#tool === 'scroll',
    });
    const detachers = [detachTools, detachScrolling, this.measurements.watch(element), this.links.watch(pane)];
    const detach = (): void => {
      for (const end of detachers) end();
    };
    this.#panes.set(paneId, { pane, element, detach });
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
  addSeries(series: SeriesModel): void {
    const { seriesInstanceUid } = series;
    this.#studies.set(seriesInstanceUid, series.study);
    for (const frame of series.frames) {
      this.#frames.set(frame.imageId, { frame, seriesInstanceUid });
      this.#imageIds.set(placeKey(frame.sopInstanceUid, frame.frameNumber), frame.imageId);
    }
    this.measurements.refresh();
  }

  /** The study that a series of this session is of. */
  studyOf(seriesInstanceUid: string): StudyRef | undefined {
    return this.#studies.get(seriesInstanceUid);
  }

  /** Forgets everything of studies that are not on the screen any more, so that a day of reading takes no more memory than its last study. */
  keepOnly(studies: readonly StudyRef[]): void {
    const isGone = (uid: string): boolean => !studies.some((one) => isSameStudy(one, this.#studies.get(uid) ?? one));
    const gone = new Set([...this.#studies.keys()].filter(isGone));
    if (gone.size === 0) return;
    for (const [imageId, { frame, seriesInstanceUid }] of [...this.#frames]) {
      if (!gone.has(seriesInstanceUid)) continue;
      this.#forget(imageId);
      this.#frames.delete(imageId);
      this.#imageIds.delete(placeKey(frame.sopInstanceUid, frame.frameNumber));
    }
    for (const uid of gone) this.#studies.delete(uid);
    this.measurements.refresh();
  }

  #forget(imageId: string): void {
    forgetLoaded(imageId);
    forgetPlan(imageId);
    forgetFrame(imageId);
    if (cache.getImageLoadObject(imageId) !== undefined) cache.removeImageLoadObject(imageId, { force: true });
  }

  destroy(): void {
    this.measurements.destroy();
    for (const paneId of [...this.#panes.keys()]) this.unmount(paneId);
    ToolGroupManager.destroyToolGroup(this.#group.id);
    const context = this.#context;
    this.#rendering.destroy();
    context?.getExtension('WEBGL_lose_context')?.loseContext();
    this.#timings.close();
    for (const imageId of this.#frames.keys()) this.#forget(imageId);
    this.#frames.clear();
    this.#studies.clear();
    this.#imageIds.clear();
    cache.purgeCache();
  }

  #measurementPorts(): MeasurementPorts {
    return {
      frameOf: (imageId) => this.#frames.get(imageId),
      imageIdOf: ({ sopInstanceUid, frame }) => this.#imageIds.get(placeKey(sopInstanceUid, frame)),
      shownImageId: () => this.#panes.get(this.#activePaneId ?? '')?.pane.drawn?.model.imageId,
      elements: () => [...this.#panes.values()].map(({ element }) => element),
    };
  }

  #addTools(): void {
    const texts = measurementTexts({
      labels: () => this.#labels,
      frameOf: (imageId) => this.#frames.get(imageId)?.frame,
    });
    // The library's own key actions (z, y) are left out: the viewer's keys say otherwise.
    const actions = {};
    this.#group.addTool(ZoomTool.toolName, { zoomToCenter: false, pan: true, pinchToZoom: true });
    this.#group.addTool(PanTool.toolName);
    this.#group.addTool(LengthTool.toolName, { getTextLines: texts.length, actions });
    this.#group.addTool(AngleTool.toolName, { getTextLines: texts.angle, actions });
    this.#group.addTool(ProbeTool.toolName, { getTextLines: texts.probe, actions });
  }
}

/** Starts the library when needed and opens a session. */
export async function openSession(labels: MeasurementLabels, openedAt: number): Promise<ViewerSession> {
  // What decodes on a slow line comes beside what tells of the series, and not after it.
  if (line().isSlow) warmDecoder();
  await startCornerstone();
  return new ViewerSession(labels, openedAt);
}

import type { Types } from '@cornerstonejs/core';
import { areaKey, type PresentationState, planState, type ReadBulk, refersTo, type StatePlan } from '@negatoscope/dicom';
import { fetchBulkData } from '../model/dicomweb.ts';
import type { FrameModel } from '../model/study-model.ts';
import type { PlannedFrame } from './frame-plans.ts';
import type { StateStanding } from './snapshot.ts';
import { placeByState } from './state-camera.ts';

/** Tables and overlays of a state and of the images that it is for, each read once. */
function bulkOnce(): ReadBulk {
  const read = new Map<string, Promise<Uint8Array | undefined>>();
  return (uri) => {
    const known = read.get(uri) ?? fetchBulkData(uri);
    read.set(uri, known);
    return known;
  };
}

/** The presentation state that somebody chose for a pane: what it makes of each frame that it is for, and of no other. */
export class PaneState {
  readonly #onChange: () => void;
  #chosen: PresentationState | undefined;
  #plans = new Map<string, StatePlan | 'failed'>();
  #readBulk: ReadBulk = bulkOnce();
  /** How the pane stood before. */
  #left: Types.ViewPresentation | undefined;
  /** The area that the pane was put to; undefined while it stands as the reader left it. */
  #placed: string | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get chosen(): PresentationState | undefined {
    return this.#chosen;
  }

  /** Undefined is the picture as it was. */
  choose(state: PresentationState | undefined): void {
    this.#chosen = state;
    this.#plans = new Map();
    this.#readBulk = bulkOnce();
    this.#onChange();
  }

  /** Another series: what was chosen for the one before is nothing to it. */
  forget(): void {
    this.#chosen = undefined;
    this.#plans = new Map();
    this.#left = undefined;
    this.#placed = undefined;
  }

  /** Undefined where nothing was chosen, or while it is being read. */
  standing(frame: FrameModel | undefined): StateStanding | undefined {
    if (this.#chosen === undefined || frame === undefined) return undefined;
    if (!refersTo(this.#chosen, frame)) return 'elsewhere';
    const plan = this.#plans.get(frame.imageId);
    if (plan === 'failed') return 'failed';
    return plan === undefined ? undefined : 'applied';
  }

  /** Reads what the state needs for a frame; undefined where there is nothing to wait for. A state that can't be read leaves the frame as it was. */
  prepare(frame: FrameModel): Promise<void> | undefined {
    const state = this.#chosen;
    if (state === undefined || !refersTo(state, frame) || this.#plans.has(frame.imageId)) return undefined;
    const plans = this.#plans;
    return planState(state, frame.dataset, frame, this.#readBulk).then(
      (plan) => void plans.set(frame.imageId, plan),
      () => void plans.set(frame.imageId, 'failed'),
    );
  }

  /** How a frame is shown, with what the state makes of it. */
  on(frame: FrameModel, { state: _, ...planned }: PlannedFrame): PlannedFrame {
    const plan = this.#plans.get(frame.imageId);
    return plan === undefined || plan === 'failed' ? planned : { ...planned, state: plan };
  }

  /** Turns, flips and places the pane as the state has it for the frame that is drawn, or as it stood before. */
  settle(viewport: Types.IStackViewport, frame: FrameModel): void {
    const state = this.standing(frame) === 'applied' ? this.#chosen : undefined;
    const wanted = state && areaKey(state, frame);
    if (wanted === this.#placed) return;
    if (this.#placed === undefined) this.#left = viewport.getViewPresentation();
    this.#placed = wanted;
    if (state !== undefined) placeByState(viewport, state, frame);
    else if (this.#left !== undefined) viewport.setViewPresentation(this.#left);
    viewport.render();
  }

  /** The pane stands as when the series was opened: the state puts it in its place again. */
  replace(): void {
    if (this.#placed !== undefined) this.#placed = '';
    this.#onChange();
  }
}

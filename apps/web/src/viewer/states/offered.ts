import { areaOf, canApply, isTooLong, type PresentationState, refersTo, type StateNote } from '@negatoscope/dicom';
import type { PaneSnapshot } from '../engine/index.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import type { SeriesModel } from '../model/study-model.ts';

/** A presentation state that somebody may ask for. */
export interface OfferedState {
  readonly study: StudyRef;
  readonly state: PresentationState;
}

export interface StatesOffer {
  readonly states: readonly OfferedState[];
  /** Titles of series that can't be read. */
  readonly failed: readonly (string | undefined)[];
  readonly isLoading: boolean;
}

export const NO_STATES: StatesOffer = { states: [], failed: [], isLoading: false };

/** What of a state is not followed on a frame. */
export type ShownNote = StateNote | 'aspect';

const SAME_ASPECT = 0.01;

/** What of a state is not followed, on a frame where there is one: pixels are always shown in the image's own proportions. */
export function notesOn(state: PresentationState, frame: PaneSnapshot['frame']): readonly ShownNote[] {
  const aspect = frame && areaOf(state, frame)?.aspect;
  const own = frame && frame.drawingSpacing.rowMm / frame.drawingSpacing.columnMm;
  const isOther = aspect !== undefined && own !== undefined && Math.abs(aspect / own - 1) > SAME_ASPECT;
  const isCut = frame !== undefined && !state.notes.includes('tooMany') && isTooLong(state, frame);
  return [...state.notes, ...(isCut ? (['tooMany'] as const) : []), ...(isOther ? (['aspect'] as const) : [])];
}

/** The first frame of a series that a state is for; -1 where it is for none. */
export const firstIndexOf = (state: PresentationState, series: SeriesModel | undefined): number =>
  series?.frames.findIndex((frame) => refersTo(state, frame)) ?? -1;

/** The states that can be applied to the frame that a pane shows. */
export const statesOn = ({ states }: StatesOffer, { frame }: Pick<PaneSnapshot, 'frame'>): readonly PresentationState[] =>
  frame === undefined ? [] : states.flatMap(({ state }) => (canApply(state) && refersTo(state, frame) ? [state] : []));

/** The state after the one that is chosen, among those for the frame that is shown; behind the last one the picture is as it was. */
export function stateAfter(offer: StatesOffer, snapshot: Pick<PaneSnapshot, 'frame' | 'state'>): PresentationState | undefined {
  const states = statesOn(offer, snapshot);
  const at = states.findIndex(({ sopInstanceUid }) => sopInstanceUid === snapshot.state?.sopInstanceUid);
  // One that is not for this frame goes first: the next press is a state of this one.
  return snapshot.state !== undefined && at < 0 ? undefined : states[at + 1];
}

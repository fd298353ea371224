import { canApply, type PresentationState, refersTo } from '@negatoscope/dicom';
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

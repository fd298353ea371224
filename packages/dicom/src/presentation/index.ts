export { planState, type StateGrays, type StatePlan } from './plan-state.ts';
export { isInScope, refersTo, type StateTarget } from './references.ts';
export { polygonCrossings } from './shutters.ts';
export { canApply, isPresentationState, presentationStateOf } from './state.ts';
export type {
  PresentationState,
  StateAnnotation,
  StateArea,
  StateGraphic,
  StateNote,
  StatePoint,
  StateReference,
  StateShutters,
  StateText,
  StateUnits,
} from './types.ts';

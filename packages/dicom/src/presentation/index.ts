export { type DrawingSize, isTooLong, type NotDrawn, notDrawn, stateDrawing, withinLength } from './drawing.ts';
export { pathOfGraphic, piecesOfGraphic, placeText, type StatePlace, type ToPane, toPaneOf } from './drawn.ts';
export { withLongLines } from './long-lines.ts';
export { areaKey, areaOf, edgesOf, type StateFrame, type Way, waysOf } from './placing.ts';
export { graysByState, planState, type StateGrays, type StatePlan } from './plan-state.ts';
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

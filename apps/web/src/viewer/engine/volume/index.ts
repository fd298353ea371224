/** Planes through the volume of a series, for the part of the viewer that is loaded for them. */

export type { EndUnder, TextUnder } from './mpr-drawing.ts';
export { attachMprPointer, turnedBy } from './mpr-pointer.ts';
export { MprSession } from './mpr-session.ts';
export {
  EMPTY_MPR,
  MPR_TOOLS,
  type MprSnapshot,
  type MprToolId,
  type MprViewSnapshot,
  type ScreenPoint,
  type ShownMeasure,
  type ValueAt,
} from './mpr-snapshot.ts';

import { line } from '../model/line.ts';
import { warmDecoder } from './decoding/decoder-pool.ts';
import { engineAfter } from './load-engine.ts';
import type { SessionOptions, ViewerSession } from './session.ts';

export type { MeasurementLabels } from '../annotations/texts.ts';
export { type FirstPicture, firstPictureOf, openingSnapshot, pictureBox } from './first-picture.ts';
export type { Left } from './left-views.ts';
export type { LinkState } from './linked-panes.ts';
export type { Asked } from './measurements.ts';
export { paintPicture } from './paint-picture.ts';
export type { Pane } from './pane.ts';
export { reducedPicture } from './reduced-picture.ts';
export type { ViewerSession } from './session.ts';
export { EMPTY_PANE, type ImagePlace, isWaiting, type PaneSnapshot } from './snapshot.ts';
export { BUTTON_TOOLS, type MouseBindings, TOOLS, type ToolId, USUAL_BINDINGS } from './tools.ts';

/** Starts the library when needed, after the first picture of the room, and opens a session. */
export async function openSession(options: SessionOptions, firstPicture: Promise<void>): Promise<ViewerSession> {
  // What decodes on a slow line comes beside what tells of the series, and not after it.
  if (line().isSlow) warmDecoder();
  const { startSession } = await engineAfter(firstPicture);
  return startSession(options);
}

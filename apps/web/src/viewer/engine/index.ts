export type { MeasurementLabels } from '../annotations/texts.ts';
export type { LinkState } from './linked-panes.ts';
export type { Asked } from './measurements.ts';
export type { Pane } from './pane.ts';
export { openSession, type ViewerSession } from './session.ts';
export { EMPTY_PANE, isWaiting, type PaneSnapshot } from './snapshot.ts';
export { BUTTON_TOOLS, type MouseBindings, TOOLS, type ToolId, USUAL_BINDINGS } from './tools.ts';

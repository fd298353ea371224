export type { LinkState } from './linked-panes.ts';
export type { MeasurementLabels } from './measurement-text.ts';
export type { Pane } from './pane.ts';
export { openSession, TOOLS, type ToolId, type ViewerSession } from './session.ts';
export { EMPTY_PANE, isWaiting, type PaneSnapshot } from './snapshot.ts';

import { getConfiguration, init as initCore, utilities } from '@cornerstonejs/core';
import {
  AngleTool,
  addTool,
  annotation,
  init as initTools,
  LengthTool,
  PanTool,
  ProbeTool,
  ZoomTool,
} from '@cornerstonejs/tools';
import { registerLibrary } from './library.ts';

function styleMeasurements(): void {
  const { style } = annotation.config;
  style.setDefaultToolStyles({
    ...style.getDefaultToolStyles(),
    global: {
      ...style.getDefaultToolStyles().global,
      color: 'rgb(251, 191, 36)',
      colorHighlighted: 'rgb(94, 234, 212)',
      colorSelected: 'rgb(45, 212, 191)',
      lineWidth: '1.5',
      textBoxColor: 'rgb(253, 224, 132)',
      textBoxColorHighlighted: 'rgb(94, 234, 212)',
      textBoxColorSelected: 'rgb(94, 234, 212)',
      textBoxFontFamily: '"Inter Variable", system-ui, sans-serif',
      textBoxFontSize: '13px',
    },
  });
}

async function start(): Promise<void> {
  // One drawing context: panes are drawn one after the other anyway, and each context costs start-up time and video memory.
  const defaults = getConfiguration();
  await initCore({ ...defaults, rendering: { ...defaults.rendering, webGlContextCount: 1 } });
  // Closing a session gives its context up at once, which the library reports as a loss.
  utilities.logger.coreLog.getLogger('RenderingEngine', 'attachWebGLContextEvents').setLevel('error');
  registerLibrary();
  await initTools();
  for (const tool of [ZoomTool, PanTool, LengthTool, AngleTool, ProbeTool]) addTool(tool);
  styleMeasurements();
}

let started: Promise<void> | undefined;

/** Starts Cornerstone3D once for the life of the page, however often a viewer is mounted; a failed start may be tried again. */
export function startCornerstone(): Promise<void> {
  started ??= start().catch((error: unknown) => {
    started = undefined;
    throw error;
  });
  return started;
}

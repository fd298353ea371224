import { getConfiguration, init as initCore, utilities } from '@cornerstonejs/core';
import { addTool, init as initTools, PanTool, ZoomTool } from '@cornerstonejs/tools';
import { registerLibrary } from './library.ts';

async function start(): Promise<void> {
  // One drawing context: panes are drawn one after the other anyway, and each context costs start-up time and video memory.
  const defaults = getConfiguration();
  await initCore({ ...defaults, rendering: { ...defaults.rendering, webGlContextCount: 1 } });
  // Closing a session gives its context up at once, which the library reports as a loss.
  utilities.logger.coreLog.getLogger('RenderingEngine', 'attachWebGLContextEvents').setLevel('error');
  registerLibrary();
  await initTools();
  for (const tool of [ZoomTool, PanTool]) addTool(tool);
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

import { Enums, eventTarget, getShouldUseCPURendering, type RenderingEngine, setUseCPURendering } from '@cornerstonejs/core';

/** Browsers give a lost context back after a moment, when the driver has started again. */
const RECOVERS_AFTER_MS = 400;
/** So many losses within so long are no accident: the processor draws from then on. */
const MOST_LOSSES = 3;
const WITHIN_MS = 60_000;

let losses: readonly number[] = [];

/** Whether images are painted by the processor, since the browser has no WebGL or loses it. */
export const isPaintedByProcessor = (): boolean => getShouldUseCPURendering();

/** The drawing context of a pane's images; undefined where the processor paints. */
export function contextOf(rendering: RenderingEngine, paneId: string): WebGL2RenderingContext | undefined {
  if (getShouldUseCPURendering()) return undefined;
  const canvas = rendering.getOffscreenMultiRenderWindow(paneId).getOpenGLRenderWindow().getCanvas();
  return canvas?.getContext('webgl2') ?? undefined;
}

/** Tells once that a rendering engine has lost its drawing context; the library goes on drawing black. Gives the end of watching. */
export function watchContext(renderingId: string, onLost: () => void): () => void {
  const hear = (event: Event): void => {
    const detail: unknown = event instanceof CustomEvent ? event.detail : undefined;
    if (typeof detail !== 'object' || detail === null || !('renderingEngineId' in detail)) return;
    if (detail.renderingEngineId !== renderingId) return;
    stop();
    losses = [...losses, performance.now()].slice(-MOST_LOSSES);
    onLost();
  };
  const stop = (): void => eventTarget.removeEventListener(Enums.Events.WEBGL_CONTEXT_LOST, hear);
  eventTarget.addEventListener(Enums.Events.WEBGL_CONTEXT_LOST, hear);
  return stop;
}

function hasWebGl(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  const has = context !== null && !context.isContextLost();
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return has;
}

/** Waits until there can be a drawing context again; where there is none, or it is lost again and again, the processor paints from then on. */
export async function recoverGraphics(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, RECOVERS_AFTER_MS));
  const [first = 0] = losses;
  const isUnsteady = losses.length === MOST_LOSSES && performance.now() - first < WITHIN_MS;
  if (isUnsteady || !hasWebGl()) setUseCPURendering(true);
}

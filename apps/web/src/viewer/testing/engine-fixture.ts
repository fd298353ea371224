/** In place of the engine, which draws by WebGL and is tested in a browser: what the parts around the images know of it. */
export { EMPTY_PANE, isWaiting } from '../engine/snapshot.ts';
export { BUTTON_TOOLS, TOOLS, USUAL_BINDINGS } from '../engine/tools.ts';

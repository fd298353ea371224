import { useEffect, useRef } from 'react';
import { MPR_TOOLS, type MprSession, type MprSnapshot, type MprToolId } from '../engine/volume/index.ts';
import { presetsOf } from '../parts/presets-of.ts';
import { isTakenByControl, presetIndex } from '../parts/use-viewer-keys.ts';
import { MOST_SLAB_MM, MPR_TOOL_KEYS } from './mpr-tools.ts';
import type { KeyboardDrawing } from './use-keyboard-drawing.ts';

export interface MprKeyActions {
  readonly mpr: MprSession | undefined;
  readonly snapshot: MprSnapshot;
  readonly drawing: KeyboardDrawing;
  readonly onTool: (tool: MprToolId) => void;
  readonly onOverlay: () => void;
  readonly onFull: () => void;
  readonly onClose: () => void;
}

const FAST_STEP = 10;
const TURN_DEGREES = 5;

type Command = (mpr: MprSession, view: MprSnapshot['active']) => void;

const thicker =
  (by: number): Command =>
  (mpr) => {
    // As it is now: keys come faster than the page is drawn.
    const { slab } = mpr.getSnapshot();
    mpr.setSlab({ ...slab, thicknessMm: Math.min(MOST_SLAB_MM, Math.max(0, slab.thicknessMm + by)) });
  };

/** Keys that stacks have mean the same here; arrows move the crosshair by a voxel. */
const COMMANDS: Readonly<Record<string, Command>> = {
  ArrowLeft: (mpr, view) => mpr.moveBy(view, -1, 0),
  ArrowRight: (mpr, view) => mpr.moveBy(view, 1, 0),
  ArrowUp: (mpr, view) => mpr.moveBy(view, 0, -1),
  ArrowDown: (mpr, view) => mpr.moveBy(view, 0, 1),
  PageUp: (mpr, view) => mpr.scrollBy(view, -1),
  PageDown: (mpr, view) => mpr.scrollBy(view, 1),
  Home: (mpr, view) => mpr.scrollBy(view, -FAST_STEP),
  End: (mpr, view) => mpr.scrollBy(view, FAST_STEP),
  ',': (mpr, view) => mpr.turn(view, -TURN_DEGREES),
  '.': (mpr, view) => mpr.turn(view, TURN_DEGREES),
  ';': (mpr, view) => mpr.turn(view, TURN_DEGREES),
  e: thicker(1),
  E: thicker(-1),
  '+': (mpr, view) => mpr.zoomBy(view, 1.25),
  '=': (mpr, view) => mpr.zoomBy(view, 1.25),
  '-': (mpr, view) => mpr.zoomBy(view, 0.8),
  i: (mpr) => mpr.display.invert(),
  r: (mpr) => mpr.reset(),
  Delete: (mpr) => void mpr.drawing.remove(),
  Backspace: (mpr) => void mpr.drawing.remove(),
};

function run(event: KeyboardEvent, actions: MprKeyActions): boolean {
  const { mpr, snapshot, drawing, onTool, onOverlay, onFull, onClose } = actions;
  // Also when the button that had the focus is gone, and with it what the dialog would hear.
  if (event.key === 'Escape') {
    // The dialog, which hears of it after this, would close all the same.
    if (drawing.cancel()) event.stopPropagation();
    else onClose();
    return true;
  }
  if (event.key === 'Enter') return drawing.set();
  if (mpr === undefined) return false;
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && key === 'z') return event.shiftKey ? mpr.drawing.redo() : mpr.drawing.undo();
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const command = COMMANDS[event.key] ?? COMMANDS[key];
  const tool = MPR_TOOLS.find((id) => MPR_TOOL_KEYS[id].toLowerCase() === key);
  const label = snapshot.views[snapshot.active]?.label;
  const preset = presetIndex(event);
  const choice = label === undefined || preset === undefined ? undefined : presetsOf(label)[preset];
  if (command !== undefined) command(mpr, snapshot.active);
  else if (tool !== undefined) onTool(tool);
  else if (key === 'o') onOverlay();
  else if (key === 'f') onFull();
  else if (choice !== undefined) mpr.display.applyPreset(choice);
  else return false;
  return true;
}

/** Keys of the planes, for as long as they are there. */
export function useMprKeys(actions: MprKeyActions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const { target } = event;
      const isText =
        target instanceof HTMLElement && target.matches('select, textarea, input:not([type="range"], [type="checkbox"])');
      const isChoice =
        target instanceof HTMLElement && target.closest('[role="radiogroup"]') !== null && event.key.startsWith('Arrow');
      const isMenu = document.querySelector('[role="menu"], [role="listbox"]') !== null;
      if (event.defaultPrevented || isText || isChoice || isMenu || isTakenByControl(event)) return;
      if (run(event, latest.current)) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
}

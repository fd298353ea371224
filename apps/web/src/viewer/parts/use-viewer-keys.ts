import { useEffect, useRef } from 'react';
import { type Pane, TOOLS, type ToolId } from '../engine/index.ts';
import { presetsOf } from './presets-of.ts';
import { isKeyOf } from './tool-icons.ts';

export interface ViewerKeyActions {
  readonly pane: Pane | undefined;
  /** Drawing by keyboard comes first; false for a key that means nothing there. */
  readonly onDrawingKey: (event: KeyboardEvent) => boolean;
  /** The key with which others move something was let go. */
  readonly onDrawingKeyUp: () => void;
  readonly onTool: (tool: ToolId) => void;
  readonly onDelete: () => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onHelp: () => void;
  readonly onOverlay: () => void;
  readonly onBack: () => void;
  readonly onSeries: (step: 1 | -1) => void;
  /** What else single keys do, in small letters, with `shift+` before those that need it. */
  readonly commands: Readonly<Record<string, () => void>>;
}

/** Where keys mean something else: text being typed, or a menu or dialog that is open. */
export function isElsewhere(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || document.querySelector('[role="menu"], [role="dialog"], [role="alertdialog"]') !== null)
    return true;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('textarea, select, input:not([type="range"], [type="checkbox"])');
}

/** Keys that a focused slider or toolbar uses by itself. */
export function isTakenByControl(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  const isNavigation =
    event.key.startsWith('Arrow') || event.key.startsWith('Page') || event.key === 'Home' || event.key === 'End';
  // What lies over a pane and is worked on by keys says which: the image below hears none of them.
  const own = target.closest<HTMLElement>('[data-own-keys]')?.dataset.ownKeys?.split(' ');
  if (own?.includes(event.key) === true) return !(event.ctrlKey || event.metaKey || event.altKey);
  if (target.matches('input[type="range"]')) return isNavigation;
  if (target.matches('input[type="checkbox"]')) return event.key === ' ';
  if (target.matches('video')) return isNavigation || event.key === ' ';
  if (target.closest('[role="toolbar"]') !== null) return ['ArrowLeft', 'ArrowRight', ' ', 'Enter'].includes(event.key);
  return target.matches('button, a[href]') && (event.key === ' ' || event.key === 'Enter');
}

const FAST_STEP = 10;

const NAVIGATION: Readonly<Record<string, (pane: Pane) => void>> = {
  ArrowUp: (pane) => pane.scrollBy(-1),
  ArrowLeft: (pane) => pane.scrollBy(-1),
  ArrowDown: (pane) => pane.scrollBy(1),
  ArrowRight: (pane) => pane.scrollBy(1),
  PageUp: (pane) => pane.scrollBy(-FAST_STEP),
  PageDown: (pane) => pane.scrollBy(FAST_STEP),
  Home: (pane) => pane.goTo(0),
  End: (pane) => pane.goTo(Number.MAX_SAFE_INTEGER),
  ' ': (pane) => pane.cine.toggle(),
  '+': (pane) => pane.display.zoomBy(1.25),
  '=': (pane) => pane.display.zoomBy(1.25),
  '-': (pane) => pane.display.zoomBy(0.8),
  t: (pane) => pane.display.rotate(90),
  h: (pane) => pane.display.flip('horizontal'),
  v: (pane) => pane.display.flip('vertical'),
  i: (pane) => pane.display.invert(),
  r: (pane) => pane.display.reset(),
  '*': (pane) => pane.display.actualPixels(),
};

/** What the hand does by dragging, for who has none: px of a step. */
const STEP_PX = 40;
const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP_PX, 0],
  ArrowRight: [STEP_PX, 0],
  ArrowUp: [0, -STEP_PX],
  ArrowDown: [0, STEP_PX],
};

/** With Ctrl, arrows move the image; with Shift too, they widen and shift the window. */
function runDrag(event: KeyboardEvent, pane: Pane | undefined): boolean {
  const way = DIRECTIONS[event.key];
  if (way === undefined || pane === undefined) return false;
  if (event.shiftKey) pane.display.dragWindow(...way);
  else pane.display.panBy(...way);
  return true;
}

function runCommand(event: KeyboardEvent, actions: ViewerKeyActions): boolean {
  const tool = TOOLS.find((id) => isKeyOf(id, event));
  const key = event.key.toLowerCase();
  if (tool !== undefined) actions.onTool(tool);
  else if (key === 'delete' || key === 'backspace') actions.onDelete();
  else if (key === '?') actions.onHelp();
  else if (key === 'o') actions.onOverlay();
  else if (key === 'escape') actions.onBack();
  else if (key === 'j') actions.onSeries(1);
  else if (key === 'k') actions.onSeries(-1);
  else return false;
  return true;
}

/** Digits by their place, so that keyboards with shifted digits need no Shift. */
export function presetIndex(event: KeyboardEvent): number | undefined {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  return digit === undefined ? undefined : Number(digit) - 1;
}

function runKey(event: KeyboardEvent, actions: ViewerKeyActions): boolean {
  const { pane } = actions;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z') {
    if (event.shiftKey) actions.onRedo();
    else actions.onUndo();
    return true;
  }
  if ((event.ctrlKey || event.metaKey) && !event.altKey) return runDrag(event, pane);
  if (event.ctrlKey || event.metaKey) return false;
  if (event.altKey) return event.key.startsWith('Arrow') && actions.onDrawingKey(event);
  if (actions.onDrawingKey(event)) return true;
  const command = actions.commands[`${event.shiftKey ? 'shift+' : ''}${event.key.toLowerCase()}`];
  if (command !== undefined) {
    command();
    return true;
  }
  const navigate = NAVIGATION[event.key] ?? NAVIGATION[event.key.toLowerCase()];
  if (navigate !== undefined) {
    if (pane !== undefined) navigate(pane);
    return true;
  }
  if (runCommand(event, actions)) return true;
  const preset = presetIndex(event);
  if (preset === undefined || pane === undefined) return false;
  const choice = presetsOf(pane.getSnapshot())[preset];
  if (choice !== undefined) pane.display.applyPreset(choice);
  return choice !== undefined;
}

/** Keys of the viewer, for as long as it is mounted. */
export function useViewerKeys(actions: ViewerKeyActions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (isElsewhere(event) || isTakenByControl(event)) return;
      if (runKey(event, latest.current)) event.preventDefault();
    };
    const onKeyUp = ({ key }: KeyboardEvent): void => {
      if (key === 'Alt') latest.current.onDrawingKeyUp();
    };
    // A key that is let go elsewhere is heard of nowhere.
    const onBlur = (): void => latest.current.onDrawingKeyUp();
    const stop = new AbortController();
    const { signal } = stop;
    // While capturing, since a focused viewport keeps keys from going further.
    window.addEventListener('keydown', onKeyDown, { capture: true, signal });
    window.addEventListener('keyup', onKeyUp, { capture: true, signal });
    window.addEventListener('blur', onBlur, { signal });
    return () => stop.abort();
  }, []);
}

import type { Acts } from './tools.ts';

/** Where the browser's own keys count. */
const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement;

const PAGE = 10;
const FAR = 1_000_000;
const STEPS: Readonly<Record<string, number>> = {
  ...{ ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 },
  ...{ PageDown: PAGE, PageUp: -PAGE, Home: -FAR, End: FAR },
};
const ZOOM = 1.25;

function letter(key: string, acts: Acts): boolean {
  if (/^[1-9]$/.test(key)) acts.preset(Number(key));
  else if (key === 'i') acts.invert();
  else if (key === 'f') acts.full();
  else if (key === '0' || key === 'r') acts.reset();
  else if (key === '+' || key === '=') acts.zoom(ZOOM);
  else if (key === '-') acts.zoom(1 / ZOOM);
  else return false;
  return true;
}

/** Keys of the viewer, while the focus is in it (WCAG 2.1.4); until `signal` is aborted. */
export function watchKeys(viewer: HTMLElement, acts: Acts, signal: AbortSignal): void {
  const onKey = (event: KeyboardEvent): void => {
    if (isField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step !== undefined) acts.go(step);
    if (step !== undefined || letter(event.key.toLowerCase(), acts)) event.preventDefault();
  };
  viewer.addEventListener('keydown', onKey, { signal });
}

/** What dragging does. */
export type Mode = 'slices' | 'light' | 'move';

export interface Hands {
  readonly mode: () => Mode;
  readonly go: (steps: number) => void;
  readonly lighten: (brightness: number, contrast: number) => void;
  readonly move: (x: number, y: number) => void;
  readonly zoom: (factor: number, at: { readonly clientX: number; readonly clientY: number }) => void;
}

/** CSS pixels of dragging, or of a wheel that turns smoothly, to the next image. */
const PIXELS_A_SLICE = 14;
const PIXELS_A_NOTCH = 60;
const PIXELS_A_TONE = 2.5;

/** Whole steps of what comes in pieces; the rest is kept for the next. */
function steps(size: number): (by: number) => number {
  let rest = 0;
  return (by) => {
    // Turning back begins at once.
    if (Math.sign(by) !== Math.sign(rest)) rest = 0;
    rest += by;
    const whole = Math.trunc(rest / size);
    rest -= whole * size;
    return whole;
  };
}

function watchWheel(stage: HTMLElement, hands: Hands): void {
  const turn = steps(PIXELS_A_NOTCH);
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) {
      hands.zoom(2 ** (-event.deltaY / 300), event);
      return;
    }
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : Math.sign(event.deltaY) * PIXELS_A_NOTCH;
    // A notch of an old wheel is one image, however far it says to have turned.
    const whole = Math.abs(pixels) >= PIXELS_A_NOTCH ? Math.sign(pixels) : turn(pixels);
    if (whole !== 0) hands.go(whole);
  };
  stage.addEventListener('wheel', onWheel, { passive: false });
}

interface Point {
  readonly clientX: number;
  readonly clientY: number;
}
const distance = (a: Point, b: Point): number => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
const middle = (a: Point, b: Point): Point => ({ clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 });

/** Two fingers move and enlarge, whatever one finger does. */
function pinch(before: readonly [Point, Point], now: readonly [Point, Point], hands: Hands): void {
  const [from, to] = [middle(...before), middle(...now)];
  hands.move(to.clientX - from.clientX, to.clientY - from.clientY);
  hands.zoom(Math.max(1, distance(...now)) / Math.max(1, distance(...before)), to);
}

function drag(mode: Mode, x: number, y: number, hands: Hands, turn: (by: number) => number): void {
  if (mode === 'move') hands.move(x, y);
  else if (mode === 'light') hands.lighten(-y / PIXELS_A_TONE, x / PIXELS_A_TONE);
  else {
    const whole = turn(y);
    if (whole !== 0) hands.go(whole);
  }
}

/** Wheel, mouse and fingers over the picture. The other button of a mouse changes the light, whatever the first one does. */
export function watchHands(stage: HTMLElement, hands: Hands): void {
  watchWheel(stage, hands);
  const points = new Map<number, Point>();
  const turn = steps(PIXELS_A_SLICE);
  const onMove = (event: PointerEvent): void => {
    const last = points.get(event.pointerId);
    if (last === undefined) return;
    const before = [...points.values()];
    points.set(event.pointerId, event);
    const now = [...points.values()];
    const [[a, b], [c, d]] = [before, now];
    if (a !== undefined && b !== undefined && c !== undefined && d !== undefined) pinch([a, b], [c, d], hands);
    else {
      const mode = (event.buttons & 2) === 2 ? 'light' : hands.mode();
      drag(mode, event.clientX - last.clientX, event.clientY - last.clientY, hands, turn);
    }
  };
  const onUp = ({ pointerId }: PointerEvent): void => void points.delete(pointerId);
  stage.addEventListener('pointerdown', (event) => {
    stage.setPointerCapture(event.pointerId);
    points.set(event.pointerId, event);
  });
  stage.addEventListener('pointermove', onMove);
  for (const kind of ['pointerup', 'pointercancel'] as const) stage.addEventListener(kind, onUp);
  stage.addEventListener('contextmenu', (event) => event.preventDefault());
}

import { cellOf, type Grid } from '../model/desk.ts';

/** Where the images stood in the last room, CSS px of the window: left, top, width, height. */
export type Box = readonly [left: number, top: number, width: number, height: number];

/** Where the panes of a room stand: the box of all, and whether those of one row stand beside each other (else one above the other, on a narrow, tall page). */
export interface Place {
  readonly box: Box;
  readonly isWide: boolean;
}

/** Windows of so many kinds are remembered. */
const MOST = 6;

const PREFIX = 'ng.opening.';
/** Whose room it was: another person has arranged it otherwise. */
const keyOf = (userId: string): string => `${PREFIX}${userId}`;

/** Whether anybody has read images in this browser: otherwise there is no place to wait for. */
export function isPlaceKnown(): boolean {
  try {
    return Object.keys(localStorage).some((name) => name.startsWith(PREFIX));
  } catch {
    return false;
  }
}

/** What stands above or beside the images, as the page keeps it: the panel, what is open in an emergency (its height), that images are painted without a graphics card. */
const AROUND = ['ng.panel', 'ng.above', 'ng.graphics'];

/** What places depend on besides the person: the window, the size of the letters, the language of the page, and what stands around the images. */
export function windowKind(): string {
  const { lang } = document.documentElement;
  const { fontSize } = getComputedStyle(document.documentElement);
  const around = AROUND.map((name) => localStorage.getItem(name) ?? '');
  const isAsked = new URLSearchParams(location.search).get('panel') ?? '';
  return [innerWidth, innerHeight, devicePixelRatio, fontSize, lang, ...around, isAsked].join(' ');
}

const isLength = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

function placeFrom(value: unknown): Place | undefined {
  if (!Array.isArray(value) || value.length !== 5) return undefined;
  const [left, top, width, height, wide]: unknown[] = value;
  const isBox = isLength(left) && isLength(top) && isLength(width) && isLength(height) && (wide === 0 || wide === 1);
  // One that reaches out of the window is none of this page's.
  if (!isBox || width < 1 || height < 1 || left + width > innerWidth + 1 || top + height > innerHeight + 1) return undefined;
  return { box: [left, top, width, height], isWide: wide === 1 };
}

/** What was kept by something else is nothing, and gives way to the next place. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readAll(userId: string): Record<string, unknown> {
  const kept = parsed(localStorage.getItem(keyOf(userId)) ?? '{}');
  return typeof kept === 'object' && kept !== null ? { ...kept } : {};
}

/** Where the images will stand; undefined where nobody knows. */
export function placeOf(userId: string): Place | undefined {
  try {
    return placeFrom(readAll(userId)[windowKind()]);
  } catch {
    // Without storage, or with another's text in it, nothing is remembered.
    return undefined;
  }
}

/** What is said above the images of one study takes a place that those of the next one have. */
const isUsual = (): boolean => document.querySelector('[data-above-images] > *') === null;

/** Remembers where they stand: five numbers, nothing of a patient. */
export function rememberPlace(userId: string, { left, top, width, height }: DOMRectReadOnly, isWide: boolean): void {
  if (!isUsual()) return;
  try {
    const kind = windowKind();
    const { [kind]: _before, ...others } = readAll(userId);
    const latest = [...Object.entries(others).slice(1 - MOST), [kind, [left, top, width, height, isWide ? 1 : 0]]];
    localStorage.setItem(keyOf(userId), JSON.stringify(Object.fromEntries(latest)));
  } catch {
    // The next page waits for its room, as on a first visit.
  }
}

/** Between two panes, CSS px (`gap-px`). */
const GAP = 1;

/** Where one pane of a desk stands, as the room's styles divide it (`.ng-viewer-grid`). */
export function cellOfPlace({ box: [left, top, width, height], isWide }: Place, pane: number, { rows, columns }: Grid): Box {
  const [down, across] = isWide ? [rows, columns] : [Math.max(rows, columns), Math.min(rows, columns)];
  const [row, column] = cellOf(pane, across);
  const [wide, high] = [(width - (across - 1) * GAP) / across, (height - (down - 1) * GAP) / down];
  return [left + (column - 1) * (wide + GAP), top + (row - 1) * (high + GAP), wide, high];
}

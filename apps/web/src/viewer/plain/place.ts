/** Where the images stood in the last room, CSS px of the window: left, top, width, height. */
export type Box = readonly [left: number, top: number, width: number, height: number];

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

function boxFrom(value: unknown): Box | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [left, top, width, height]: unknown[] = value;
  const isBox = isLength(left) && isLength(top) && isLength(width) && isLength(height);
  // One that reaches out of the window is none of this page's.
  if (!isBox || width < 1 || height < 1 || left + width > innerWidth + 1 || top + height > innerHeight + 1) return undefined;
  return [left, top, width, height];
}

function readAll(userId: string): Record<string, unknown> {
  const kept: unknown = JSON.parse(localStorage.getItem(keyOf(userId)) ?? '{}');
  return typeof kept === 'object' && kept !== null ? { ...kept } : {};
}

/** Where the images will stand; undefined where nobody knows. */
export function placeOf(userId: string): Box | undefined {
  try {
    return boxFrom(readAll(userId)[windowKind()]);
  } catch {
    // Without storage, or with another's text in it, nothing is remembered.
    return undefined;
  }
}

/** What is said above the images of one study takes a place that those of the next one have. */
const isUsual = (): boolean => document.querySelector('[data-above-images] > *') === null;

/** Remembers where they stand: four numbers, nothing of a patient. */
export function rememberPlace(userId: string, { left, top, width, height }: DOMRectReadOnly): void {
  if (!isUsual()) return;
  try {
    const kind = windowKind();
    const { [kind]: _before, ...others } = readAll(userId);
    const latest = [...Object.entries(others).slice(1 - MOST), [kind, [left, top, width, height]]];
    localStorage.setItem(keyOf(userId), JSON.stringify(Object.fromEntries(latest)));
  } catch {
    // The next page waits for its room, as on a first visit.
  }
}

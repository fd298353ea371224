import type { Page } from 'playwright-core';

export interface Audit {
  /** Texts whose contrast is below WCAG 2.2 AA (1.4.3), with the ratio. */
  readonly faint: readonly string[];
  /** Controls and images without an accessible name (4.1.2, 1.1.1). */
  readonly nameless: readonly string[];
  /** Elements of the page that reach beyond its right edge, outside of what scrolls sideways (1.4.10). */
  readonly cutOff: readonly string[];
}

/** Looks over the page as it stands; one function, since it runs in the browser. */
function look(): Audit {
  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', {
    willReadFrequently: true,
  });
  // A page has thousands of elements in a handful of colours, and each is drawn to be read.
  const known = new Map<string, number[]>();
  const parse = (colour: string): number[] => {
    const kept = known.get(colour);
    if (kept !== undefined) return kept;
    const read = draw(colour);
    known.set(colour, read);
    return read;
  };
  const draw = (colour: string): number[] => {
    if (context === null) return [0, 0, 0, 1];
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0, a = 0] = context.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top: readonly number[], below: readonly number[]): number[] =>
    [0, 1, 2].map((i) => (top[i] ?? 0) * (top[3] ?? 1) + (below[i] ?? 0) * (1 - (top[3] ?? 1)));
  const luminance = (colour: readonly number[]): number => {
    const [r = 0, g = 0, b = 0] = colour.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const lineOf = (element: Element): Element[] => {
    const line: Element[] = [];
    for (let at: Element | null = element; at !== null; at = at.parentElement) line.push(at);
    return line;
  };
  const behind = (element: Element): number[] =>
    lineOf(element)
      .map((at) => parse(getComputedStyle(at).backgroundColor))
      .reduceRight((below, layer) => over(layer, below), [255, 255, 255]);
  const isSeen = (element: Element): boolean => {
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && getComputedStyle(element).visibility !== 'hidden';
  };
  const faint = new Set<string>();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? '';
    const element = node.parentElement;
    if (text === '' || element === null || !isSeen(element) || element.closest('svg, [disabled], [data-disabled]') !== null)
      continue;
    const style = getComputedStyle(element);
    const below = behind(element);
    const opacity = lineOf(element).reduce((product, at) => product * Number(getComputedStyle(at).opacity), 1);
    const ink = parse(style.color);
    const above = over([ink[0] ?? 0, ink[1] ?? 0, ink[2] ?? 0, (ink[3] ?? 1) * opacity], below);
    const [light = 0, dark = 0] = [luminance(above), luminance(below)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) faint.add(`${text.slice(0, 40)} ${ratio.toFixed(2)}`);
  }
  const nameOf = (element: Element): string => {
    const byId = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).map((id) => document.getElementById(id));
    const labels = element.matches('input, select, textarea') ? [...((element as HTMLInputElement).labels ?? [])] : []; // All three have them.
    const texts = [...byId, ...labels].map((at) => at?.getAttribute('aria-label') ?? at?.textContent ?? '');
    const own = ['aria-label', 'title', 'alt'].map((name) => element.getAttribute(name) ?? '');
    return [...texts, ...own, element.textContent ?? ''].join('').trim();
  };
  const controls =
    'button, a[href], input:not([type=hidden]), select, textarea, summary, [role=slider], [role=grid], [role=dialog]';
  const nameless = [...document.querySelectorAll(controls)]
    .filter((element) => element.closest('[aria-hidden=true], [hidden]') === null && nameOf(element) === '')
    .concat([...document.querySelectorAll('img:not([alt])')])
    .map((element) => element.outerHTML.slice(0, 120));
  // A strip may scroll sideways; a page that has to is cut off.
  const isStrip = (element: Element): boolean =>
    ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) &&
    element.scrollWidth > element.clientWidth &&
    element.clientHeight < window.innerHeight / 2;
  const scrollsSideways = (element: Element): boolean => lineOf(element).some(isStrip);
  const cutOff = [...document.querySelectorAll('main button, main a, main input, main h1, main h2, main li')]
    .filter(
      (element) => isSeen(element) && element.getBoundingClientRect().right > window.innerWidth + 1 && !scrollsSideways(element),
    )
    .map((element) => element.outerHTML.slice(0, 120));
  return { faint: [...faint], nameless, cutOff };
}

export const auditPage = (page: Page): Promise<Audit> => page.evaluate(look);

/** The element that has the focus, where focusing it changes nothing that one sees, or where it is out of sight; undefined at the page's end. */
export function lookAtStop(): { id: string; unseen: string | undefined } | undefined {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body) return undefined;
  const chain: Element[] = [];
  for (let at: Element | null = element; at !== null && chain.length < 4; at = at.parentElement) chain.push(at);
  const looks = (): string =>
    chain
      .map((at) => getComputedStyle(at))
      .map((style) => `${style.outline} ${style.boxShadow} ${style.borderColor} ${style.backgroundColor}`)
      .join('|');
  const focused = looks();
  const { top, bottom, left, right } = element.getBoundingClientRect();
  const isInSight = bottom > 0 && top < window.innerHeight && right > 0 && left < window.innerWidth;
  element.blur();
  const plain = looks();
  element.focus({ preventScroll: true });
  const html = element.outerHTML.slice(0, 140);
  const hasOwnRing = getComputedStyle(element).outlineStyle !== 'none';
  return { id: html, unseen: isInSight && (focused !== plain || hasOwnRing) ? undefined : html };
}

/** Focuses one stop after the other of a page's own part, or of the dialog above it; gives how many there are, and those that can't be seen. */
async function walk(lookAt: typeof lookAtStop, most: number): Promise<{ count: number; unseen: string[] }> {
  const place = [...document.querySelectorAll('[role=dialog]')].at(-1) ?? document.querySelector('main, form');
  const stops = [...(place?.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [tabindex]') ?? [])]
    .filter(
      (one) => one.tabIndex >= 0 && !one.matches(':disabled, [inert] *') && one.checkVisibility({ visibilityProperty: true }),
    )
    .slice(0, most);
  const had = document.activeElement;
  const unseen = new Set<string>();
  for (const stop of stops) {
    stop.focus();
    // What is drawn for the focus is there when the event's task is done.
    await new Promise((resolve) => setTimeout(resolve));
    const found = lookAt();
    if (found?.unseen !== undefined) unseen.add(found.unseen);
  }
  if (had instanceof HTMLElement) had.focus();
  return { count: stops.length, unseen: [...unseen] };
}

/**
 * Looks at each stop of the keyboard in a page's own part, behind the frame that all have. The first key makes the browser show the focus as it does for
 * who uses the keyboard; after it the stops are met within the page, since a key and an answer for each of some hundred take minutes.
 */
export async function walkStops(page: Page, most = 60): Promise<{ count: number; unseen: string[] }> {
  await page.keyboard.press('Tab');
  return page.evaluate(`(${walk})(${lookAtStop}, ${most})`);
}

type Child = Node | string | undefined | false;
type Props<T> = Partial<T> & { readonly said?: Readonly<Record<string, string>> };

/** An element with its properties, its children, and what is `said` by attributes. Texts go in as text, never as markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { said = {}, ...props }: Props<HTMLElementTagNameMap[K]> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  Object.assign(element, props);
  for (const [name, value] of Object.entries(said)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A drawing of lines in a box of 24, as letters are coloured; it says nothing to a page reader. */
export function icon(path: string): SVGElement {
  const drawing = document.createElementNS(SVG, 'svg');
  const line = document.createElementNS(SVG, 'path');
  for (const [name, value] of Object.entries({ viewBox: '0 0 24 24', width: '20', height: '20', 'aria-hidden': 'true' }))
    drawing.setAttribute(name, value);
  for (const [name, value] of Object.entries({
    ...{ d: path, fill: 'none', stroke: 'currentColor' },
    ...{ 'stroke-width': '1.8', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' },
  }))
    line.setAttribute(name, value);
  drawing.append(line);
  return drawing;
}

/** What stands for a tool, each as one line of a drawing. */
export const ICONS = {
  slices: 'M12 3 3 8l9 5 9-5zM3 13l9 5 9-5M12 13v0',
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5 19 19M5 19l1.5-1.5M17.5 6.5 19 5',
  move: 'M12 3v18M3 12h18M12 3 9.5 5.5M12 3l2.5 2.5M12 21l-2.5-2.5M12 21l2.5-2.5M3 12l2.5-2.5M3 12l2.5 2.5M21 12l-2.5-2.5M21 12l-2.5 2.5',
  invert: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M12 8h5M12 12h8.5M12 16h6',
  zoomIn: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5M11 8v6M8 11h6',
  zoomOut: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5M8 11h6',
  reset: 'M4 4v5h5M4.5 9A8 8 0 1 1 4 14',
  full: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  adjust: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4',
  previous: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  document: 'M6 3h8l4 4v14H6zM14 3v4h4M9 13h6M9 17h6',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
} as const;

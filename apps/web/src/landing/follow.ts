import { SHEET } from './pictures.ts';
import { progressOf, sliceAt } from './scrub.ts';
import english from './slices-en.webp';
import french from './slices-fr.webp';

const ROWS = Math.ceil(SHEET.cells / SHEET.columns);
const percent = (part: number): string => `${part * 100}%`;

/** Where a cell of the sheet lies, as CSS moves a background. */
const placeOf = (slice: number): string =>
  `${percent((slice % SHEET.columns) / (SHEET.columns - 1))} ${percent(Math.floor(slice / SHEET.columns) / (ROWS - 1))}`;

/** Shows the slice that the scrolling has come to. Its pictures are five times what the page is, and come with the first movement. */
export function followScrolling(page: Document): void {
  const [way, pane] = [page.querySelector('main'), page.querySelector<HTMLElement>('[data-slices]')];
  const [hint, place] = [page.querySelector<HTMLElement>('[data-hint]'), page.querySelector<HTMLElement>('[data-place]')];
  const numbers = [...page.querySelectorAll('[data-slice]')];
  if (way === null || pane === null || hint === null || place === null) return;
  const begin = (): void => {
    // The style sheet takes the page's one, and the browser fetches no other.
    pane.style.setProperty('--slices-fr', `url(${french})`);
    pane.style.setProperty('--slices-en', `url(${english})`);
    pane.style.backgroundSize = `${percent(SHEET.columns)} ${percent(ROWS)}`;
    [hint.hidden, place.hidden] = [true, false];
  };
  let last: number | undefined;
  const follow = (): void => {
    const slice = sliceAt(progressOf(way.getBoundingClientRect(), page.documentElement.clientHeight), SHEET.cells);
    if (slice === last) return;
    if (last === undefined) begin();
    last = slice;
    pane.style.backgroundPosition = placeOf(slice);
    for (const number of numbers) number.textContent = String(slice + 1);
  };
  page.addEventListener('scroll', follow, { passive: true });
}

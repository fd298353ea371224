import { beforeEach, expect, it } from 'vitest';
import { cellOfPlace, placeOf, rememberPlace } from './place.ts';

const ANNA = 'u-anna';
const box = (left = 10): DOMRect => new DOMRect(left, 48, 400, 300);
const key = `ng.opening.${ANNA}`;

function resize(width: number, height = 800): void {
  Object.assign(window, { innerWidth: width, innerHeight: height });
}

beforeEach(() => {
  localStorage.clear();
  document.documentElement.lang = 'fr';
  document.documentElement.style.fontSize = '';
  history.replaceState(null, '', '/app/studies/1.2.3');
  resize(1000);
});

it('is that of the last room of this person', () => {
  expect(placeOf(ANNA)).toBeUndefined();
  rememberPlace(ANNA, box(20), true);
  rememberPlace(ANNA, box(10), true);
  expect(placeOf(ANNA)).toEqual({ box: [10, 48, 400, 300], isWide: true });
  expect(placeOf('u-other')).toBeUndefined();
});

it.each([
  ['a window of another size', () => resize(1001)],
  ['letters of another size', () => Object.assign(document.documentElement.style, { fontSize: '32px' })],
  ['another language', () => Object.assign(document.documentElement, { lang: 'en' })],
  ['a panel that was closed since', () => localStorage.setItem('ng.panel', 'closed')],
  ['something that was opened in an emergency since', () => localStorage.setItem('ng.above', '41')],
  ['a notice that was closed since', () => localStorage.setItem('ng.graphics', 'read')],
  ['a panel that is asked for', () => history.replaceState(null, '', '?panel=true')],
])('is not known of %s', (_what, change) => {
  rememberPlace(ANNA, box(), true);
  change();
  expect(placeOf(ANNA)).toBeUndefined();
});

it('is five numbers, of the latest six kinds of windows', () => {
  for (let width = 1000; width < 1010; width++) {
    resize(width);
    rememberPlace(ANNA, box(width - 1000), true);
  }
  const kept: Record<string, unknown> = JSON.parse(localStorage.getItem(key) ?? '');
  expect(Object.values(kept)).toEqual([4, 5, 6, 7, 8, 9].map((left) => [left, 48, 400, 300, 1]));
});

it.each(['', 'x', '{"x":[NaN', '[]', 'null', '7'])(
  'is not known where %j stands in its place, which the next room repairs',
  (text) => {
    localStorage.setItem(key, text);
    expect(placeOf(ANNA)).toBeUndefined();
    rememberPlace(ANNA, box(), true);
    expect(placeOf(ANNA)).toEqual({ box: [10, 48, 400, 300], isWide: true });
  },
);

it.each([
  ['no box', 'a'],
  ['three numbers', [1, 2, 3]],
  ['what a version before has kept', [10, 48, 400, 300]],
  ['words', ['1', '2', '3', '4', '1']],
  ['numbers that are none', [1, 2, null, 4, 1]],
  ['a width of another kind', [10, 48, 400, 300, 2]],
  ['a place outside of the window', [10, 48, 1000, 300, 1]],
  ['nothing', [10, 48, 0, 0, 1]],
])('is no place: %s', (_what, value) => {
  rememberPlace(ANNA, box(), true);
  const [kind = ''] = Object.keys(JSON.parse(localStorage.getItem(key) ?? ''));
  localStorage.setItem(key, JSON.stringify({ [kind]: value }));
  expect(placeOf(ANNA)).toBeUndefined();
});

it('is not that of a room above whose images something is said', () => {
  rememberPlace(ANNA, box(), true);
  document.body.innerHTML = '<div data-above-images><p>Another name</p></div>';
  rememberPlace(ANNA, box(70), true);
  document.body.innerHTML = '<div data-above-images></div>';
  expect(placeOf(ANNA)).toEqual({ box: [10, 48, 400, 300], isWide: true });
  rememberPlace(ANNA, box(70), true);
  expect(placeOf(ANNA)).toEqual({ box: [70, 48, 400, 300], isWide: true });
  document.body.innerHTML = '';
});

it.each([
  ['the only one', true, 0, { rows: 1, columns: 1 }, [10, 20, 301, 201]],
  ['the first beside another', true, 0, { rows: 1, columns: 2 }, [10, 20, 150, 201]],
  ['the second beside another', true, 1, { rows: 1, columns: 2 }, [161, 20, 150, 201]],
  ['the second below another, on a narrow page', false, 1, { rows: 1, columns: 2 }, [10, 121, 301, 100]],
  ['the last of four', true, 3, { rows: 2, columns: 2 }, [161, 121, 150, 100]],
])('has each pane in its cell: %s', (_which, isWide, pane, grid, cell) => {
  expect(cellOfPlace({ box: [10, 20, 301, 201], isWide }, pane, grid)).toEqual(cell);
});

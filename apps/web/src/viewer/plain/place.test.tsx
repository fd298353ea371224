import { beforeEach, expect, it } from 'vitest';
import { placeOf, rememberPlace } from './place.ts';

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
  rememberPlace(ANNA, box(20));
  rememberPlace(ANNA, box(10));
  expect(placeOf(ANNA)).toEqual([10, 48, 400, 300]);
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
  rememberPlace(ANNA, box());
  change();
  expect(placeOf(ANNA)).toBeUndefined();
});

it('is four numbers, of the latest six kinds of windows', () => {
  for (let width = 1000; width < 1010; width++) {
    resize(width);
    rememberPlace(ANNA, box(width - 1000));
  }
  const kept: Record<string, unknown> = JSON.parse(localStorage.getItem(key) ?? '');
  expect(Object.values(kept)).toEqual([4, 5, 6, 7, 8, 9].map((left) => [left, 48, 400, 300]));
});

it.each(['', 'x', '[]', 'null', '7'])('is not known where %j stands in its place', (text) => {
  localStorage.setItem(key, text);
  expect(placeOf(ANNA)).toBeUndefined();
  rememberPlace(ANNA, box());
  expect(placeOf(ANNA)).toEqual(text === '' || text === 'x' ? undefined : [10, 48, 400, 300]);
});

it.each([
  ['no box', 'a'],
  ['three numbers', [1, 2, 3]],
  ['words', ['1', '2', '3', '4']],
  ['numbers that are none', [1, 2, null, 4]],
  ['a place outside of the window', [10, 48, 1000, 300]],
  ['nothing', [10, 48, 0, 0]],
])('is no place: %s', (_what, value) => {
  rememberPlace(ANNA, box());
  const [kind = ''] = Object.keys(JSON.parse(localStorage.getItem(key) ?? ''));
  localStorage.setItem(key, JSON.stringify({ [kind]: value }));
  expect(placeOf(ANNA)).toBeUndefined();
});

it('is not that of a room above whose images something is said', () => {
  rememberPlace(ANNA, box());
  document.body.innerHTML = '<div data-above-images><p>Another name</p></div>';
  rememberPlace(ANNA, box(70));
  document.body.innerHTML = '<div data-above-images></div>';
  expect(placeOf(ANNA)).toEqual([10, 48, 400, 300]);
  rememberPlace(ANNA, box(70));
  expect(placeOf(ANNA)).toEqual([70, 48, 400, 300]);
  document.body.innerHTML = '';
});

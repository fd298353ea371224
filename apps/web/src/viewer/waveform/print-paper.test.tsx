import { afterEach, expect, test, vi } from 'vitest';
import { printPaper } from './print-paper.ts';

const HOSTILE = '<img src=x onerror="alert(1)">';
afterEach(() => {
  // Whatever a test leaves on the page goes as after printing.
  window.dispatchEvent(new Event('afterprint'));
});

function drawing(): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('width', '100%');
  svg.append(document.createElementNS('http://www.w3.org/2000/svg', 'path'));
  return svg;
}
const sheet = () => document.querySelector('.ng-print-paper');

test('a paper is printed at its own size, under the lines that say whose it is, and is gone afterwards', () => {
  let seen: string | undefined;
  vi.stubGlobal('print', () => {
    const copy = sheet()?.querySelector('svg');
    seen = `${document.body.dataset.printing} ${copy?.getAttribute('width')} ${copy?.getAttribute('height')} ${copy?.children.length}`;
  });
  const svg = drawing();
  printPaper(svg, ['MARTIN Anna', '25 mm/s · 10 mm/mV'], { width: 260, height: 130 });
  expect(seen).toBe('true 260mm 130mm 1');
  expect([...(sheet()?.querySelectorAll('p') ?? [])].map(({ textContent }) => textContent)).toEqual([
    'MARTIN Anna',
    '25 mm/s · 10 mm/mV',
  ]);
  // What one looks at stays as it is.
  expect(svg.getAttribute('width')).toBe('100%');
  window.dispatchEvent(new Event('afterprint'));
  expect([sheet(), document.body.dataset.printing]).toEqual([null, undefined]);
});

test('a name is printed as text, whatever it is', () => {
  vi.stubGlobal('print', () => undefined);
  printPaper(drawing(), [HOSTILE], { width: 10, height: 10 });
  expect(sheet()?.querySelector('p')?.textContent).toBe(HOSTILE);
  expect(document.querySelector('img')).toBeNull();
});

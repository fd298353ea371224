import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { frenchSpaces } from '../i18n/typography.ts';
import { LandingPage } from './page.tsx';
import { SHEET } from './pictures.ts';
import { startLanding } from './start.ts';

const HEIGHT = 4_000;
const VIEW = 900;
const asked: string[] = [];

/** As if the window had been scrolled so far through all that stands beside the light box. */
function scrollTo(part: number): void {
  const place = { top: -part * (HEIGHT - VIEW), height: HEIGHT } as DOMRect; // What is read of it.
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(place);
  document.dispatchEvent(new Event('scroll'));
}
/** What is shown in a language: as the style sheet has it, which jsdom does not load. */
function shown(): string {
  const copy = document.body.cloneNode(true) as HTMLElement; // A body's copy is one.
  const other = document.documentElement.lang === 'fr' ? 'en' : 'fr';
  for (const hidden of copy.querySelectorAll(`[data-in="${other}"], [hidden]`)) hidden.remove();
  return copy.textContent ?? '';
}
const byLanguage = (to: string): HTMLElement | null => document.querySelector(`[data-language="${to}"]`);
const pictureOf = (): string =>
  document.querySelector<HTMLImageElement>(`img[data-in="${document.documentElement.lang}"]`)?.src ?? '';

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal('fetch', async (address: string) => {
    asked.push(address);
    return new Response('');
  });
  Object.defineProperty(document.documentElement, 'clientHeight', { configurable: true, value: VIEW });
  document.body.innerHTML = renderToStaticMarkup(
    <LandingPage pictures={(['fr', 'en'] as const).map((locale) => ({ locale, src: `/picture-${locale}.webp` }))} />,
  );
});
afterEach(() => {
  vi.restoreAllMocks();
  Reflect.deleteProperty(document.documentElement, 'clientHeight');
  document.body.innerHTML = '';
  localStorage.clear();
});

describe('the landing page', () => {
  test.each([
    ['fr', 'Coupe', 'Faites défiler : les coupes suivent.'],
    ['en', 'Slice', 'Scroll: the slices follow.'],
  ] as const)('shows our viewer, and goes through its slices as one scrolls (%s)', (locale, word, hint) => {
    localStorage.setItem('ng.locale', locale);
    startLanding(document);
    expect(shown()).toContain(locale === 'fr' ? frenchSpaces(hint) : hint);
    expect(shown()).not.toContain(`${word} 1`);
    const pane = document.querySelector<HTMLElement>('[data-slices]');
    expect(pane?.style.getPropertyValue(`--slices-${locale}`)).toBe('');
    const places = new Set<string>();
    for (let slice = 0; slice < SHEET.cells; slice += 1) {
      scrollTo((slice + 0.5) / SHEET.cells);
      expect(shown()).toContain(`${word} ${slice + 1} / ${SHEET.cells}`);
      places.add(pane?.style.backgroundPosition ?? '');
    }
    expect(pane?.style.getPropertyValue(`--slices-${locale}`)).toContain(`slices-${locale}`);
    expect([places.size, SHEET.cells]).toEqual([24, 24]);
    expect(document.querySelectorAll('h2')).toHaveLength(5);
  });

  test('can be put into the other language, by the keyboard too, and stays there', () => {
    localStorage.setItem('ng.locale', 'fr');
    startLanding(document);
    expect([document.documentElement.lang, pictureOf()]).toEqual(['fr', expect.stringMatching(/picture-fr/)]);
    byLanguage('en')?.click();
    expect([document.documentElement.lang, pictureOf()]).toEqual(['en', expect.stringMatching(/picture-en/)]);
    expect(localStorage.getItem('ng.locale')).toBe('en');
    // For the profile of who signs in next.
    expect(sessionStorage.getItem('ng.chosen')).toMatch(/^en\d+$/);
    expect(document.activeElement).toBe(byLanguage('fr'));
    expect(shown()).toContain('Your images, on a light box.');
    byLanguage('fr')?.click();
    expect(shown()).toContain('Vos images, sur une table lumineuse.');
  });

  test.each([
    ['the form to a stranger', '', '/login.html'],
    ['the application to whoever has a session', 'negatoscope_csrf=x', '/index.html'],
  ])('fetches %s when somebody reaches for the button, once', (_who, cookie, address) => {
    vi.spyOn(document, 'cookie', 'get').mockReturnValue(cookie);
    startLanding(document);
    expect(asked).toEqual([]);
    const link = document.querySelector('[data-sign-in]');
    expect(link?.getAttribute('href')).toBe('/app');
    for (const kind of ['pointerenter', 'focus', 'pointerdown']) link?.dispatchEvent(new Event(kind));
    expect(asked).toEqual([address]);
  });
});

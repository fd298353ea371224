import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { SHEET } from '../app/landing/pictures.ts';
import { FakeApi } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';

/** As if the window had been scrolled so far through all that stands beside the light box. */
function scrollTo(part: number): void {
  const [height, view] = [4_000, 900];
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, -part * (height - view), 1440, height));
  const main = screen.getByRole('main');
  if (main.parentElement !== null) fireEvent.scroll(main.parentElement);
}

describe('the first page', () => {
  test.each([
    ['fr', 'Coupe 1 / 24', 'Coupe 13 / 24', 'Coupe 24 / 24', /Faites défiler/],
    ['en', 'Slice 1 / 24', 'Slice 13 / 24', 'Slice 24 / 24', /Scroll/],
  ] as const)('shows our viewer, and goes through its slices as one scrolls (%s)', async (locale, first, middle, last, hint) => {
    vi.stubGlobal(
      'DOMRect',
      class {
        constructor(
          readonly x: number,
          readonly top: number,
          readonly width: number,
          readonly height: number,
        ) {}
      },
    );
    await openPage(new FakeApi(), '/', { me: 'nobody', locale });
    expect((await screen.findByRole('img')).getAttribute('src')).toMatch(/viewer.*\.webp/);
    expect(screen.getByText(hint)).toBeTruthy();
    expect(SHEET.cells).toBe(24);
    for (const [part, said] of [
      [0, first],
      [0.5, middle],
      [1, last],
    ] as const) {
      scrollTo(part);
      expect(await screen.findByText(said)).toBeTruthy();
    }
    expect(screen.getAllByRole('heading', { level: 2 })).toHaveLength(5);
  });
});

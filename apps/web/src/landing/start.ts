import { csrfHeader } from '../api/csrf.ts';
import { fetchAhead } from '../kept/ahead.ts';
import { followScrolling } from './follow.ts';
import { speak } from './language.ts';

/** Whoever reaches for the button finds the form there, or the application where somebody has a session. */
function comeAhead(page: Document): void {
  const link = page.querySelector('[data-sign-in]');
  const next = () => (Object.keys(csrfHeader()).length === 0 ? '/login.html' : '/index.html');
  const controller = new AbortController();
  for (const kind of ['pointerenter', 'pointerdown', 'focus'])
    link?.addEventListener(
      kind,
      () => {
        controller.abort();
        void fetchAhead(next());
      },
      { signal: controller.signal },
    );
}

/** Brings the page that the build has drawn to life. */
export function startLanding(page: Document): void {
  speak(page);
  followScrolling(page);
  comeAhead(page);
}

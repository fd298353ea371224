import { afterEach, expect, it, vi } from 'vitest';
import { watchRestored } from './restored-page.ts';

afterEach(() => vi.unstubAllGlobals());

const hasCookie = (value: string | undefined): string => (value === undefined ? '' : `negatoscope_csrf=${value}`);

it.each<[string, string | undefined, string | undefined, boolean, boolean]>([
  ['the same session', 'anna', 'anna', true, true],
  ['another session', 'anna', 'bert', true, false],
  ['no session any more', 'anna', undefined, true, false],
  ['none before either', undefined, undefined, true, false],
  ['another session, but loaded and not restored', 'anna', 'bert', false, true],
])('a page that comes back from the cache of pages, with %s', (_which, before, now, persisted, stays) => {
  const heard = new EventTarget();
  const page = { cookie: hasCookie(before), body: { replaceChildren: vi.fn() } };
  vi.stubGlobal('document', page);
  vi.stubGlobal('window', heard);
  const reload = vi.fn();
  watchRestored(reload);
  heard.dispatchEvent(new Event('pagehide'));
  page.cookie = hasCookie(now);
  heard.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }));
  expect([page.body.replaceChildren.mock.calls.length, reload.mock.calls.length]).toEqual(stays ? [0, 0] : [1, 1]);
});

import { DEFAULT_LEVEL, Me, permissionsOf, type Role, User } from '@negatoscope/contract';
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { act, cleanup, configure, render } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { I18nProvider } from 'react-aria-components';
import { afterEach, expect, vi } from 'vitest';
import { queryClient } from '../api/query-client.ts';
import { router } from '../app/router.tsx';
import { setLocale, startI18n } from '../i18n/index.ts';
import type { FakeApi } from './fake-api.ts';
import { idOf, make } from './sample.ts';

// A part of the page is loaded when it is first shown.
configure({ asyncUtilTimeout: 15_000 });

class SilentObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

/** Which media queries hold, by a piece of their text. */
let held: readonly string[] = [];

/** A window of 1440 by 900, or a phone: the drawing of jsdom has no sizes, and lists show the rows that have room. */
function drawWindow(isPhone: boolean): void {
  const [width, height] = isPhone ? [390, 844] : [1440, 900];
  held = isPhone ? ['max-width: 639px', 'pointer: coarse'] : ['min-width'];
  for (const [name, value] of [
    ['offsetWidth', width],
    ['clientWidth', width],
    ['offsetHeight', height],
    ['clientHeight', height],
  ] as const)
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => value });
}

function stubBrowser(api: FakeApi): void {
  vi.stubGlobal('fetch', api.fetch);
  vi.stubGlobal('ResizeObserver', SilentObserver);
  // What waits for a quiet moment (the viewer, which is 4 MB) never comes.
  vi.stubGlobal('requestIdleCallback', () => 0);
  vi.stubGlobal('matchMedia', (query: string) => ({
    matches: held.some((part) => query.includes(part)),
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
  // The ids that rows are looked up by need no escaping.
  vi.stubGlobal('CSS', { escape: String });
  window.scrollTo = () => undefined;
  Element.prototype.scrollIntoView = () => undefined;
}

/** Somebody of this role, as signed in. */
export const meOf = (role: Role, fields: Partial<User> = {}): Me => {
  const level = fields.level ?? DEFAULT_LEVEL[role];
  const user = make(User, {
    id: idOf(1),
    role,
    level,
    email: 'me@example.org',
    firstName: 'Jeanne',
    lastName: 'Durand',
    ...fields,
  });
  return make(Me, { user, permissions: [...permissionsOf(role, level)], csrfToken: 'token' });
};

interface PageOptions {
  readonly role?: Role;
  /** Somebody else than a person of the role; `nobody`: what the test's API says of `me` stands. */
  readonly me?: Me | 'nobody';
  readonly locale?: 'fr' | 'en';
  readonly isPhone?: boolean;
}

export interface OpenPage {
  readonly user: UserEvent;
  /** Where the page is. */
  readonly address: () => string;
  readonly navigate: (address: string) => Promise<void>;
  /** Takes the page away, before the test ends. */
  readonly close: () => void;
}

let opened: FakeApi | undefined;
let isStarted = false;

/** The page at an address, over an API of the contract, for somebody who is signed in. */
export async function openPage(api: FakeApi, address: string, options: PageOptions = {}): Promise<OpenPage> {
  const { role = 'RADIOLOGIST', locale = 'fr', isPhone = false } = options;
  opened = api;
  stubBrowser(api);
  drawWindow(isPhone);
  const { queries, ...others } = queryClient.getDefaultOptions();
  queryClient.setDefaultOptions({ ...others, queries: { ...queries, retryDelay: 1, refetchInterval: false } });
  queryClient.clear();
  if (!isStarted) await startI18n();
  isStarted = true;
  await setLocale(locale);
  const { me = meOf(role) } = options;
  if (me !== 'nobody') api.on('me', () => ({ ...me, user: { ...me.user, locale } }));
  const history = createMemoryHistory({ initialEntries: [address] });
  router.update({ ...router.options, history });
  const user = userEvent.setup();
  render(
    <I18nProvider locale={locale === 'fr' ? 'fr-FR' : 'en-GB'}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>,
  );
  return {
    user,
    address: () => history.location.href,
    navigate: (to) => act(async () => history.push(to)),
    close: cleanup,
  };
}

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  queryClient.clear();
  const faults = opened?.faults ?? [];
  opened = undefined;
  // The page, or the test, has broken the contract.
  expect(faults).toEqual([]);
});

import { DEFAULT_LEVEL, Me, permissionsOf, type Role, User } from '@negatoscope/contract';
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRouter, RouterProvider } from '@tanstack/react-router';
import { act, cleanup, configure, fireEvent, render } from '@testing-library/react';
import userEvent, { PointerEventsCheckLevel, type UserEvent } from '@testing-library/user-event';
import { MotionGlobalConfig } from 'motion/react';
import type { ReactElement, ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import { expect, vi } from 'vitest';
import { meQuery } from '../api/me.ts';
import { queryClient } from '../api/query-client.ts';
import { router } from '../app/router.tsx';
import { IDLE, publishImport, publishPeople } from '../features/import/import-store.ts';
import { cancelImport, resetImport } from '../features/import/run.ts';
import { loadViewerTexts, setLocale, startI18n } from '../i18n/index.ts';
import { frenchSpaces } from '../i18n/typography.ts';
import { forgetPlaces } from '../ui/use-list-place.ts';
import { type FakeApi, Refusal } from './fake-api.ts';
import { idOf, make } from './sample.ts';

configure({
  // Longer than anything takes on a machine that does other things as well.
  asyncUtilTimeout: 20_000,
  // Without asking jsdom the style of every ancestor of every element: styles are not loaded here, and what is hidden is not drawn.
  defaultHidden: true,
  // A page as text takes a tenth of a second each time that something is not there yet, and 7,000 lines of a log in the end.
  getElementError: (message) => Object.assign(new Error(message ?? 'Not found'), { name: 'TestingLibraryElementError' }),
});
// What comes and goes is there and gone at once: nothing draws the frames between.
MotionGlobalConfig.skipAnimations = true;

/** A text as French sets it: with spaces at which no line breaks. Names are compared letter by letter. */
export const fr = frenchSpaces;

class SilentObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

/** Events that never come. */
class SilentEvents {
  addEventListener(): void {}
  close(): void {}
}

/** Which media queries hold, by a piece of their text. */
let held: readonly string[] = [];

/** A window of 1440 by 900, or a phone: jsdom gives nothing a size, and lists show the rows, bars the buttons, that have room. */
function drawWindow(isPhone: boolean): void {
  const [width, height] = isPhone ? [390, 844] : [1440, 900];
  held = isPhone
    ? ['max-width: 639px', 'max-width: 899px', 'max-width: 1023px', 'max-width: 2599px', 'pointer: coarse']
    : ['min-width'];
  const button = isPhone ? 44 : 36;
  for (const [name, value] of [
    ['offsetWidth', width],
    ['clientWidth', width],
    ['offsetHeight', height],
    ['clientHeight', height],
  ] as const)
    Object.defineProperty(HTMLElement.prototype, name, {
      configurable: true,
      get(this: HTMLElement) {
        // The viewer's bar has room for all that it does: which of it stands where there is less is tested beside `slotsOf`.
        if (this.tagName === 'HEADER' && !isPhone) return 3840;
        return this.tagName === 'BUTTON' ? button : value;
      },
    });
}

function stubBrowser(api: FakeApi): void {
  vi.stubGlobal('fetch', api.fetch);
  vi.stubGlobal('ResizeObserver', SilentObserver);
  if (typeof EventSource === 'undefined') vi.stubGlobal('EventSource', SilentEvents);
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
  // Of its Blob jsdom knows no way to the bytes.
  Blob.prototype.arrayBuffer ??= function (this: Blob) {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => (reader.result instanceof ArrayBuffer ? resolve(reader.result) : reject(reader.error));
      reader.onerror = () => reject(reader.error);
      reader.readAsArrayBuffer(this);
    });
  };
  window.scrollTo = () => undefined;
  HTMLCanvasElement.prototype.getContext = () => null;
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
    groupIds: fields.groupId == null ? [] : [fields.groupId],
    ...fields,
  });
  return make(Me, { user, permissions: [...permissionsOf(role, level)], csrfToken: 'token', provider: null });
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

/** Whoever presses and types: without a pause, and without asking styles, which are not loaded, whether something may be pressed. */
export const person = (): UserEvent => userEvent.setup({ delay: null, pointerEventsCheck: PointerEventsCheckLevel.Never });

/** Texts, and the code of every page, so that no test waits for what another one has loaded. */
async function start(): Promise<void> {
  isStarted = true;
  Object.defineProperty(document, 'fonts', { configurable: true, value: { load: async () => [] } });
  const chunks = Object.values(router.routesById).map((route) => router.loadRouteChunk(route));
  // What a row under the pointer asks for too: a test may end before it would have come.
  await Promise.all([startI18n(), ...chunks, import('../viewer/prefetch.ts')]);
}

/** What stands around everything that is shown: the API, the window, the language and who is signed in. */
async function prepare(api: FakeApi, { role = 'RADIOLOGIST', locale = 'fr', isPhone = false, me = meOf(role) }: PageOptions) {
  opened = api;
  stubBrowser(api);
  drawWindow(isPhone);
  const { queries, ...others } = queryClient.getDefaultOptions();
  queryClient.setDefaultOptions({ ...others, queries: { ...queries, retryDelay: 1, refetchInterval: false } });
  queryClient.clear();
  if (!isStarted) await start();
  await setLocale(locale);
  if (!api.answers('waysIn')) api.on('waysIn', () => ({ passwords: true, providers: [], mail: false, passkeys: false }));
  // An application's codes alone.
  if (!api.answers('beginSecondPasskey')) api.on('beginSecondPasskey', () => new Refusal('PASSKEYS_UNAVAILABLE'));
  if (me !== 'nobody') api.on('me', () => ({ ...me, user: { ...me.user, locale } }));
  const around = (part: ReactNode): ReactElement => (
    <I18nProvider locale={locale === 'fr' ? 'fr-FR' : 'en-GB'}>
      <QueryClientProvider client={queryClient}>{part}</QueryClientProvider>
    </I18nProvider>
  );
  return { around, user: person() };
}

/** The page at an address, over an API of the contract, for somebody who is signed in. */
export async function openPage(api: FakeApi, address: string, options: PageOptions = {}): Promise<OpenPage> {
  const { around, user } = await prepare(api, options);
  const history = createMemoryHistory({ initialEntries: [address] });
  render(around(<RouterProvider router={createRouter({ ...router.options, history })} />));
  return {
    user,
    address: () => history.location.href,
    navigate: (to) => act(async () => history.push(to)),
    close: cleanup,
  };
}

export interface OpenPart {
  /** What the part is drawn into, without what else a library has put into the page. */
  readonly container: HTMLElement;
  readonly user: UserEvent;
  /** Shows it with other properties. */
  readonly again: (part: ReactNode) => void;
  readonly close: () => void;
}

/** A part of the viewer by itself, which needs no address, with its texts, for somebody who is signed in. */
export async function openPart(api: FakeApi, part: ReactNode, options: PageOptions = {}): Promise<OpenPart> {
  const { around, user } = await prepare(api, options);
  await loadViewerTexts();
  if (options.me !== 'nobody') await queryClient.fetchQuery(meQuery);
  const { rerender, container } = render(around(part));
  return { user, container, again: (next) => rerender(around(next)), close: cleanup };
}

/** After each test: nothing of it stays, and neither it nor the page has broken the contract. */
export function closePage(): void {
  // Messages stand for seconds, longer than a test.
  for (const button of document.querySelectorAll('[aria-live="polite"] button:last-child')) fireEvent.click(button);
  cleanup();
  vi.restoreAllMocks();
  void cancelImport();
  resetImport();
  publishImport(IDLE);
  publishPeople([]);
  // Else the next test's cursor stands where an earlier one left it.
  forgetPlaces();
  queryClient.clear();
  localStorage.clear();
  sessionStorage.clear();
  const faults = opened?.faults ?? [];
  opened = undefined;
  expect(faults).toEqual([]);
}

import { Notice } from '@negatoscope/contract';
import { act, screen, waitFor, within } from '@testing-library/react';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeApi } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const HOSTILE = '<img src=x onerror="alert(1)">';
const study = {
  ...{ id: idOf(201), studyInstanceUid: '2.25.1', groupId: idOf(700), patientId: idOf(101) },
  ...{ patientName: 'BERNARD Anna', description: 'Thorax' },
};
const noticeOf = (number: number, fields: Partial<Notice> = {}) =>
  make(Notice, { id: idOf(500 + number), kind: 'STUDY_ASSIGNED', study, at: '2026-03-01T08:00:00.000Z', ...fields });

type Listener = (event: { data: string }) => void;
let listeners = new Map<string, Listener>();
beforeEach(() => {
  listeners = new Map();
  vi.stubGlobal(
    'EventSource',
    class {
      readonly isOfNotices: boolean;
      constructor(address: string) {
        this.isOfNotices = address.includes('/notices/events');
      }
      addEventListener = (name: string, listener: Listener): void => {
        if (this.isOfNotices) listeners.set(name, listener);
      };
      close = (): void => undefined;
    },
  );
});
// The next page makes a silent one of its own.
afterAll(() => void Reflect.deleteProperty(globalThis, 'EventSource'));
const hear = (unread: number): void => act(() => listeners.get('notices')?.({ data: JSON.stringify({ unread }) }));

/** A server that knows which are read. */
function server(first: readonly Notice[]) {
  const state = { items: [...first] };
  const read = (ids: readonly string[] | undefined): void => {
    state.items = state.items.map((one) => (ids === undefined || ids.includes(one.id) ? { ...one, readAt: one.at } : one));
  };
  const unread = (): number => state.items.filter(({ readAt }) => readAt === null).length;
  const api = new FakeApi()
    .on('listNotices', () => ({ items: state.items, unread: unread() }))
    .on('readNotices', ({ body }) => {
      read((body as { ids?: string[] }).ids); // Read by the contract.
      return { unread: unread() };
    });
  return { api, state };
}
const open = async (first: readonly Notice[], options: Parameters<typeof openPage>[2] = {}) => {
  const { api, state } = server(first);
  const page = await openPage(api, '/app/profile', options);
  const bell = () => screen.findByRole('button', { name: /^Notifications/ });
  return { ...page, api, state, bell };
};

describe('the bell', () => {
  test('says how many are unread by its name; one’s list says what each is about', async () => {
    const { user, bell } = await open([noticeOf(1), noticeOf(2, { kind: 'REPORT_SIGNED', readAt: '2026-03-01T09:00:00.000Z' })]);
    await waitFor(async () => expect((await bell()).getAttribute('aria-label')).toMatch(/1 non lue$/));
    await user.click(await bell());
    const list = await screen.findByRole('dialog', { name: 'Notifications' });
    const lines = within(list).getAllByRole('listitem');
    expect(lines.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/^Examen qui vous est attribué.*BERNARD Anna · Thorax$/),
      expect.stringMatching(/^Compte rendu signé.*BERNARD Anna · Thorax$/),
    ]);
    // What is unread is set apart by more than its colour.
    expect(lines.map((line) => line.querySelector('.font-semibold') !== null)).toEqual([true, false]);
  });

  test('leads to the study, in its group, which reads that one alone', async () => {
    const { user, bell, api, address } = await open([noticeOf(1), noticeOf(2)]);
    await user.click(await bell());
    const [link] = within(await screen.findByRole('dialog', { name: 'Notifications' })).getAllByRole('link');
    if (link === undefined) throw new TypeError('There is no link.');
    await user.click(link);
    await waitFor(() => expect(address()).toBe(`/app/studies/2.25.1?groupId=${idOf(700)}`));
    expect(api.of('readNotices').map(({ body }) => body)).toEqual([{ ids: [idOf(501)] }]);
  });

  test('leads from an import to its report, and from one that is read sends nothing', async () => {
    const done = noticeOf(1, { kind: 'IMPORT_DONE', study: null, entityId: idOf(60), readAt: '2026-03-01T09:00:00.000Z' });
    const { user, bell, api, address } = await open([done]);
    await user.click(await bell());
    await user.click(await screen.findByRole('link', { name: /Import terminé/ }));
    await waitFor(() => expect(address()).toBe(`/app/imports/${idOf(60)}`));
    expect(api.of('readNotices')).toEqual([]);
  });

  test('names nothing of what is out of one’s reach by now', async () => {
    const { user, bell, api } = await open([noticeOf(1, { study: null })]);
    await user.click(await bell());
    const list = await screen.findByRole('dialog', { name: 'Notifications' });
    expect(within(list).queryByRole('link')).toBeNull();
    await user.click(within(list).getByRole('button', { name: /hors de votre accès/ }));
    await waitFor(() => expect(api.of('readNotices')).toHaveLength(1));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('has all of them read by one press, and says so', async () => {
    const { user, bell, api } = await open([noticeOf(1), noticeOf(2)]);
    await user.click(await bell());
    await user.click(await screen.findByRole('button', { name: 'Tout marquer comme lu' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Tout marquer comme lu' })).toBeNull());
    expect(api.of('readNotices').map(({ body }) => body)).toEqual([{}]);
    await user.keyboard('{Escape}');
    await waitFor(async () => expect((await bell()).getAttribute('aria-label')).toBe('Notifications'));
  });

  test('that has nothing says what will be there', async () => {
    const { user, bell } = await open([]);
    await user.click(await bell());
    expect(await screen.findByText(/^Rien de nouveau/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Tout marquer comme lu' })).toBeNull();
  });

  test('hears what comes while the page is open, and reads the list once for the first word', async () => {
    const { api, state, bell } = await open([]);
    await waitFor(() => expect(listeners.has('notices')).toBe(true));
    const before = api.of('listNotices').length;
    hear(0);
    state.items = [noticeOf(1)];
    hear(1);
    await waitFor(async () => expect((await bell()).getAttribute('aria-label')).toMatch(/1 non lue$/));
    expect(api.of('listNotices').length).toBe(before + 1);
  });

  test('writes what others named as text', async () => {
    const { user, bell } = await open([noticeOf(1, { study: { ...study, patientName: HOSTILE } })]);
    await user.click(await bell());
    expect(await screen.findByText(`${HOSTILE} · Thorax`)).toBeTruthy();
    expect(document.querySelector('img[src="x"]')).toBeNull();
  });

  test('past ninety-nine shows no longer number, and says the whole one', async () => {
    const { bell } = await open(Array.from({ length: 120 }, (_, index) => noticeOf(index)));
    await waitFor(async () => expect((await bell()).getAttribute('aria-label')).toMatch(/120 non lues$/));
    expect((await bell()).parentElement?.textContent).toBe('99+');
  });
});

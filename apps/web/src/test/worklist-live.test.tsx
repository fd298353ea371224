import type { Study } from '@negatoscope/contract';
import { act, screen, waitFor, within } from '@testing-library/react';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeApi, listOf } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { studyOf } from './rows-fixture.ts';

/** Streams of events that the test speaks for. */
let sources: { address: string; listeners: Map<string, (event: { data: string }) => void>; isClosed: boolean }[] = [];
beforeEach(() => {
  sources = [];
  vi.stubGlobal(
    'EventSource',
    class {
      readonly source: (typeof sources)[number];
      constructor(address: string) {
        this.source = { address, listeners: new Map(), isClosed: false };
        sources.push(this.source);
      }
      addEventListener = (name: string, listener: (event: { data: string }) => void): void =>
        void this.source.listeners.set(name, listener);
      close = (): void => {
        this.source.isClosed = true;
      };
    },
  );
});
// The next page makes a silent one of its own.
afterAll(() => void Reflect.deleteProperty(globalThis, 'EventSource'));

const stream = () => sources.findLast(({ address }) => address.includes('/studies/events'));
const hear = (name: string, data: object): void => act(() => stream()?.listeners.get(name)?.({ data: JSON.stringify(data) }));
const idsOf = (): (string | undefined)[] =>
  screen
    .getAllByRole('row')
    .map((row) => row.dataset.row)
    .filter((id) => id !== undefined);
const later = { timeout: 4_000 };

async function open(first: readonly Study[], role: 'RADIOLOGIST' | 'STAFF' = 'RADIOLOGIST') {
  const server = { rows: [...first] };
  const api = new FakeApi().on('listStudies', () => listOf(server.rows));
  const page = await openPage(api, '/app/worklist', { role });
  await screen.findByText('Thorax 1');
  return { ...page, api, server };
}

describe('a worklist that lives', () => {
  test('changes a row where it stands, and tells of a new one without moving any', async () => {
    const { api, server, user } = await open([studyOf(1), studyOf(2)]);
    const before = idsOf();
    hear('changed', { items: [studyOf(2, { assigneeId: studyOf(9).id, assigneeName: 'Awa Diop' })], gone: [] });
    expect(await screen.findByText('Awa Diop')).toBeTruthy();
    expect(idsOf()).toEqual(before);
    expect(api.of('listStudies')).toHaveLength(1);

    server.rows = [studyOf(3), ...server.rows];
    hear('changed', { items: [studyOf(3)], gone: [] });
    const button = await screen.findByRole('button', { name: /1 nouvel examen/ }, later);
    expect(idsOf()).toEqual(before);
    await user.click(button);
    expect(await screen.findByText('Thorax 3')).toBeTruthy();
    await waitFor(() => expect(screen.queryByRole('button', { name: /nouvel examen/ })).toBeNull());
  });

  test('takes out what went, and says nothing of studies that its filters do not want', async () => {
    const { api, server } = await open([studyOf(1), studyOf(2)]);
    server.rows = [studyOf(1)];
    hear('changed', { items: [studyOf(7)], gone: [studyOf(2).id] });
    await waitFor(() => expect(screen.queryByText('Thorax 2')).toBeNull());
    await waitFor(() => expect(api.of('listStudies')).toHaveLength(2), later);
    expect(screen.queryByRole('button', { name: /nouvel examen/ })).toBeNull();
  });

  test('says that its line is lost, and catches up with all that was missed when it is back', async () => {
    const { server } = await open([studyOf(1), studyOf(2), studyOf(3)]);
    hear('alive', {});
    server.rows = [studyOf(4), studyOf(1, { status: 'VALIDATED' }), studyOf(3)];
    act(() => stream()?.listeners.get('error')?.({ data: '' }));
    expect((await screen.findByText(/^Connexion perdue à/, {}, { timeout: 6_000 })).textContent).toMatch(/\d\d:\d\d/);
    // The page listens again by itself, and asks first for what it missed.
    await waitFor(() => expect(screen.queryByText('Thorax 2')).toBeNull(), later);
    expect(within(screen.getByRole('grid')).getByText('Validé')).toBeTruthy();
    expect(await screen.findByRole('button', { name: /1 nouvel examen/ })).toBeTruthy();
    hear('alive', {});
    await waitFor(() => expect(screen.queryByText(/^Connexion perdue/)).toBeNull());
  }, 15_000);
});

describe('who reads a study', () => {
  const [own, other] = [studyOf(1), '01990000-0000-7000-8000-0000000000bb'];

  test('is told by a key; the second of two who assign at once sees whom the first chose, and may choose again', async () => {
    const { api, user } = await open([own, studyOf(2)]);
    const sent: unknown[] = [];
    const taken = { ...own, assigneeId: other, assigneeName: 'Jean Ba', workVersion: 1 };
    api.on('changeWork', ({ body }) => {
      sent.push(body);
      return { items: [{ id: own.id, outcome: sent.length === 1 ? 'STALE' : 'CHANGED', study: taken }] };
    });
    await user.keyboard('j');
    // A key is for the row that the cursor is seen on.
    await waitFor(() => expect(document.querySelector('[aria-selected="true"]')).not.toBeNull());
    await user.keyboard('a');
    expect(await screen.findByText(/attribué entre-temps à Jean Ba/)).toBeTruthy();
    expect(screen.getByText('Jean Ba')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Appliquer quand même' }));
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent).toMatchObject([{ items: [{ id: own.id, version: 0 }] }, { items: [{ id: own.id, version: 1 }] }]);
  });

  test('is set for several at once, and taken back by the button of its toast', async () => {
    const { api, user } = await open([own, studyOf(2)]);
    type Sent = { items: { id: string; urgency?: Study['urgency']; version?: number }[] };
    const sent: Sent[] = [];
    api.on('changeWork', ({ body }) => {
      const { items } = body as Sent; // As the contract has it.
      sent.push({ items });
      return {
        items: items.map(({ id, urgency }) => ({
          id,
          outcome: 'CHANGED',
          study: { ...(id === own.id ? own : studyOf(2)), urgency, workVersion: sent.length },
        })),
      };
    });
    await user.click(screen.getByRole('button', { name: 'Choisir' }));
    // Each press draws the boxes anew.
    for (const at of [0, 1]) {
      const box = screen.getAllByRole('checkbox', { name: /^Choisir/ })[at];
      if (box !== undefined) await user.click(box);
    }
    await user.click(screen.getByRole('button', { name: 'Attribuer' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Immédiat' }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.items).toHaveLength(2);
    await waitFor(() => expect(within(screen.getByRole('grid')).getAllByRole('img', { name: 'Immédiat' })).toHaveLength(2));
    await user.click(await screen.findByRole('button', { name: 'Annuler' }));
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]?.items.map(({ urgency, version }) => [urgency, version])).toEqual([
      ['ROUTINE', 1],
      ['ROUTINE', 1],
    ]);
    // They are still chosen: what is done next is done upon what is seen, not upon what was there when they were.
    await waitFor(() => expect(within(screen.getByRole('grid')).queryAllByRole('img', { name: 'Immédiat' })).toHaveLength(0));
    await user.click(screen.getByRole('button', { name: 'Attribuer' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Urgent' }));
    await waitFor(() => expect(sent).toHaveLength(3));
    expect(sent[2]?.items.map(({ urgency, version }) => [urgency, version])).toEqual([
      ['URGENT', 2],
      ['URGENT', 2],
    ]);
  });

  test.each([
    ['for who may not', () => own, 'STAFF', 'ar'],
    ['on what is open for reading alone', () => ({ ...own, onlyReads: true }), 'RADIOLOGIST', 'arux'],
  ] as const)('no letter does anything %s', async (_what, row, role, letters) => {
    const { api, user } = await open([row()], role);
    await user.keyboard('j');
    // A key is for the row that the cursor is seen on.
    await waitFor(() => expect(document.querySelector('[aria-selected="true"]')).not.toBeNull());
    await user.keyboard(letters);
    expect(api.of('changeWork')).toHaveLength(0);
  });
});

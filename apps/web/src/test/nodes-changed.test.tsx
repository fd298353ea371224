import { DicomNode, Group } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const node = (more: Partial<DicomNode> = {}) =>
  make(DicomNode, {
    ...{ id: idOf(1), name: 'Scanner', aeTitle: 'CT1', host: '10.1.2.3', port: 104, usesTls: false, tlsFingerprint: null },
    ...{ mayStore: true, mayQuery: false, mayRetrieve: false, mayWorklist: false, mayBeAsked: false, takesStudies: false },
    ...{ groupId: null, version: 3, lastSeenAt: null },
    ...more,
  });
const withNodes = (items: () => readonly DicomNode[]): FakeApi =>
  new FakeApi()
    .on('listNodes', () => ({ items: [...items()], listening: null }))
    .on('listGroups', () => listOf([make(Group, { id: idOf(7), name: 'Radiologie' })]));
const open = (api: FakeApi, locale: 'fr' | 'en' = 'fr') => openPage(api, '/app/admin/nodes', { role: 'ADMIN', locale });

describe('a node that two people change', () => {
  test('shows both versions, takes over what was not touched, and is saved upon the other’s', async () => {
    let now = node();
    const api = withNodes(() => [now]).on('updateNode', () => new Refusal('STALE_UPDATE'));
    const { user } = await open(api);
    await user.click(await screen.findByRole('button', { name: 'Modifier Scanner' }));
    const dialog = await screen.findByRole('dialog', { name: 'Modifier Scanner' });
    await user.clear(within(dialog).getByLabelText('Port'));
    await user.type(within(dialog).getByLabelText('Port'), '4242');
    now = node({ version: 4, port: 11_112, mayQuery: true, groupId: idOf(7) });
    await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
    expect(await within(dialog).findByText('Quelqu’un a changé ce nœud entre-temps')).toBeTruthy();
    const lines = within(dialog).getAllByRole('listitem');
    expect(lines.map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining('Radiologie'),
      expect.stringMatching(/^Peut chercher.*oui$/),
      expect.stringMatching(/^Port.*4242.*11112/),
    ]);
    api.on('updateNode', () => node({ version: 5 }));
    await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.of('updateNode').at(-1)?.body).toMatchObject({ version: 4, port: 4242, mayQuery: true, groupId: idOf(7) });
  });

  test('may take the other’s value instead of one’s own', async () => {
    let now = node();
    const api = withNodes(() => [now]).on('updateNode', () => new Refusal('STALE_UPDATE'));
    const { user } = await open(api, 'en');
    await user.click(await screen.findByRole('button', { name: 'Edit Scanner' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText('Name'), ' 2');
    now = node({ version: 4, name: 'CT, ground floor' });
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    await user.click(await within(dialog).findByRole('button', { name: 'Take it' }));
    expect(within(dialog).getByLabelText<HTMLInputElement>('Name').value).toBe('CT, ground floor');
  });

  test('that the other has removed is said to be gone, with what to do', async () => {
    let items = [node()];
    const api = withNodes(() => items).on('updateNode', () => new Refusal('STALE_UPDATE'));
    const { user } = await open(api);
    await user.click(await screen.findByRole('button', { name: 'Modifier Scanner' }));
    const dialog = await screen.findByRole('dialog');
    items = [];
    await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
    expect(
      await within(dialog).findByText(/Quelqu’un a retiré ce nœud entre-temps.*faites-le connaître de nouveau/),
    ).toBeTruthy();
    api.on('updateNode', () => new Refusal('NOT_FOUND'));
    await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
    expect(await within(dialog).findByText(/Quelqu’un a retiré ce nœud entre-temps/)).toBeTruthy();
  });
});

describe('many nodes', () => {
  const many = Array.from({ length: 200 }, (_, at) =>
    node({ id: idOf(100 + at), name: `Table ${at}`, aeTitle: `DX${at}`, host: `10.1.2.${at}` }),
  );

  test('are looked through by name, title and address', async () => {
    const { user } = await open(withNodes(() => [...many, node({ name: 'Échographe', aeTitle: 'US1' })]));
    const box = await screen.findByRole('searchbox', { name: 'Chercher un nœud' });
    const names = () => screen.queryAllByRole('button', { name: /^Modifier / }).map((one) => one.getAttribute('aria-label'));
    expect(names()).toHaveLength(201);
    await user.type(box, 'echo');
    await waitFor(() => expect(names()).toEqual(['Modifier Échographe']));
    await user.clear(box);
    await user.type(box, 'dx199');
    await waitFor(() => expect(names()).toEqual(['Modifier Table 199']));
    await user.type(box, 'z');
    expect(await screen.findByText(/Aucun nœud ne correspond/)).toBeTruthy();
  });

  test('a few are not', async () => {
    await open(withNodes(() => many.slice(0, 3)));
    await screen.findByText('Table 0');
    expect(screen.queryByRole('searchbox', { name: 'Chercher un nœud' })).toBeNull();
  });

  test('whoever takes one away by keyboard goes on with the next', async () => {
    let items = many.slice(0, 3);
    const api = withNodes(() => items).on('removeNode', () => {
      items = items.filter(({ name }) => name !== 'Table 1');
      return null;
    });
    const { user } = await open(api);
    (await screen.findByRole('button', { name: 'Retirer Table 1' })).focus();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe('Essayer Table 2'));
  });
});

test('a network is not opened to be searched or sent to: it has no address to call', async () => {
  const api = withNodes(() => [node({ host: '10.1.2.0/24' })]).on('updateNode', () => node());
  const { user } = await open(api);
  await user.click(await screen.findByRole('button', { name: 'Modifier Scanner' }));
  const dialog = await screen.findByRole('dialog');
  await user.click(within(dialog).getByLabelText('On peut y envoyer des examens'));
  await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
  expect(await within(dialog).findByText(/^Un réseau n’a pas d’adresse à appeler/)).toBeTruthy();
  expect(document.activeElement).toBe(within(dialog).getByLabelText('Adresse'));
  await user.click(within(dialog).getByLabelText('On peut y envoyer des examens'));
  await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
  await waitFor(() => expect(api.of('updateNode')).toHaveLength(1));
});

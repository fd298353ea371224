import { DicomNode, Group, type ListenerState, NodeEventEntry, UnknownCaller } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { fr, openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const LISTENING = {
  ...{ aeTitle: 'NEGATOSCOPE', host: '10.0.0.9', port: 11_112, tlsPort: null as number | null },
  ...{
    state: 'LISTENING' as ListenerState['state'],
    trouble: null as string | null,
    connections: 2,
    associations: 1,
    turnedAway: 0,
    startedAt: null,
  },
};
const node = (more: Partial<DicomNode> = {}) =>
  make(DicomNode, {
    ...{
      id: idOf(1),
      name: 'Scanner',
      aeTitle: 'CT1',
      host: '10.1.2.3',
      port: 104,
      mayStore: true,
      mayQuery: false,
      mayRetrieve: false,
      mayWorklist: false,
    },
    ...{ groupId: idOf(7), version: 3, lastSeenAt: null },
    ...more,
  });

/** A server that knows these nodes and one group. */
function withNodes(items: readonly DicomNode[], listening: typeof LISTENING | null = LISTENING): FakeApi {
  return new FakeApi()
    .on('listNodes', () => ({ items, listening }))
    .on('listGroups', () => listOf([make(Group, { id: idOf(7), name: 'Radiologie' })]));
}
const open = (api: FakeApi, locale: 'fr' | 'en' = 'fr') => openPage(api, '/app/admin/nodes', { role: 'ADMIN', locale });

describe('DICOM nodes', () => {
  test('are listed with where they are, what becomes of what they send, and when they were seen', async () => {
    const items = [
      node(),
      node({ id: idOf(2), name: 'Échographe', groupId: null, lastSeenAt: '2026-11-27T03:00:00.000Z' }),
      node({
        id: idOf(3),
        name: 'Console',
        mayStore: false,
        mayWorklist: true,
        mayBeAsked: true,
        takesStudies: true,
        usesTls: true,
      }),
      node({ id: idOf(4), name: 'Ancien', groupId: idOf(99) }),
    ];
    await open(withNodes(items));
    await screen.findByText('Ancien');
    const rows = (await screen.findAllByRole('listitem')).filter(({ textContent }) => textContent?.includes('CT1'));
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining('images vers Radiologie · n’a jamais appelé'),
      expect.stringContaining('images sans groupe · a appelé le'),
      expect.stringContaining(
        'n’envoie rien · reçoit les demandes · interrogeable d’ici · reçoit des examens · n’a jamais appelé',
      ),
      expect.stringContaining(fr('un groupe supprimé : tout est refusé')),
    ]);
    expect(rows[0]?.textContent).toContain('CT1 · 10.1.2.3:104images');
    expect(rows[2]?.textContent).toContain('CT1 · 10.1.2.3:104 · TLS');
  });

  test.each([
    [LISTENING, 'À régler sur l’appareil : titre AE NEGATOSCOPE, adresse 10.0.0.9, port 11112.'],
    [{ ...LISTENING, state: 'SILENT' as const }, 'Le processus qui écoute ne répond pas'],
    [{ ...LISTENING, state: 'CANNOT_LISTEN' as const, trouble: 'EADDRINUSE' }, 'pris par un autre programme'],
    [{ ...LISTENING, state: 'CANNOT_LISTEN' as const, trouble: 'EACCES' }, 'ne peut pas écouter sur le port 11112 (EACCES)'],
    [{ ...LISTENING, host: '127.0.0.1' }, 'réglez DICOM_HOST'],
    [{ ...LISTENING, host: '0.0.0.0' }, 'adresse localhost'],
    [null, 'Le serveur n’écoute pas'],
  ])('what is to be set on a device is told: %o', async (listening, text) => {
    await open(withNodes([], listening));
    expect(await screen.findByText((content) => content.includes(text))).toBeTruthy();
  });

  test('none yet says what they are for, in both languages', async () => {
    await open(withNodes([]), 'en');
    expect(await screen.findByText('No nodes yet')).toBeTruthy();
    expect(screen.getByText(/AE title and address, so that it can send/)).toBeTruthy();
  });

  test('one is made known: fields are checked before, and what the server refuses stays on screen', async () => {
    const api = withNodes([]).on('createNode', () => new Refusal('NAME_TAKEN'));
    const { user } = await open(api);
    await user.click((await screen.findAllByRole('button', { name: 'Nouveau nœud' }))[0] as HTMLElement); // The head's, beside the empty list's.
    const dialog = await screen.findByRole('dialog', { name: 'Nouveau nœud' });
    await user.click(within(dialog).getByRole('button', { name: 'Créer' }));
    expect(await within(dialog).findAllByRole('alert')).toHaveLength(3);
    await user.type(within(dialog).getByLabelText('Nom'), ' Table ');
    await user.type(within(dialog).getByLabelText('Titre AE'), 'DX1');
    await user.type(within(dialog).getByLabelText('Adresse'), '10.1.2.0/24');
    await user.clear(within(dialog).getByLabelText('Port'));
    await user.type(within(dialog).getByLabelText('Port'), '70000');
    await user.click(within(dialog).getByRole('button', { name: 'Créer' }));
    expect(await within(dialog).findByText('Un nombre entre 1 et 65535.')).toBeTruthy();
    await user.clear(within(dialog).getByLabelText('Port'));
    await user.type(within(dialog).getByLabelText('Port'), '4242');
    await user.selectOptions(within(dialog).getByLabelText('Groupe de ce qu’il envoie, cherche et récupère'), 'Radiologie');
    await user.click(within(dialog).getByRole('button', { name: 'Créer' }));
    // Title and address are taken, and nothing is said of the name.
    expect(await within(dialog).findAllByText('Un appareil de ce titre et de cette adresse est déjà connu.')).toHaveLength(3);
    const wrong = () =>
      ['Nom', 'Titre AE', 'Adresse', 'Port'].filter(
        (label) => within(dialog).getByLabelText(label).getAttribute('aria-invalid') === 'true',
      );
    await waitFor(() => expect(wrong()).toEqual(['Titre AE', 'Adresse']));
    expect(document.activeElement).toBe(within(dialog).getByLabelText('Titre AE'));
    api.on('createNode', () => new Refusal('VALIDATION_FAILED', { errors: [{ path: 'host', message: 'Invalid input' }] }));
    await user.click(within(dialog).getByRole('button', { name: 'Créer' }));
    await waitFor(() => expect(wrong()).toEqual(['Adresse']));
    expect(within(dialog).getByText(/Une adresse IP, un réseau assez étroit/)).toBeTruthy();
    api.on('createNode', () => node());
    await user.click(within(dialog).getByRole('button', { name: 'Créer' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.of('createNode').at(-1)?.body).toEqual({
      ...{ name: 'Table', aeTitle: 'DX1', host: '10.1.2.0/24', port: 4242, mayStore: true, mayQuery: false },
      ...{
        mayRetrieve: false,
        mayWorklist: false,
        mayBeAsked: false,
        takesStudies: false,
        usesTls: false,
        tlsFingerprint: null,
        groupId: idOf(7),
      },
    });
  });

  test('one is changed under the version that was read', async () => {
    const api = withNodes([node()]).on('updateNode', () => node({ version: 4 }));
    const { user } = await open(api);
    await user.click(await screen.findByRole('button', { name: 'Modifier Scanner' }));
    const dialog = await screen.findByRole('dialog', { name: 'Modifier Scanner' });
    await user.click(within(dialog).getByLabelText('Ses images sont enregistrées'));
    await user.click(within(dialog).getByLabelText('Reçoit les clichés demandés dans ce groupe (noms compris)'));
    await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.of('updateNode').at(-1)).toMatchObject({
      params: { id: idOf(1) },
      body: { version: 3, mayStore: false, mayWorklist: true },
    });
  });

  test('one is taken away at once, and brought back', async () => {
    const api = withNodes([node()]).on('restoreNode', () => node());
    const { user } = await open(api);
    await user.click(await screen.findByRole('button', { name: 'Retirer Scanner' }));
    await waitFor(() => expect(api.of('removeNode').map(({ params }) => params)).toEqual([{ id: idOf(1) }]));
    await user.click(await screen.findByRole('button', { name: 'Annuler' }));
    await waitFor(() => expect(api.of('restoreNode').map(({ params }) => params)).toEqual([{ id: idOf(1) }]));
    expect(await screen.findByText('Scanner est de retour.')).toBeTruthy();
  });

  test.each([
    [{ outcome: 'OK', reason: null }, 'Répond (12 ms)'],
    [{ outcome: 'UNREACHABLE', reason: null }, 'Injoignable : vérifiez l’adresse, le port et le pare-feu'],
    [{ outcome: 'NO_ANSWER', reason: null }, 'Joint, mais il ne dit rien : ce port est-il le bon ?'],
    [
      { outcome: 'REFUSED', reason: null },
      'Répond et refuse ce serveur : autorisez-y NEGATOSCOPE, et vérifiez le titre AE donné ici',
    ],
    [{ outcome: 'REFUSED', reason: 'CALLING_AET' }, 'Répond, mais ne connaît pas ce serveur : ajoutez-y NEGATOSCOPE'],
    [{ outcome: 'REFUSED', reason: 'CALLED_AET' }, 'Répond, mais n’a pas ce titre AE : corrigez-le ici'],
    [{ outcome: 'REFUSED', reason: 'BUSY' }, 'Répond, mais n’a pas de place en ce moment : essayez plus tard'],
    [{ outcome: 'NO_ADDRESS', reason: null }, 'Un réseau n’a pas d’adresse à appeler : donnez celle de l’appareil'],
    [{ outcome: 'FAILED', reason: null }, 'Répond, mais pas en DICOM : vérifiez le port, et s’il parle TLS'],
  ] as const)('one is tried, and what came of it is told: %o', async (trial, text) => {
    const api = withNodes([node()]).on('tryNode', () => ({ ...trial, ms: 12 }));
    const { user } = await open(api);
    await user.click(await screen.findByRole('button', { name: 'Essayer Scanner' }));
    expect(await screen.findByText(text)).toBeTruthy();
  });

  test('what happened with one is read in words, in both languages', async () => {
    const entry = (more: Partial<NodeEventEntry>) =>
      make(NodeEventEntry, { ...{ id: idOf(50), times: 1, lastAt: '2026-11-27T03:00:00.000Z' }, ...more });
    const items = [
      entry({ id: idOf(51), kind: 'STORE', outcome: 'OK', code: null, status: 0, times: 120, done: 120, bytes: 64_000_000 }),
      entry({
        id: idOf(52),
        kind: 'STORE',
        outcome: 'WARNING',
        code: 'SAME_UID_OTHER_CONTENT',
        status: 0xb000,
        warned: 1,
        instanceUids: ['1.2.3.4'],
      }),
      entry({ id: idOf(53), kind: 'ASSOCIATION', outcome: 'REFUSED', code: 'LIMIT', status: null }),
      entry({ id: idOf(54), kind: 'QUERY', isOurs: true, outcome: 'OK', code: null, status: 0, done: 7 }),
    ];
    const figure = { nodeId: idOf(1), isOurs: false, times: 120, warned: 0, failed: 0, bytes: 64_000_000, done: 120 };
    const figures = [
      { ...figure, kind: 'ASSOCIATION' as const, done: 30, failed: 2 },
      { ...figure, kind: 'STORE' as const },
      { ...figure, kind: 'STORE' as const, nodeId: idOf(9) },
    ];
    const api = withNodes([node()])
      .on('listNodeLog', () => listOf(items))
      .on('listNodeFigures', () => ({ since: '2026-10-28', items: figures, sentAway: 4 }));
    const { user } = await open(api, 'en');
    await user.click(await screen.findByRole('button', { name: 'Log of Scanner' }));
    const dialog = await screen.findByRole('dialog', { name: 'Log of Scanner' });
    const lines = (await within(dialog).findAllByRole('listitem')).map(({ textContent }) => textContent ?? '');
    expect(
      await within(dialog).findByText(/^Last 30 days: 30 associations · 2 refused or lost · Images received: 120 \(64/),
    ).toBeTruthy();
    expect(lines[0]).toContain('asked for by the node · 120 images · 64\u00a0MB · 120 times, last on');
    expect(lines[1]).toContain('same identifier, other content · status B000H · 1 with a warning');
    expect(lines[1]).toContain('1.2.3.4');
    expect(lines[2]).toContain('refused');
    expect(lines[2]).toContain('too many associations at once');
    expect(lines[3]).toContain('asked for here · 7 found');
  });

  test('who called and is not known is made known with what it said of itself', async () => {
    const caller = (more: Partial<UnknownCaller>) =>
      make(UnknownCaller, {
        ...{ address: '10.4.4.4', callingAet: 'NEWCT', calledAet: 'NEGATOSCOPE', code: 'CALLING_AET', times: 3 },
        ...more,
      });
    const items = [
      caller({}),
      caller({ callingAet: '', calledAet: '', code: 'TOO_MANY_CONNECTIONS', times: 70 }),
      caller({ callingAet: '' }),
    ];
    const api = withNodes([])
      .on('listCallers', () => ({ items }))
      .on('createNode', () => node());
    const { user } = await open(api);
    const section = await screen.findByRole('region', { name: 'Appelants inconnus' });
    expect(section.textContent).toContain('NEWCT appelle NEGATOSCOPE');
    expect(section.textContent).toContain('trop de connexions à la fois');
    expect(section.textContent).toContain('Sans titre AE appelle NEGATOSCOPE');
    expect(within(section).getAllByRole('button')).toHaveLength(1);
    await user.click(within(section).getByRole('button', { name: 'Faire connaître NEWCT à 10.4.4.4' }));
    const dialog = await screen.findByRole('dialog', { name: 'Nouveau nœud' });
    await user.type(within(dialog).getByLabelText('Nom'), 'Scanner neuf');
    await user.click(within(dialog).getByRole('button', { name: 'Créer' }));
    await waitFor(() =>
      expect(api.of('createNode').at(-1)?.body).toMatchObject({ name: 'Scanner neuf', aeTitle: 'NEWCT', host: '10.4.4.4' }),
    );
  });
});

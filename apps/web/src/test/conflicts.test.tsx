import { IdentityReview } from '@negatoscope/contract';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { fr, openPage } from './page-fixture.tsx';
import { conflictOf, patientOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

const cards = async (count: number): Promise<HTMLElement[]> => {
  await waitFor(() => expect(document.querySelectorAll('li.ng-card')).toHaveLength(count));
  return [...document.querySelectorAll<HTMLElement>('li.ng-card')];
};

const picturesOf = (card: HTMLElement | undefined): HTMLElement[] => [
  ...(card?.querySelectorAll<HTMLElement>('figure img') ?? []),
];

describe('conflicts', () => {
  test('show both sides, what differs between them, and which images', async () => {
    const differences = [{ tag: '00100010', keyword: 'PatientName', existing: 'MARTIN^ANNA', incoming: 'STRANGE^BOB' }];
    const api = new FakeApi()
      .on('listConflicts', () => listOf([conflictOf(1)]))
      .on('getConflict', () => conflictOf(1, { differences }));
    await openPage(api, '/app/conflicts');
    const [card] = await cards(1);
    expect(within(card as HTMLElement).getByRole('heading', { name: 'Même identifiant, autre contenu' })).toBeTruthy();
    expect(card?.textContent).toContain('STRANGE Bob');
    expect(picturesOf(card).map((image) => image.getAttribute('src'))).toEqual([
      `/api/conflicts/${conflictOf(1).id}/image?side=existing`,
      `/api/conflicts/${conflictOf(1).id}/image?side=incoming`,
    ]);
    // The header is read when somebody wants to see it.
    expect(api.of('getConflict')).toEqual([]);
    const details = card?.querySelector('details') as HTMLDetailsElement; // It is in every card.
    details.open = true;
    fireEvent(details, new Event('toggle'));
    expect(await within(card as HTMLElement).findByText('PatientName')).toBeTruthy();
  });

  test('images are skeletons until they have come, and gone where there are none', async () => {
    await openPage(
      new FakeApi().on('listConflicts', () => listOf([conflictOf(1)])),
      '/app/conflicts',
    );
    const [card] = await cards(1);
    const [existing, incoming] = picturesOf(card);
    expect(existing?.className).toContain('ng-skeleton');
    fireEvent.load(existing as HTMLElement);
    expect(existing?.className).not.toContain('ng-skeleton');
    fireEvent.error(incoming as HTMLElement);
    expect(picturesOf(card)).toHaveLength(1);
    expect(within(card as HTMLElement).getByText('Pas d’image')).toBeTruthy();
    fireEvent.error(existing as HTMLElement);
    expect(within(card as HTMLElement).queryByText('Pas d’image')).toBeNull();
  });

  test.each([
    ['Garder l’enregistré', 'keep'],
    ['Remplacer', 'replace'],
  ] as const)('"%s" is sent at once, with the way back', async (label, decision) => {
    const api = new FakeApi().on('listConflicts', () =>
      listOf(api.of('decideConflict').length > api.of('reopenConflict').length ? [] : [conflictOf(1)]),
    );
    const { user } = await openPage(api, '/app/conflicts');
    await user.click(await screen.findByRole('button', { name: label }));
    await waitFor(() => expect(api.of('decideConflict').map(({ body }) => body)).toEqual([{ decision }]));
    await screen.findByText('Aucun conflit');
    await user.click(screen.getByRole('button', { name: 'Annuler' }));
    await cards(1);
    expect(api.of('reopenConflict').map(({ params }) => params)).toEqual([{ id: conflictOf(1).id }]);
  });

  test('discarding asks first; who turns away has decided nothing', async () => {
    const api = new FakeApi().on('listConflicts', () => listOf([conflictOf(1)]));
    const { user } = await openPage(api, '/app/conflicts');
    const ask = async (): Promise<HTMLElement> => {
      await user.click(await screen.findByRole('button', { name: 'Effacer le reçu' }));
      return screen.findByRole('dialog', { name: fr('Effacer la version reçue ?') });
    };
    await user.click(within(await ask()).getByRole('button', { name: 'Annuler' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.of('decideConflict')).toEqual([]);
    await user.click(within(await ask()).getByRole('button', { name: 'Effacer le reçu' }));
    await waitFor(() => expect(api.of('decideConflict').map(({ body }) => body)).toEqual([{ decision: 'discard' }]));
  });

  test('of somebody else’s study there is nothing to keep or replace', async () => {
    const other = conflictOf(1, { kind: 'STUDY_PATIENT_MISMATCH', existing: null });
    await openPage(
      new FakeApi().on('listConflicts', () => listOf([other])),
      '/app/conflicts',
    );
    const [card] = await cards(1);
    expect(picturesOf(card)).toHaveLength(1);
    expect(screen.queryByRole('button', { name: 'Garder l’enregistré' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Effacer le reçu' })).toBeTruthy();
  });

  test('are decided together; those that fail stay marked, each reason once', async () => {
    const all = [conflictOf(1), conflictOf(2), conflictOf(3)];
    const api = new FakeApi()
      .on('listConflicts', () => listOf(all))
      .on('decideConflicts', ({ body }) => ({
        items: (body as { ids: string[] }).ids.map((id) => ({ id, code: id === all[0]?.id ? null : 'ALREADY_DECIDED' })), // Read by the contract.
      }));
    const { user } = await openPage(api, '/app/conflicts');
    await cards(3);
    await user.click(screen.getByRole('checkbox', { name: 'Sélectionner les 3 conflits affichés' }));
    await user.click(screen.getByRole('button', { name: 'Prendre le reçu (3)' }));
    const alert = await screen.findByRole('alert');
    expect(within(alert).getByText('2 conflits n’ont pas pu être tranchés')).toBeTruthy();
    expect(within(alert).getAllByRole('listitem')).toHaveLength(1);
    expect(api.of('decideConflicts')[0]?.body).toEqual({ ids: all.map(({ id }) => id), decision: 'replace' });
    const marked = screen
      .getAllByRole<HTMLInputElement>('checkbox', { name: 'Sélectionner ce conflit' })
      .map(({ checked }) => checked);
    expect(marked).toEqual([false, true, true]);
    expect(screen.getByText('1 décision enregistrée.')).toBeTruthy();
  });

  test('the desk compares, and is told who decides', async () => {
    await openPage(
      new FakeApi().on('listConflicts', () => listOf([conflictOf(1), conflictOf(2)])),
      '/app/conflicts',
      { role: 'STAFF' },
    );
    await cards(2);
    expect(screen.getByText('Vous pouvez comparer ; la décision revient à un médecin ou à l’administrateur.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Garder l’enregistré' })).toBeNull();
    expect(screen.queryByRole('checkbox')).toBeNull();
  });

  test('of one import are listed alone, with the way to all', async () => {
    const api = new FakeApi().on('listConflicts', ({ query }) =>
      listOf(query.importId === undefined ? [conflictOf(1), conflictOf(2)] : [conflictOf(1)]),
    );
    const { user } = await openPage(api, `/app/conflicts?importId=${idOf(7)}`, { locale: 'en' });
    await cards(1);
    await user.click(screen.getByRole('button', { name: 'Show all' }));
    await cards(2);
    expect(api.of('listConflicts').map(({ query }) => [query.importId, query.status])).toEqual([
      [idOf(7), 'OPEN'],
      [undefined, 'OPEN'],
    ]);
  });
});

describe('identities that wait', () => {
  const reviewOf = (fields: Partial<IdentityReview> = {}): IdentityReview =>
    make(IdentityReview, { id: idOf(500), patient: patientOf(1), suspect: patientOf(2), reason: 'CONTRADICTION', ...fields });
  const page = '/app/identity-review';

  test.each([
    ['Même personne', { decision: 'same', patientId: patientOf(2).id }],
    ['Autre personne', { decision: 'different' }],
  ] as const)('"%s"', async (label, body) => {
    const api = new FakeApi().on('listIdentityReviews', () =>
      listOf(api.of('decideIdentityReview').length === 0 ? [reviewOf()] : []),
    );
    const { user } = await openPage(api, page);
    const [card] = await cards(1);
    expect(card?.textContent).toContain('PETIT Anna');
    await user.click(screen.getByRole('button', { name: label }));
    expect(await screen.findByText('Toutes les identités sont claires')).toBeTruthy();
    expect(api.of('decideIdentityReview').map((one) => [one.params.id, one.body])).toEqual([[idOf(500), body]]);
  });

  test.each([
    [reviewOf({ suspect: null, reason: 'EDITED' }), ['Confirmer ce patient', 'Rattacher à…']],
    [reviewOf({ reason: 'HELD' }), ['Classer dans ce dossier', 'Garder à part', 'Mettre à la corbeille']],
    [reviewOf({ reason: 'HELD', suspect: null }), ['Garder à part', 'Mettre à la corbeille']],
  ])('of %o can be decided so', async (review, labels) => {
    await openPage(
      new FakeApi().on('listIdentityReviews', () => listOf([review])),
      page,
    );
    const [card] = await cards(1);
    expect(
      within(card as HTMLElement)
        .getAllByRole('button')
        .map(({ textContent }) => textContent),
    ).toEqual(labels);
  });

  test('the desk may propose but not decide', async () => {
    await openPage(
      new FakeApi().on('listIdentityReviews', () => listOf([reviewOf()])),
      page,
      { role: 'STAFF' },
    );
    const [card] = await cards(1);
    expect(within(card as HTMLElement).queryByRole('button')).toBeNull();
    expect(within(card as HTMLElement).getAllByRole('link')).toHaveLength(2);
  });

  test('of somebody who is open in an emergency nothing is offered, and it says why', async () => {
    const review = reviewOf({ patient: patientOf(1, { onlyReads: true }) });
    await openPage(
      new FakeApi().on('listIdentityReviews', () => listOf([review])),
      page,
    );
    const [card] = await cards(1);
    expect(within(card as HTMLElement).queryByRole('button')).toBeNull();
    expect(card?.textContent).toMatch(/Ouvert en urgence\s:\slecture seule/);
  });

  test('a decision that somebody else took meanwhile is told', async () => {
    const api = new FakeApi()
      .on('listIdentityReviews', () => listOf([reviewOf()]))
      .on('decideIdentityReview', () => new Refusal('ALREADY_DECIDED'));
    const { user } = await openPage(api, page, { locale: 'en' });
    await cards(1);
    await user.click(screen.getByRole('button', { name: 'Same person' }));
    expect(await screen.findByText(/already/i)).toBeTruthy();
  });
});

describe('a conflict that was decided', () => {
  const decided = (number: number, canUndo = true) =>
    conflictOf(number, { status: 'REPLACED', canUndo, undoUntil: canUndo ? '2026-03-31T08:00:00.000Z' : null });
  const page = '/app/conflicts?decided=true';

  test('can be taken back for a while, and says until when', async () => {
    const api: FakeApi = new FakeApi().on('listConflicts', () =>
      listOf(api.of('reopenConflict').length === 0 ? [decided(1)] : []),
    );
    const { user } = await openPage(api, page);
    const [card] = await cards(1);
    expect(card?.textContent).toMatch(/✓ Remplacé.*possible jusqu’au 31\/03\/2026/);
    expect(within(card as HTMLElement).queryByRole('button', { name: 'Garder l’enregistré' })).toBeNull();
    await user.click(within(card as HTMLElement).getByRole('button', { name: 'Annuler' }));
    expect(await screen.findByText('Aucun conflit tranché pour l’instant')).toBeTruthy();
    expect(api.of('listConflicts')[0]?.query.status).toBe('DECIDED');
  });

  test('long ago stays as it is', async () => {
    await openPage(
      new FakeApi().on('listConflicts', () => listOf([decided(1, false), decided(2, false)])),
      page,
    );
    await cards(2);
    expect(screen.queryByRole('button', { name: 'Annuler' })).toBeNull();
    expect(screen.queryByRole('checkbox')).toBeNull();
  });

  test('several are taken back together; what fails is said', async () => {
    const all = [decided(1), decided(2)];
    const api = new FakeApi()
      .on('listConflicts', () => listOf(all))
      .on('reopenConflicts', ({ body }) => ({
        items: (body as { ids: string[] }).ids.map((id) => ({ id, code: id === all[0]?.id ? null : 'UNDO_CHANGED' })), // Read by the contract.
      }));
    const { user } = await openPage(api, page, { locale: 'en' });
    await cards(2);
    await user.click(screen.getByRole('checkbox', { name: 'Select the 2 decisions listed' }));
    await user.click(screen.getByRole('button', { name: 'Undo the decisions (2)' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Images have changed since');
    expect(await screen.findByText('1 conflict waits for a decision again.')).toBeTruthy();
  });

  test('is a way from those that wait, and back', async () => {
    const api = new FakeApi().on('listConflicts', ({ query }) =>
      listOf(query.status === 'DECIDED' ? [decided(2)] : [conflictOf(1)]),
    );
    const { user, address } = await openPage(api, '/app/conflicts');
    await cards(1);
    await user.click(screen.getByRole('button', { name: 'Tranchés' }));
    expect(await screen.findByText(/✓ Remplacé/)).toBeTruthy();
    expect(address()).toBe('/app/conflicts?decided=true');
    await user.click(screen.getByRole('button', { name: 'À trancher' }));
    expect(await screen.findByRole('button', { name: 'Garder l’enregistré' })).toBeTruthy();
  });
});

describe('many conflicts', () => {
  test('come page by page', async () => {
    const api = new FakeApi().on('listConflicts', ({ query }) =>
      query.cursor === undefined ? listOf([conflictOf(1)], { nextCursor: 'next' }) : listOf([conflictOf(2)]),
    );
    const { user } = await openPage(api, '/app/conflicts');
    await cards(1);
    await user.click(within(screen.getByRole('main')).getByRole('button', { name: 'Plus' }));
    await cards(2);
    expect(api.of('listConflicts').map(({ query }) => query.cursor)).toEqual([undefined, 'next']);
  });

  test('whose differences can’t be read say so', async () => {
    let isDown = true;
    const api = new FakeApi()
      .on('listConflicts', () => listOf([conflictOf(1)]))
      .on('getConflict', () => (isDown ? new Refusal('INTERNAL') : conflictOf(1, { differences: [] })));
    const { user } = await openPage(api, '/app/conflicts');
    const [card] = await cards(1);
    const details = card?.querySelector('details') as HTMLDetailsElement; // It is in every card.
    details.open = true;
    fireEvent(details, new Event('toggle'));
    const alert = await within(details).findByRole('alert');
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(await within(details).findByText(/Les en-têtes sont identiques/)).toBeTruthy();
  });
});

describe('a patient who is somebody who is here', () => {
  const review = make(IdentityReview, { id: idOf(500), patient: patientOf(1), suspect: null, reason: 'NO_PATIENT_ID' });
  const target = patientOf(2, { birthDate: '1980-01-01' });
  const openAttach = async (api: FakeApi) => {
    const opened = patientOf(3, { lastName: 'Ouvert', onlyReads: true });
    api.on('listIdentityReviews', () => listOf([review])).on('listPatients', () => listOf([patientOf(1), opened, target]));
    const page = await openPage(api, '/app/identity-review');
    await cards(1);
    await page.user.click(screen.getByRole('button', { name: 'Rattacher à…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Rattacher à…' });
    await page.user.type(within(dialog).getByRole('searchbox', { name: 'Chercher le bon dossier' }), 'petit');
    const choice = await within(dialog).findByRole('button', { name: /PETIT Anna/ });
    // Who is open in an emergency is found, and not to be chosen.
    expect(within(dialog).getByRole<HTMLButtonElement>('button', { name: /OUVERT.*lecture seule/ }).disabled).toBe(true);
    await page.user.click(choice);
    return { ...page, dialog };
  };

  test('is compared with them before both are one', async () => {
    const api = new FakeApi();
    const { user, dialog } = await openAttach(api);
    const rows = within(dialog)
      .getAllByRole('row')
      .map(({ textContent }) => textContent);
    expect(rows).toEqual([
      'ExistantNouveau',
      'PatientPETIT AnnaBERNARD Anna',
      'Naissance01/01/198003/02/1970',
      'Identifiant––',
      'DossierNG-2NG-1',
    ]);
    expect(api.of('decideIdentityReview')).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Rattacher' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.of('decideIdentityReview').map(({ body }) => body)).toEqual([{ decision: 'same', patientId: target.id }]);
  });

  test('is nobody else once one goes back or closes', async () => {
    const api = new FakeApi();
    const { user, dialog } = await openAttach(api);
    await user.click(within(dialog).getByRole('button', { name: 'Retour' }));
    expect(within(dialog).getByRole('searchbox', { name: 'Chercher le bon dossier' })).toBeTruthy();
    // The button that was pressed is gone; the dialog takes the focus back in the next frame.
    await waitFor(() => expect(dialog.contains(document.activeElement)).toBe(true));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.of('decideIdentityReview')).toEqual([]);
  });
});

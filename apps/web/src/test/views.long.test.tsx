import { Group, ListView } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

const viewOf = (number: number, fields: Partial<ListView>) =>
  make(ListView, {
    ...{ id: idOf(850 + number), level: 'OWN', name: `Vue ${number}` },
    content: { columns: null, sort: null, filters: {} },
    ...fields,
  });
// The dialog covers the list.
const headers = (): (string | null)[] =>
  screen.queryAllByRole('columnheader', { hidden: true }).map(({ textContent }) => textContent);

async function open(views: readonly ListView[] = [], role: 'RADIOLOGIST' | 'ADMIN' = 'RADIOLOGIST', search = '') {
  const api = new FakeApi()
    .on('listStudies', () => listOf([studyOf(1)]))
    .on('listListViews', () => ({ items: [...views] }))
    .on('listGroups', () => listOf([make(Group, { id: idOf(700), name: 'Dakar' })]));
  const page = await openPage(api, `/app/worklist${search}`, { role });
  // Whichever columns show.
  await waitFor(() => expect(screen.getAllByRole('row').some(({ dataset }) => dataset.row !== undefined)).toBe(true));
  await page.user.click(screen.getByRole('button', { name: 'Vues' }));
  return { ...page, api, dialog: await screen.findByRole('dialog', { name: 'Vues' }) };
}
const savedBy = (api: FakeApi) => api.of('saveListView').map(({ body }) => body);

describe('the columns of the worklist', () => {
  test('are shown and hidden one by one, kept for every browser, and the last one stays', async () => {
    const layout = [{ id: 'patient' }, { id: 'status' }];
    const left = viewOf(1, { name: '', content: { columns: layout, sort: null, filters: {} } });
    const { user, api, dialog } = await open([left]);
    await waitFor(() => expect(headers()).toHaveLength(2));
    await user.click(within(dialog).getByRole('checkbox', { name: 'Afficher la colonne Statut' }));
    await waitFor(() => expect(savedBy(api)).toHaveLength(1));
    expect(savedBy(api)).toEqual([
      { level: 'OWN', siteId: null, name: '', content: { columns: [{ id: 'patient' }], sort: null, filters: {} } },
    ]);
    const last = within(dialog).getByRole<HTMLInputElement>('checkbox', { name: 'Afficher la colonne Patient' });
    expect([last.checked, last.disabled]).toEqual([true, true]);
    await user.click(within(dialog).getByRole('checkbox', { name: 'Afficher la colonne Étiquettes' }));
    await waitFor(() => expect(savedBy(api)).toHaveLength(2));
    expect(savedBy(api)[1]).toMatchObject({ content: { columns: [{ id: 'patient' }, { id: 'labels' }] } });
  });

  test('change their places, not past the ends', async () => {
    const columns = [{ id: 'patient' }, { id: 'status' }, { id: 'modality' }];
    const { user, api, dialog } = await open([viewOf(1, { name: '', content: { columns, sort: null, filters: {} } })]);
    await user.click(within(dialog).getByRole('button', { name: 'Avancer Statut' }));
    await waitFor(() =>
      expect(savedBy(api).at(-1)).toMatchObject({
        content: { columns: [{ id: 'status' }, { id: 'patient' }, { id: 'modality' }] },
      }),
    );
    await user.click(within(dialog).getByRole('button', { name: 'Avancer Statut' }));
    await user.click(within(dialog).getByRole('button', { name: /^Reculer Patient/ }));
    await waitFor(() =>
      expect(savedBy(api).at(-1)).toMatchObject({
        content: { columns: [{ id: 'status' }, { id: 'modality' }, { id: 'patient' }] },
      }),
    );
  });

  test.each([
    ['120', 120],
    ['5', 40],
    ['99999', 800],
    ['130.6', 131],
    ['', undefined],
  ])('are as wide as was typed (%s), within what can be read', async (typed, width) => {
    const columns = [{ id: 'patient', width: 200 }, { id: 'status' }];
    const { user, api, dialog } = await open([viewOf(1, { name: '', content: { columns, sort: null, filters: {} } })]);
    const field = within(dialog).getByRole<HTMLInputElement>('spinbutton', { name: 'Largeur de Patient' });
    expect(field.value).toBe('200');
    await user.clear(field);
    if (typed !== '') await user.type(field, typed);
    await user.tab();
    await waitFor(() => expect(savedBy(api)).toHaveLength(1));
    const first = width === undefined ? { id: 'patient' } : { id: 'patient', width };
    expect(savedBy(api)[0]).toMatchObject({ content: { columns: [first, { id: 'status' }] } });
  });

  test('are as at first by one press', async () => {
    const columns = [{ id: 'status' }];
    const { user, api, dialog } = await open([viewOf(1, { name: '', content: { columns, sort: null, filters: {} } })]);
    await waitFor(() => expect(headers()).toHaveLength(1));
    await user.click(within(dialog).getByRole('button', { name: 'Comme au départ' }));
    await waitFor(() => expect(savedBy(api)).toMatchObject([{ name: '', content: { columns: null } }]));
    expect(headers().length).toBeGreaterThan(6);
  });
});

describe('views with a name', () => {
  const mine = viewOf(1, {
    name: 'Urgences',
    content: { columns: [{ id: 'patient' }], sort: 'receivedAt', filters: { urgency: 'STAT' } },
  });
  const shared = viewOf(2, { name: 'Garde', level: 'SITE' });

  test('bring their columns, order and filters, and nothing of those before', async () => {
    const { user, dialog, address } = await open([mine, shared], 'RADIOLOGIST', '?modality=CT');
    await user.click(within(dialog).getByRole('button', { name: 'Urgences' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const { searchParams } = new URL(address(), 'http://localhost');
    expect(Object.fromEntries(searchParams)).toEqual({ urgency: 'STAT', sort: 'receivedAt' });
    expect(headers()).toHaveLength(1);
  });

  test('are saved for oneself with what the list shows', async () => {
    const { user, api, dialog } = await open([], 'RADIOLOGIST', '?modality=CT&sort=receivedAt');
    expect(within(dialog).queryByLabelText('Pour')).toBeNull();
    await user.type(within(dialog).getByLabelText('Nom de la vue'), ' Scanner {Enter}');
    expect(await screen.findByText('Vue enregistrée.')).toBeTruthy();
    expect(savedBy(api)).toEqual([
      {
        ...{ level: 'OWN', siteId: null, name: 'Scanner' },
        content: { columns: null, sort: 'receivedAt', filters: { modality: 'CT' } },
      },
    ]);
  });

  test('are shared by an administrator, with a site or everybody', async () => {
    const { user, api, dialog } = await open([], 'ADMIN');
    await within(dialog).findByRole('option', { name: 'Dakar' });
    for (const whose of ['Dakar', 'Toute l’installation']) {
      await user.selectOptions(within(dialog).getByLabelText('Pour'), whose);
      await user.type(within(dialog).getByLabelText('Nom de la vue'), 'A{Enter}');
      await waitFor(() => expect(within(dialog).getByLabelText<HTMLInputElement>('Nom de la vue').value).toBe(''));
    }
    expect(savedBy(api)).toMatchObject([
      { level: 'SITE', siteId: idOf(700), name: 'A' },
      { level: 'SITE', siteId: null, name: 'A' },
    ]);
  });

  test('of others are used and not deleted; one’s own is deleted with the way back', async () => {
    const views = [mine, shared];
    const { user, api, dialog } = await open(views);
    api.on('deleteListView', () => void views.shift());
    expect(await within(dialog).findByRole('button', { name: 'Garde' })).toBeTruthy();
    expect(within(dialog).queryByRole('button', { name: 'Supprimer la vue Garde' })).toBeNull();
    await user.click(within(dialog).getByRole('button', { name: 'Supprimer la vue Urgences' }));
    await waitFor(() => expect(api.of('deleteListView').map(({ params }) => params.id)).toEqual([mine.id]));
    await screen.findByText('Vue supprimée.');
    // What stands over the dialog is reached although the dialog covers the page.
    await user.click(screen.getByRole('button', { name: 'Annuler', hidden: true }));
    await waitFor(() => expect(savedBy(api)).toEqual([{ level: 'OWN', siteId: null, name: 'Urgences', content: mine.content }]));
  });

  test('that another window has deleted are deleted here without an error, and go from the list', async () => {
    const views = [mine, shared];
    const { user, api, dialog } = await open(views);
    api.on('deleteListView', () => {
      views.shift();
      return new Refusal('NOT_FOUND');
    });
    await user.click(within(dialog).getByRole('button', { name: 'Supprimer la vue Urgences' }));
    expect(await screen.findByText('Cette vue avait déjà été supprimée.')).toBeTruthy();
    await waitFor(() => expect(within(dialog).queryByRole('button', { name: 'Urgences' })).toBeNull());
    expect(screen.queryByRole('button', { name: 'Annuler', hidden: true })).toBeNull();
    expect(within(dialog).getByRole('button', { name: 'Garde' })).toBeTruthy();
  });

  test('are asked for anew when the list of them is opened, and what one uses stays when they go', async () => {
    const views = [mine, shared];
    const { user, dialog, address } = await open(views);
    await user.click(within(dialog).getByRole('button', { name: 'Urgences' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    // Somebody else takes it away.
    views.shift();
    await user.click(screen.getByRole('button', { name: 'Vues' }));
    const again = await screen.findByRole('dialog', { name: 'Vues' });
    await waitFor(() => expect(within(again).queryByRole('button', { name: 'Urgences' })).toBeNull());
    expect([address().includes('urgency=STAT'), headers().length]).toEqual([true, 1]);
  });

  test('that were deleted do not come back over a newer one of their name', async () => {
    const views = [mine, shared];
    const { user, api, dialog } = await open(views);
    api.on('deleteListView', () => void views.shift());
    await user.click(within(dialog).getByRole('button', { name: 'Supprimer la vue Urgences' }));
    await screen.findByText('Vue supprimée.');
    views.push(viewOf(3, { name: 'Urgences' }));
    await user.click(screen.getByRole('button', { name: 'Annuler', hidden: true }));
    expect(await screen.findByText(/^Une autre vue de ce nom a été enregistrée entre-temps/)).toBeTruthy();
    expect(savedBy(api)).toEqual([]);
  });

  test('that are saved over one of their name say so, and bring it back unless somebody has saved another meanwhile', async () => {
    const now = { ...mine, content: { columns: null, sort: null, filters: {} }, changedAt: '2026-11-29T03:00:00.000Z' };
    const views = [mine, shared];
    const { user, api, dialog } = await open(views);
    api.on('saveListView', () => {
      views[0] = now;
      return { ...now, replaced: mine.content };
    });
    await user.type(within(dialog).getByLabelText('Nom de la vue'), 'Urgences{Enter}');
    await screen.findByText(/^La vue Urgences a été enregistrée à la place/);
    await user.click(screen.getByRole('button', { name: 'Annuler', hidden: true }));
    await waitFor(() => expect(savedBy(api)[1]).toEqual({ level: 'OWN', siteId: null, name: 'Urgences', content: mine.content }));

    await user.type(within(dialog).getByLabelText('Nom de la vue'), 'Urgences{Enter}');
    await screen.findByText(/^La vue Urgences a été enregistrée à la place/);
    views[0] = { ...now, changedAt: '2026-11-29T03:00:01.000Z' };
    await user.click(screen.getByRole('button', { name: 'Annuler', hidden: true }));
    expect(await screen.findByText(/^Une autre vue de ce nom a été enregistrée entre-temps/)).toBeTruthy();
    expect(savedBy(api)).toHaveLength(3);
  });

  test('that can’t be saved say why', async () => {
    const { user, api, dialog } = await open();
    api.on('saveListView', () => new Refusal('FORBIDDEN'));
    await user.type(within(dialog).getByLabelText('Nom de la vue'), 'A{Enter}');
    expect(await screen.findByText('Votre rôle ne permet pas cette action.')).toBeTruthy();
  });
});

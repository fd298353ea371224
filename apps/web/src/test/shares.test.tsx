import { Share, ShareDetails } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { fr, openPage } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

const share = (more: Partial<Share> = {}): Share =>
  make(Share, {
    ...{ id: idOf(900), author: { id: idOf(60), name: 'Anna Sow' }, recipient: 'Dr Ndiaye', note: null, profile: 'IDENTIFIED' },
    ...{ withCode: true, mayDownload: false, createdAt: '2026-11-29T10:00:00.000Z', expiresAt: '2026-12-13T10:00:00.000Z' },
    ...{ maxOpenings: 5, openings: 2, lastOpenedAt: '2026-11-29T11:00:00.000Z', state: 'OPEN', endedAt: null, studyCount: 1 },
    studies: [
      {
        ...{ id: idOf(201), studyInstanceUid: '2.25.1', patientId: idOf(101), patientName: 'BERNARD Anna' },
        ...{ description: 'Thorax 1', studyDate: '2026-03-01', modalities: ['CT'] },
      },
    ],
    ...more,
  });
const patient = patientOf(1, { studyCount: 2 });
const STUDIES = [studyOf(1), studyOf(2, { studyDate: '2026-01-05' })];
const apiOf = (): FakeApi =>
  new FakeApi()
    .on('getPatient', () => patient)
    .on('listStudies', () => listOf(STUDIES))
    .on('createShare', () => ({ share: share(), address: `/s#${'a'.repeat(43)}`, code: '12345678' }));

/** The patient's page with the dialog open. */
async function openDialog(api: FakeApi, role: 'PHYSICIAN' | 'RESEARCHER' = 'PHYSICIAN') {
  const { user } = await openPage(api, `/app/patients/${patient.id}`, { role });
  await user.click(await screen.findByRole('button', { name: 'Partager' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Partager par un lien' }));
  await dialog.findByRole('textbox', { name: 'Pour qui' });
  return { user, dialog };
}
const bodyOf = (api: FakeApi): unknown => api.asked.find(({ id }) => id === 'createShare')?.body;

describe('sharing by a link', () => {
  test('says what is shared by name and date, and says the link and its code once, with what to do next', async () => {
    const api = apiOf();
    const { user, dialog } = await openDialog(api);
    expect(dialog.getAllByRole('checkbox').slice(0, 2)).toHaveLength(2);
    expect(dialog.getByText(/01\/03\/2026/).textContent).toContain('Thorax 1');
    await user.type(dialog.getByRole('textbox', { name: 'Pour qui' }), '  Dr Ndiaye ');
    await user.click(dialog.getAllByRole('checkbox')[1] as HTMLElement);
    await user.click(dialog.getByRole('button', { name: 'Créer le lien' }));
    const made = within(await screen.findByRole('dialog', { name: 'Le lien est prêt' }));
    expect(made.getByText(`${window.location.origin}/s#${'a'.repeat(43)}`)).toBeTruthy();
    expect(made.getByText('12345678')).toBeTruthy();
    expect(
      made.getByText(fr('Donnez le code par un autre moyen, par exemple au téléphone, jamais dans le même message.')),
    ).toBeTruthy();
    for (const name of ['Copier le lien', 'Copier le code']) expect(made.getByRole('button', { name })).toBeTruthy();
    const [first] = STUDIES;
    expect(bodyOf(api)).toMatchObject({
      ...{ studyIds: [first?.id], recipient: 'Dr Ndiaye', profile: 'IDENTIFIED', withCode: true, mayDownload: false },
    });
    expect(api.faults).toEqual([]);
  });

  test('says at each field what is wrong with it, and asks for nothing meanwhile', async () => {
    const api = apiOf();
    const { user, dialog } = await openDialog(api);
    for (const box of dialog.getAllByRole('checkbox').slice(0, 2)) await user.click(box);
    await user.type(dialog.getByRole('textbox', { name: 'Nombre d’ouvertures' }), '0');
    await user.selectOptions(dialog.getByRole('combobox', { name: 'Valable' }), 'jusqu’à une date');
    await user.click(dialog.getByRole('button', { name: 'Créer le lien' }));
    await waitFor(() => expect(dialog.getAllByRole('alert')).not.toHaveLength(0));
    const text = dialog.getByRole('button', { name: 'Créer le lien' }).closest('form')?.textContent ?? '';
    for (const said of [
      'Choisissez au moins un examen.',
      'Dites pour qui est ce lien.',
      'Un nombre de 1 à 1000, ou rien.',
      'Choisissez un jour à venir, dans 90 jours au plus.',
    ])
      expect(text).toContain(said);
    expect(bodyOf(api)).toBeUndefined();
  });

  test('of who sees pseudonyms shows no identity, and says so', async () => {
    const api = apiOf();
    const { user, dialog } = await openDialog(api, 'RESEARCHER');
    const profile = dialog.getByRole('combobox', { name: 'Identité' });
    expect(within(profile).getAllByRole('option')).toHaveLength(1);
    expect(dialog.getByText(/Vous voyez des pseudonymes/)).toBeTruthy();
    await user.type(dialog.getByRole('textbox', { name: 'Pour qui' }), 'Institut');
    await user.click(dialog.getByRole('button', { name: 'Créer le lien' }));
    await waitFor(() => expect(bodyOf(api)).toMatchObject({ profile: 'PSEUDONYM' }));
  });

  test('that the server refuses says why, and keeps what was typed', async () => {
    const api = apiOf().on('createShare', () => new Refusal('OPEN_FOR_READING'));
    const { user, dialog } = await openDialog(api);
    await user.type(dialog.getByRole('textbox', { name: 'Pour qui' }), 'Dr Ndiaye');
    await user.click(dialog.getByRole('button', { name: 'Créer le lien' }));
    await dialog.findByRole('alert');
    expect((dialog.getByRole('textbox', { name: 'Pour qui' }) as HTMLInputElement).value).toBe('Dr Ndiaye');
  });

  test('is not offered to who may not', async () => {
    await openPage(apiOf(), `/app/patients/${patient.id}`, { role: 'STAFF' });
    await screen.findByRole('button', { name: 'Remettre au patient' });
    expect(screen.queryByRole('button', { name: 'Partager' })).toBeNull();
  });
});

describe('the page of shares', () => {
  const open = (api: FakeApi, role: 'PHYSICIAN' | 'ADMIN' = 'PHYSICIAN') => openPage(api, '/app/shares', { role });

  test('without any says what would be here, and the way to it', async () => {
    await open(new FakeApi().on('listShares', () => listOf([])));
    await screen.findByText('Aucun partage');
    expect(screen.getByRole('link', { name: 'Aller aux examens' })).toBeTruthy();
  });

  test('tells of each for whom, what, until when, how often it was opened, and how it stands', async () => {
    await open(new FakeApi().on('listShares', () => listOf([share({ studyCount: 3 })])));
    const [row] = await within(await screen.findByRole('list', { name: /Partages/ })).findAllByRole('listitem');
    for (const said of ['Dr Ndiaye', 'Ouvert', 'BERNARD Anna', '01/03/2026', 'ouvert 2 fois sur 5', 'avec code', 'et 2 examens'])
      expect(row?.textContent).toContain(said);
    expect(row?.textContent).not.toContain('Anna Sow');
  });

  test('names the author for who manages people', async () => {
    await open(
      new FakeApi().on('listShares', () => listOf([share()])),
      'ADMIN',
    );
    await screen.findByText('par Anna Sow');
  });

  test('withdraws by a second press of the same button, after having said that it is for good; Escape leaves it', async () => {
    let items = [share()];
    const api = new FakeApi()
      .on('listShares', () => listOf(items))
      .on('withdrawShare', () => {
        items = [share({ state: 'WITHDRAWN', endedAt: '2026-11-29T12:00:00.000Z' })];
      });
    const { user } = await open(api);
    const button = await screen.findByRole('button', { name: 'Retirer le partage pour Dr Ndiaye' });
    const isAsked = (): boolean => api.asked.some(({ id }) => id === 'withdrawShare');
    button.focus();
    await user.keyboard('{Enter}');
    expect([document.activeElement === button, button.getAttribute('aria-label')]).toEqual([true, 'Retirer pour de bon']);
    expect(screen.getByText(/ne peut pas être rétabli/)).toBeTruthy();
    await user.keyboard('{Escape}');
    expect([button.getAttribute('aria-label'), isAsked()]).toEqual(['Retirer le partage pour Dr Ndiaye', false]);
    await user.keyboard('{Enter}');
    await user.keyboard('{Enter}');
    await screen.findByText(/^Retiré/);
    expect(isAsked()).toBe(true);
    expect(screen.queryByRole('button', { name: /^Retirer/ })).toBeNull();
  });

  test('lists who opened it, when and from where', async () => {
    const accesses: ShareDetails['accesses'] = [
      { at: '2026-11-29T11:00:00.000Z', ip: '10.0.0.9', outcome: 'OPENED' },
      { at: '2026-11-29T10:30:00.000Z', ip: null, outcome: 'CODE_WRONG' },
    ];
    const api = new FakeApi()
      .on('listShares', () => listOf([share()]))
      .on('getShare', () => make(ShareDetails, { ...share(), accesses }));
    const { user } = await open(api);
    await user.click(await screen.findByRole('button', { name: 'Accès au partage pour Dr Ndiaye' }));
    const lines = within(await screen.findByRole('list', { name: /derniers d’abord/ })).getAllByRole('listitem');
    expect(lines.map(({ textContent }) => /(Ouvert|Code faux)/.exec(textContent ?? '')?.[0])).toEqual(['Ouvert', 'Code faux']);
    expect(lines[0]?.textContent).toContain('10.0.0.9');
  });
});

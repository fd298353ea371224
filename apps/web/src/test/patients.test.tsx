import { Group, TrashEntry } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { fr, meOf, openPage } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-row]')];

describe('the list of patients', () => {
  test('shows who, when, how old, of what and how far; a name that was guessed at is marked', async () => {
    const api = new FakeApi().on('listPatients', () =>
      listOf([
        patientOf(1, {
          externalId: 'P-1',
          modalities: ['CT', 'MR', 'US'],
          studyCount: 3,
          lastStudyAt: '2026-02-01',
          textUncertain: true,
        }),
        patientOf(2, {
          lastName: '',
          firstName: '',
          birthDate: null,
          sex: 'U',
          identityStatus: 'IDENTITY_REVIEW',
          status: 'ARCHIVED',
        }),
      ]),
    );
    await openPage(api, '/app/patients');
    await screen.findByText('NG-1');
    const [first, second] = rows();
    expect(first?.textContent).toMatch(/BERNARD Anna.*03\/02\/1970.*ans.*F.*NG-1.*P-1.*CTMR\+1.*3.*01\/02\/2026.*À lire/);
    expect(within(first as HTMLElement).getByRole('img', { name: /autre/ })).toBeTruthy();
    expect(second?.textContent).toMatch(/^Sans nom!–NG-21Archivé$/);
    expect(within(second as HTMLElement).getByRole('img', { name: 'L’identité de ce patient est à vérifier.' })).toBeTruthy();
  });

  test('is asked for by name, state and order, as the address says, and remembers them', async () => {
    const api = new FakeApi().on('listPatients', () => listOf([patientOf(1)]));
    const { user, address } = await openPage(api, '/app/patients');
    await screen.findByText('NG-1');
    expect(api.of('listPatients')[0]?.query).toMatchObject({ sort: 'name', limit: 100 });
    await user.type(screen.getByRole('searchbox', { name: 'Filtrer les patients' }), 'bern');
    await waitFor(() => expect(address()).toBe('/app/patients?q=bern'));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Statut' }), '▢ Archivé');
    await user.click(screen.getByRole('button', { name: 'Dernier examen' }));
    await waitFor(() =>
      expect(api.of('listPatients').at(-1)?.query).toMatchObject({ q: 'bern', status: 'ARCHIVED', sort: 'lastStudyAt' }),
    );
    expect(address()).toBe('/app/patients?q=bern&status=ARCHIVED&sort=lastStudyAt');
  });

  test('of nobody invites to import; of nobody who fits, to clear what filters', async () => {
    const { user, address, close } = await openPage(new FakeApi(), '/app/patients?q=zzz&status=ARCHIVED', { locale: 'en' });
    expect(await screen.findByText('No patient matches')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Clear filters' }));
    await waitFor(() => expect(address()).toBe('/app/patients'));
    close();
    await openPage(new FakeApi(), '/app/patients');
    expect(await screen.findByText('Aucun patient pour l’instant')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Importer un dossier' }).getAttribute('href')).toBe('/app/import');
  });

  test('that can’t be read says what is safe, and recovers', async () => {
    let isDown = true;
    const api = new FakeApi().on('listPatients', () => (isDown ? new Refusal('INTERNAL') : listOf([patientOf(1)])));
    const { user } = await openPage(api, '/app/patients', { locale: 'en' });
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('nothing was changed');
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('NG-1')).toBeTruthy();
  });

  test('on a phone is cards that open the record at a press', async () => {
    const api = new FakeApi().on('listPatients', () => listOf([patientOf(1)])).on('getPatient', () => patientOf(1));
    const { user, address } = await openPage(api, '/app/patients', { isPhone: true });
    await user.click(await screen.findByText('BERNARD Anna'));
    await waitFor(() => expect(address()).toBe(`/app/patients/${patientOf(1).id}`));
  });

  test('asks nothing again for the record beside it', async () => {
    const api = new FakeApi().on('listPatients', () => listOf([patientOf(1)])).on('listStudies', () => listOf([studyOf(1)]));
    const { user } = await openPage(api, '/app/patients');
    await screen.findByText('NG-1');
    await user.keyboard('j');
    const beside = await screen.findByRole('complementary', { name: 'Ouvrir la fiche' });
    expect(await within(beside).findByText('Thorax 1')).toBeTruthy();
    expect(api.of('getPatient')).toEqual([]);
    expect(within(beside).getByRole('link', { name: 'Ouvrir la fiche' }).getAttribute('href')).toBe(
      `/app/patients/${patientOf(1).id}`,
    );
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('complementary')).toBeNull());
  });
});

describe('a name that was guessed at', () => {
  const uncertain = patientOf(1, { textUncertain: true });
  const open = async (api: FakeApi, role: 'RADIOLOGIST' | 'RESEARCHER' = 'RADIOLOGIST') => {
    api.on('getPatient', () => (api.of('updatePatient').length === 0 ? uncertain : patientOf(1)));
    const page = await openPage(api, `/app/patients/${uncertain.id}`, { role });
    await screen.findByText('Nom à vérifier');
    return page;
  };

  test('is confirmed as it stands', async () => {
    const api = new FakeApi().on('updatePatient', () => patientOf(1));
    const { user } = await open(api);
    await user.click(screen.getByRole('button', { name: 'Le nom est juste' }));
    expect(await screen.findByText('Nom confirmé.')).toBeTruthy();
    await waitFor(() => expect(screen.queryByText('Nom à vérifier')).toBeNull());
    expect(api.of('updatePatient').map(({ body }) => body)).toEqual([{ updatedAt: uncertain.updatedAt, textUncertain: false }]);
  });

  test('or corrected; who may change nothing is told only', async () => {
    const { user, close } = await open(new FakeApi());
    const [edit] = screen.getAllByRole('button', { name: 'Modifier' }).slice(-1);
    await user.click(edit as HTMLElement);
    expect(await screen.findByLabelText('Nom')).toBeTruthy();
    close();
    await open(new FakeApi(), 'RESEARCHER');
    expect(screen.queryByRole('button', { name: 'Le nom est juste' })).toBeNull();
  });

  test('stays where confirming is refused', async () => {
    const api = new FakeApi().on('updatePatient', () => new Refusal('STALE_UPDATE'));
    const { user } = await open(api);
    api.on('getPatient', () => uncertain);
    await user.click(screen.getByRole('button', { name: 'Le nom est juste' }));
    expect(await screen.findByText(/Quelqu’un a modifié cette fiche/)).toBeTruthy();
    expect(screen.getByText('Nom à vérifier')).toBeTruthy();
  });
});

describe('a patient’s record', () => {
  const ADDRESS = `/app/patients/${patientOf(1).id}`;
  const shown = (): FakeApi => new FakeApi().on('getPatient', () => patientOf(1)).on('listStudies', () => listOf([studyOf(1)]));
  const editing = async (api: FakeApi) => {
    const page = await openPage(api, ADDRESS);
    await page.user.click(await screen.findByRole('button', { name: 'Modifier' }));
    await screen.findByLabelText('Nom');
    return page;
  };

  test('without studies invites to import for this patient', async () => {
    await openPage(
      shown()
        .on('listStudies', () => listOf([]))
        .on('getPatient', () => patientOf(1, { studyCount: 0 })),
      ADDRESS,
    );
    expect(await screen.findByText('Pas encore d’examen')).toBeTruthy();
    const links = screen.getAllByRole('link', { name: 'Importer pour ce patient' });
    expect(links.map((link) => link.getAttribute('href'))).toEqual([
      `/app/import?patientId=${patientOf(1).id}`,
      `/app/import?patientId=${patientOf(1).id}`,
    ]);
    // There is nothing to hand over.
    expect(screen.queryByRole('button', { name: 'Télécharger (ZIP)' })).toBeNull();
  });

  test('whose studies can’t be read keeps the rest', async () => {
    let isDown = true;
    const { user } = await openPage(
      shown().on('listStudies', () => (isDown ? new Refusal('INTERNAL') : listOf([studyOf(1)]))),
      ADDRESS,
    );
    const alert = await screen.findByRole('alert');
    expect(screen.getByRole('region', { name: 'Identité' })).toBeTruthy();
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(await screen.findByText('Thorax 1')).toBeTruthy();
  });

  test('that nobody changed is not sent; a birth in the future is refused', async () => {
    const api = shown();
    const { user } = await editing(api);
    await user.click(screen.getByRole('button', { name: 'Enregistrer' }));
    await waitFor(() => expect(screen.queryByLabelText('Nom')).toBeNull());
    await user.click(screen.getByRole('button', { name: 'Modifier' }));
    const [, , year] = within(screen.getByRole('group', { name: 'Naissance' })).getAllByRole('spinbutton');
    await user.click(year as HTMLElement);
    await user.keyboard('2199');
    await user.click(screen.getByRole('button', { name: 'Enregistrer' }));
    expect(await screen.findByText('La naissance ne peut pas être dans l’avenir.')).toBeTruthy();
    expect(api.of('updatePatient')).toEqual([]);
  });

  test('that can’t be saved keeps what was typed, and says why', async () => {
    const { user } = await editing(shown().on('updatePatient', () => new Refusal('UNAVAILABLE')));
    await user.type(screen.getByLabelText('Téléphone'), '0607');
    await user.click(screen.getByRole('button', { name: 'Enregistrer' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Une partie du serveur ne répond pas');
    expect(screen.getByLabelText<HTMLInputElement>('Téléphone').value).toBe('0607');
    await user.click(screen.getByRole('button', { name: 'Annuler' }));
    expect(await screen.findByRole('button', { name: 'Modifier' })).toBeTruthy();
  });

  test('is left by Escape, to where one came from, but not while one types', async () => {
    const api = shown().on('listPatients', () => listOf([patientOf(1)]));
    const { user, address, navigate } = await openPage(api, '/app/patients?q=bern');
    await screen.findByText('NG-1');
    await navigate(ADDRESS);
    await user.click(await screen.findByRole('button', { name: 'Modifier' }));
    await user.type(await screen.findByLabelText('Nom'), 'X{Escape}');
    expect(address()).toBe(ADDRESS);
    await user.click(screen.getByRole('button', { name: 'Annuler' }));
    screen.getByRole('main').focus();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(address()).toBe('/app/patients?q=bern'));
  });

  test('that leads nowhere back leads to the list', async () => {
    const { user, address } = await openPage(shown(), ADDRESS);
    await user.click(await screen.findByRole('button', { name: 'Retour' }));
    await waitFor(() => expect(address()).toBe('/app/patients'));
  });

  test('in the trash comes back by the message’s button', async () => {
    const entry = make(TrashEntry, { id: idOf(40), kind: 'patient', label: 'BERNARD Anna · NG-1' });
    const api = shown().on('listTrash', () => listOf([entry]));
    const { user } = await openPage(api, ADDRESS, { role: 'ADMIN' });
    await user.click(await screen.findByRole('button', { name: 'Mettre à la corbeille' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Mettre à la corbeille' }));
    expect(await screen.findByText('Patient mis à la corbeille.')).toBeTruthy();
    expect(api.of('deletePatient').map(({ query }) => query.cascade)).toEqual([true]);
    await user.click(screen.getByRole('button', { name: 'Annuler' }));
    await waitFor(() => expect(api.of('restoreTrash').map(({ params }) => params.id)).toEqual([idOf(40)]));
    expect(await screen.findByText('Rétabli.')).toBeTruthy();
  });

  test('that may not go to the trash stays, and says why', async () => {
    const { user, address } = await openPage(
      shown().on('deletePatient', () => new Refusal('PATIENT_HAS_IMAGES')),
      ADDRESS,
      { role: 'ADMIN' },
    );
    await user.click(await screen.findByRole('button', { name: 'Mettre à la corbeille' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Mettre à la corbeille' }));
    expect(await screen.findByText(/Ce patient a des images/)).toBeTruthy();
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(address()).toBe(ADDRESS);
  });

  test('whose archive is refused stays as it is', async () => {
    const { user } = await openPage(
      shown().on('updatePatient', () => new Refusal('STALE_UPDATE')),
      ADDRESS,
    );
    await user.click(await screen.findByRole('button', { name: 'Archiver' }));
    expect(await screen.findByText(/Quelqu’un a modifié cette fiche/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Archiver' })).toBeTruthy();
  });

  test('can’t be downloaded while the server can’t tell what is damaged', async () => {
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
    const { user } = await openPage(
      shown().on('checkExport', () => new Refusal('UNAVAILABLE')),
      ADDRESS,
    );
    await user.click(await screen.findByRole('button', { name: 'Télécharger (ZIP)' }));
    expect(await screen.findByText(/Une partie du serveur ne répond pas/)).toBeTruthy();
    expect(clicked).not.toHaveBeenCalled();
  });

  test('that can’t be handed over says why, and notes nothing', async () => {
    const api = shown().on('makeMedium', () => new Refusal('FORBIDDEN'));
    const { user } = await openPage(api, ADDRESS, { role: 'STAFF' });
    await user.click(await screen.findByRole('button', { name: 'Remettre au patient' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText('Remis à'), 'A');
    await user.click(within(dialog).getByRole('button', { name: 'Remettre au patient' }));
    expect(await within(dialog).findByText('Indiquez qui reçoit les images.')).toBeTruthy();
    expect(api.of('makeMedium')).toEqual([]);
    await user.type(within(dialog).getByLabelText('Remis à'), 'nna');
    await user.click(within(dialog).getByRole('button', { name: 'Remettre au patient' }));
    expect((await within(dialog).findByText('Votre rôle ne permet pas cette action.')).closest('[role="alert"]')).toBeTruthy();
  });
});

describe('a new patient', () => {
  const open = async (api: FakeApi) => {
    api.on('getPatient', () => patientOf(9));
    const page = await openPage(api, '/app/patients?create=true');
    const dialog = await screen.findByRole('dialog', { name: 'Nouveau patient' });
    await page.user.type(within(dialog).getByLabelText('Nom'), ' Blanc ');
    return { ...page, dialog };
  };
  const create = (dialog: HTMLElement) => within(dialog).getByRole('button', { name: /^Créer/ });

  test('is made with what is known; what is not is nothing', async () => {
    const api = new FakeApi().on('createPatient', () => patientOf(9));
    const { user, dialog, address } = await open(api);
    await user.selectOptions(within(dialog).getByLabelText('Sexe'), 'Femme');
    await user.click(create(dialog));
    await waitFor(() => expect(address()).toBe(`/app/patients/${patientOf(9).id}`));
    expect(api.of('createPatient').map(({ body }) => body)).toEqual([
      { lastName: 'Blanc', firstName: '', birthDate: null, sex: 'F', externalId: null, phone: null, address: null },
    ]);
    // Without a birth date nobody is the same.
    expect(api.of('listPatients').filter(({ query }) => query.birthDate !== undefined)).toEqual([]);
  });

  test('goes into the main group, or another that its maker belongs to and chooses', async () => {
    const groups = [make(Group, { id: idOf(700), name: 'Cardiologie' }), make(Group, { id: idOf(701), name: 'Neurologie' })];
    const api = new FakeApi().on('createPatient', () => patientOf(9)).on('listGroups', () => listOf([...groups].reverse()));
    api.on('getPatient', () => patientOf(9));
    const me = meOf('PHYSICIAN', { groupId: idOf(700), groupIds: [idOf(700), idOf(701)] });
    const { user } = await openPage(api, '/app/patients?create=true', { me });
    const dialog = await screen.findByRole('dialog', { name: 'Nouveau patient' });
    const into = await within(dialog).findByLabelText<HTMLSelectElement>('Dans le groupe');
    expect([...into.options].map(({ text }) => text)).toEqual(['Cardiologie', 'Neurologie']);
    expect(into.value).toBe(idOf(700));
    await user.type(within(dialog).getByLabelText('Nom'), 'Blanc');
    await user.selectOptions(into, 'Neurologie');
    await user.click(create(dialog));
    await waitFor(() => expect(api.of('createPatient')[0]?.body).toMatchObject({ groupId: idOf(701) }));
  });

  test('that may be here already is proposed while one types: by a like name, and by day of birth once that is known', async () => {
    const known = [
      patientOf(1, { lastName: 'BLANC', firstName: 'Awa', birthDate: '1980-02-01' }),
      patientOf(2, { lastName: 'BLANCHE', firstName: 'Ndèye', birthDate: '1990-05-05' }),
      patientOf(3, { lastName: 'BLANC', firstName: 'Omar', birthDate: null }),
    ];
    const api = new FakeApi().on('listPatients', ({ query }) => listOf(query.q === undefined ? [] : known));
    const { user, dialog } = await open(api);
    const proposed = async () =>
      (await within(dialog).findAllByRole('link')).map(({ textContent }) => textContent?.replace(/(?:NG-)?\d.*/, ''));
    expect(await within(dialog).findByText(/déjà inscrit/)).toBeTruthy();
    expect(await proposed()).toEqual(['BLANC Awa', 'BLANCHE Ndèye', 'BLANC Omar']);
    expect(api.of('listPatients').at(-1)?.query).toMatchObject({ q: 'Blanc' });
    const [day] = within(within(dialog).getByRole('group', { name: 'Naissance' })).getAllByRole('spinbutton');
    await user.click(day as HTMLElement);
    await user.keyboard('05051990');
    await waitFor(async () => expect(await proposed()).toEqual(['BLANCHE Ndèye', 'BLANC Omar']));
    expect(api.of('createPatient')).toEqual([]);
  });

  test('that is refused keeps what was typed; closing forgets it', async () => {
    const { user, dialog, address } = await open(new FakeApi().on('createPatient', () => new Refusal('VALIDATION_FAILED')));
    await user.click(create(dialog));
    expect((await within(dialog).findByRole('alert')).textContent).toContain('Certains champs ne sont pas valides.');
    expect(within(dialog).getByLabelText<HTMLInputElement>('Nom').value).toBe(' Blanc ');
    await user.click(within(dialog).getByRole('button', { name: 'Annuler' }));
    await waitFor(() => expect(address()).toBe('/app/patients'));
    await user.click(screen.getByRole('button', { name: 'Nouveau patient' }));
    expect(within(await screen.findByRole('dialog')).getByLabelText<HTMLInputElement>('Nom').value).toBe('');
  });
});

describe('a long trash', () => {
  test('comes page by page, each with its day', async () => {
    const entry = (number: number) =>
      make(TrashEntry, { id: idOf(number), kind: 'study', label: `Examen ${number}`, purgeAt: '2026-03-31T08:00:00.000Z' });
    const api = new FakeApi().on('listTrash', ({ query }) =>
      query.cursor === undefined ? listOf([entry(1)], { nextCursor: 'next' }) : listOf([entry(2)]),
    );
    const { user } = await openPage(api, '/app/trash', { role: 'ADMIN' });
    await screen.findByText('Examen 1');
    await user.click(within(screen.getByRole('main')).getByRole('button', { name: 'Plus' }));
    expect(await screen.findByText('Examen 2')).toBeTruthy();
    expect(screen.getAllByText(/^effacement le 31\/03\/2026/)).toHaveLength(2);
  });

  test('that can’t be read is not told as empty', async () => {
    await openPage(
      new FakeApi().on('listTrash', () => new Refusal('INTERNAL')),
      '/app/trash',
      { role: 'ADMIN' },
    );
    await screen.findByRole('alert');
    expect(screen.queryByText('La corbeille est vide')).toBeNull();
  });
});

describe('groups and users that are refused', () => {
  test('a name that is taken is told in the dialog; a group with patients stays', async () => {
    const group = { id: idOf(700), name: 'Cardiologie', userCount: 0, patientCount: 1, createdAt: '2026-03-01T08:00:00.000Z' };
    const api = new FakeApi()
      .on('listGroups', () => listOf([group]))
      .on('updateGroup', () => new Refusal('NAME_TAKEN'))
      .on('deleteGroup', () => new Refusal('GROUP_HAS_PATIENTS'));
    const { user } = await openPage(api, '/app/admin/groups', { role: 'ADMIN' });
    await user.click(await screen.findByRole('button', { name: 'Renommer' }));
    const dialog = await screen.findByRole('dialog', { name: 'Renommer' });
    expect(within(dialog).getByLabelText<HTMLInputElement>('Nom du groupe').value).toBe('Cardiologie');
    await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
    expect((await within(dialog).findByRole('alert')).textContent).toContain('Ce nom est déjà utilisé.');
    await user.click(within(dialog).getByRole('button', { name: 'Annuler' }));
    await user.click(await screen.findByRole('button', { name: fr('Supprimer le groupe « Cardiologie » ?') }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Supprimer' }));
    expect(await screen.findByText(/Ce groupe contient des patients/)).toBeTruthy();
    expect(screen.getByText('Cardiologie')).toBeTruthy();
  });

  test.each([
    ['/app/admin/users', 'listUsers'],
    ['/app/admin/groups', 'listGroups'],
  ] as const)('%s that can’t be read recovers', async (address, operation) => {
    let isDown = true;
    const { user } = await openPage(
      new FakeApi().on(operation, () => (isDown ? new Refusal('INTERNAL') : listOf([]))),
      address,
      { role: 'ADMIN' },
    );
    const alert = await screen.findByRole('alert');
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });
});

import { Group, ImportReport, Overview, TrashEntry } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { fr, openPage } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

describe('the list of patients', () => {
  test('opens a record beside it, and whole by Enter', async () => {
    const api = new FakeApi()
      .on('listPatients', () => listOf([patientOf(1), patientOf(2, { identityStatus: 'IDENTITY_REVIEW' })]))
      .on('getPatient', ({ params }) =>
        params.id === patientOf(2).id ? patientOf(2, { identityStatus: 'IDENTITY_REVIEW' }) : patientOf(1),
      );
    const { user, address } = await openPage(api, '/app/patients');
    await screen.findByRole('grid', { name: 'Patients' });
    await screen.findByText('NG-2');
    await user.keyboard('jj');
    const beside = await screen.findByRole('complementary', { name: 'Ouvrir la fiche' });
    expect(await within(beside).findByText(/L’identité de ce patient est à vérifier/)).toBeTruthy();
    expect(address()).toContain(`selected=${patientOf(2).id}`);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(address()).toBe(`/app/patients/${patientOf(2).id}`));
  });

  test('asks for identities to be checked alone, as the address says', async () => {
    const api = new FakeApi().on('listPatients', ({ query }) => listOf(query.identityStatus === undefined ? [patientOf(1)] : []));
    const { user, address } = await openPage(api, '/app/patients');
    await screen.findByText('NG-1');
    await user.click(screen.getByRole('checkbox', { name: 'Identité à vérifier' }));
    expect(await screen.findByText('Aucun patient ne correspond')).toBeTruthy();
    expect([address(), api.of('listPatients').at(-1)?.query.identityStatus]).toEqual([
      '/app/patients?review=true',
      'IDENTITY_REVIEW',
    ]);
  });

  test('a new patient equal in name and birth date to one who is there says so first', async () => {
    const api = new FakeApi()
      .on('listPatients', ({ query }) => listOf(query.birthDate === undefined ? [] : [patientOf(1)]))
      .on('createPatient', ({ body }) => patientOf(9, body as object)) // Read by the contract.
      .on('getPatient', () => patientOf(9));
    const { user, address } = await openPage(api, '/app/patients?create=true');
    const dialog = await screen.findByRole('dialog', { name: 'Nouveau patient' });
    await user.type(within(dialog).getByLabelText('Nom'), 'Bernard');
    await user.type(within(dialog).getByLabelText('Prénom'), 'Anna');
    await user.click(within(dialog).getAllByRole('spinbutton')[0] as HTMLElement);
    await user.keyboard('03021970');
    await user.click(within(dialog).getByRole('button', { name: 'Créer' }));
    expect(await within(dialog).findByText('Un patient a déjà ce nom et cette date de naissance')).toBeTruthy();
    expect(api.of('createPatient')).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Créer quand même' }));
    await waitFor(() => expect(address()).toBe(`/app/patients/${patientOf(9).id}`));
    expect(api.of('createPatient')[0]?.body).toMatchObject({ lastName: 'Bernard', firstName: 'Anna', birthDate: '1970-02-03' });
  });

  test('no patient is made by who may not, whatever the address says', async () => {
    await openPage(
      new FakeApi().on('listPatients', () => listOf([patientOf(1)])),
      '/app/patients?create=true',
      { role: 'RESEARCHER' },
    );
    await screen.findByText('NG-1');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Nouveau patient' })).toBeNull();
  });
});

describe('the dashboard', () => {
  const counts = make(Overview, { patients: 3, studies: 4, instances: 1200, toRead: 2, openConflicts: 1, identityReviews: 0 });

  test('leads with what waits, then what is to be read, the oldest first', async () => {
    const api = new FakeApi()
      .on('overview', () => counts)
      .on('listStudies', () => listOf([studyOf(1), studyOf(2)]))
      .on('listImports', () => listOf([make(ImportReport, { id: idOf(8), status: 'DONE', received: 3, stored: 3 })]));
    await openPage(api, '/app');
    expect((await screen.findByRole('link', { name: /1 conflit à trancher/ })).getAttribute('href')).toBe('/app/conflicts');
    expect(screen.queryByText(/identité à vérifier/)).toBeNull();
    await screen.findByText('Thorax 1');
    expect(api.of('listStudies')[0]?.query).toMatchObject({ status: 'TO_READ', sort: 'receivedAt' });
    expect(screen.getByRole('link', { name: /À lire ?2/ }).getAttribute('href')).toBe('/app/worklist?status=TO_READ');
    expect(await screen.findByText(/3 reçus/)).toBeTruthy();
  });

  test.each([
    ['ADMIN', ['Importer un dossier', 'Charger le jeu de démonstration']],
    ['STAFF', ['Importer un dossier']],
  ] as const)('of an empty server offers %s the first steps that are theirs', async (role, offered) => {
    await openPage(new FakeApi(), '/app', { role });
    await screen.findByText('La table lumineuse est prête');
    const main = screen.getByRole('main');
    const names = [...within(main).queryAllByRole('link'), ...within(main).queryAllByRole('button')].map(({ textContent }) =>
      textContent?.trim(),
    );
    expect(names).toEqual(offered);
  });

  test('that can’t be counted recovers', async () => {
    let isDown = true;
    const api = new FakeApi().on('overview', () => (isDown ? new Refusal('INTERNAL') : counts));
    const { user } = await openPage(api, '/app', { locale: 'en' });
    const alert = await screen.findByRole('alert');
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/1 conflict/)).toBeTruthy();
  });
});

describe('the trash', () => {
  const entries = [
    make(TrashEntry, {
      id: idOf(1),
      kind: 'patient',
      label: 'MARTIN Anna',
      deletedAt: '2026-03-01T08:00:00.000Z',
      purgeAt: '2026-03-31T08:00:00.000Z',
    }),
    make(TrashEntry, {
      id: idOf(2),
      kind: 'study',
      label: 'DIALLO Awa · Thorax',
      studyDate: '2026-02-20',
      deletedAt: '2026-03-02T08:00:00.000Z',
      purgeAt: '2026-04-01T08:00:00.000Z',
    }),
  ];

  test('says what each was and until when it can be taken back, and takes it back', async () => {
    const api = new FakeApi().on('listTrash', () =>
      listOf(entries.filter(({ id }) => !api.of('restoreTrash').some(({ params }) => params.id === id))),
    );
    const { user } = await openPage(api, '/app/trash', { role: 'ADMIN' });
    const line = (await screen.findByText('MARTIN Anna')).closest('li') as HTMLElement; // The line around it.
    expect(line.textContent).toMatch(/Patient · supprimé le .*01\/03\/2026.*effacement le .*31\/03\/2026/);
    await user.click(within(line).getByRole('button', { name: 'Rétablir' }));
    await waitFor(() => expect(screen.queryByText('MARTIN Anna')).toBeNull());
    expect(screen.getByText('DIALLO Awa · Thorax · 20/02/2026')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Rétablir' }));
    expect(await screen.findByText('La corbeille est vide')).toBeTruthy();
  });

  test('leaves what can’t be taken back, and says why', async () => {
    const api = new FakeApi().on('listTrash', () => listOf(entries)).on('restoreTrash', () => new Refusal('NOT_FOUND'));
    const { user } = await openPage(api, '/app/trash', { role: 'ADMIN' });
    await user.click((await screen.findAllByRole('button', { name: 'Rétablir' }))[0] as HTMLElement);
    expect(await screen.findByText('Introuvable.')).toBeTruthy();
    expect(screen.getByText('MARTIN Anna')).toBeTruthy();
  });
});

describe('groups', () => {
  const group = make(Group, { id: idOf(1), name: 'Cardiologie', userCount: 3, patientCount: 1200 });

  test('are made, renamed, and deleted after a question', async () => {
    const api = new FakeApi()
      .on('listGroups', () => listOf([group]))
      .on('createGroup', () => group)
      .on('updateGroup', () => group);
    const { user } = await openPage(api, '/app/admin/groups', { role: 'ADMIN' });
    expect((await screen.findByText(/Membres : 3/)).textContent).toContain('1\u202f200');
    await user.click(screen.getByRole('button', { name: 'Nouveau groupe' }));
    const dialog = await screen.findByRole('dialog', { name: 'Nouveau groupe' });
    await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
    expect(await within(dialog).findByText('Ce champ est obligatoire.')).toBeTruthy();
    await user.type(within(dialog).getByLabelText('Nom du groupe'), '  Pneumologie ');
    await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.of('createGroup').map(({ body }) => body)).toEqual([{ name: 'Pneumologie' }]);
    await user.click(screen.getByRole('button', { name: fr('Supprimer le groupe « Cardiologie » ?') }));
    const question = await screen.findByRole('dialog');
    expect(api.of('deleteGroup')).toEqual([]);
    await user.click(within(question).getByRole('button', { name: 'Supprimer' }));
    await waitFor(() => expect(api.of('deleteGroup').map(({ params }) => params)).toEqual([{ id: idOf(1) }]));
  });

  test('none yet says what they are for', async () => {
    await openPage(new FakeApi(), '/app/admin/groups', { role: 'ADMIN', locale: 'en' });
    expect(await screen.findByText('No groups yet')).toBeTruthy();
  });
});

import { Group, ManagedUser, UserEvent } from '@negatoscope/contract';
import { LEVELS, PERMISSIONS, permissionsOf, ROLES } from '@negatoscope/contract/permissions';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { people as enPeople } from '../i18n/en/people.ts';
import { people as frPeople } from '../i18n/fr/people.ts';
import { text } from '../i18n/index.ts';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { fr, openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const ANNA = make(ManagedUser, {
  id: idOf(601),
  email: 'anna@example.org',
  firstName: 'Anna',
  lastName: 'Roux',
  role: 'PHYSICIAN',
  level: 'WRITE',
  status: 'ACTIVE',
  groupId: idOf(700),
  groupIds: [idOf(700)],
  locale: 'fr',
  hasPassword: true,
});
const BOB = make(ManagedUser, {
  ...ANNA,
  id: idOf(602),
  email: 'bob@example.org',
  firstName: 'Bob',
  role: 'STAFF',
  status: 'SUSPENDED',
  groupId: null,
  groupIds: [],
});
const ISSUER = 'https://idp.example';
/** Who has come by a provider and waits. */
const ZOE = make(ManagedUser, {
  ...ANNA,
  id: idOf(603),
  email: 'zoe@example.org',
  firstName: 'Zoé',
  role: 'STAFF',
  status: 'INACTIVE',
  groupId: null,
  groupIds: [],
  lastLoginAt: null,
  hasPassword: false,
  identities: [{ issuer: ISSUER, subject: 'z-1', provider: 'CHU', linkedAt: '2036-03-01T08:00:00.000Z' }],
});
const api = (): FakeApi =>
  new FakeApi()
    .on('listUsers', ({ query }) =>
      listOf([ANNA, BOB].filter(({ email }) => query.status !== 'INACTIVE' && email.includes(String(query.q ?? '')))),
    )
    .on('listGroups', () => listOf([make(Group, { id: idOf(700), name: 'Cardiologie' })]));
const open = (fake: FakeApi) => openPage(fake, '/app/admin/users', { role: 'ADMIN' });
const row = async (email: string): Promise<HTMLElement> =>
  (await screen.findByText(email)).closest('[role="row"]') as HTMLElement; // The row around it.
const field = (dialog: HTMLElement, label: string) => within(dialog).getByLabelText<HTMLInputElement>(label);

describe('users', () => {
  test('are listed with role, group and state', async () => {
    await open(api());
    const anna = await row('anna@example.org');
    await waitFor(() => expect(anna.textContent).toContain('Cardiologie'));
    expect(anna.textContent).toContain('Médecin');
    expect((await row('bob@example.org')).textContent).toContain('Suspendu');
  });

  test('are searched, and none that fits is told', async () => {
    const fake = api();
    const { user, address } = await open(fake);
    await row('bob@example.org');
    await user.type(screen.getByRole('searchbox'), 'anna');
    await waitFor(() => expect(screen.queryByText('bob@example.org')).toBeNull());
    expect(address()).toBe('/app/admin/users?q=anna');
    await user.type(screen.getByRole('searchbox'), ' nobody');
    expect(await screen.findByText('Aucun utilisateur ne correspond')).toBeTruthy();
  });

  test('are made without a password: the role proposes its level, the server’s refusal is shown, and a link is there to be handed over', async () => {
    let isTaken = true;
    const link = 'https://pacs.example.org/login#password=abc';
    const fake = api()
      .on('createUser', () => (isTaken ? new Refusal('EMAIL_TAKEN') : ANNA))
      .on('inviteUser', () => ({ link, expiresAt: '2036-03-04T08:00:00.000Z' }));
    const { user } = await open(fake);
    await user.click(await screen.findByRole('button', { name: 'Nouvel utilisateur' }));
    const dialog = await screen.findByRole('dialog', { name: 'Nouvel utilisateur' });
    await user.type(field(dialog, 'Prénom'), 'Zoé');
    await user.type(field(dialog, 'Nom'), 'Blanc');
    await user.type(field(dialog, 'Adresse e-mail'), ' zoe@example.org');
    await user.selectOptions(field(dialog, 'Rôle'), 'ADMIN');
    expect(field(dialog, 'Niveau').value).toBe('ADMIN');
    await user.selectOptions(field(dialog, 'Groupe'), 'Cardiologie');
    await user.click(within(dialog).getByRole('button', { name: 'Créer' }));
    expect(await within(dialog).findByRole('alert')).toBeTruthy();
    isTaken = false;
    await user.click(within(dialog).getByRole('button', { name: 'Créer' }));
    const invitation = await screen.findByRole('dialog', { name: /Invitation de/ });
    expect(within(invitation).getByText(link)).toBeTruthy();
    expect(within(invitation).getByRole('img', { name: 'Code QR du lien' })).toBeTruthy();
    expect(fake.of('createUser')[1]?.body).toEqual({
      firstName: 'Zoé',
      lastName: 'Blanc',
      email: 'zoe@example.org',
      role: 'ADMIN',
      level: 'ADMIN',
      groupId: idOf(700),
      locale: 'fr',
      mustChangePassword: false,
    });
    expect(fake.of('inviteUser').map(({ body, params }) => [body, params])).toEqual([[{ by: 'LINK' }, { id: ANNA.id }]]);
  });

  test('are invited again by mail where the server sends it; who is suspended is not', async () => {
    const fake = api()
      .on('waysIn', () => ({ passwords: true, providers: [], mail: true, passkeys: false }))
      .on('inviteUser', () => ({ link: null, expiresAt: '2036-03-04T08:00:00.000Z' }));
    const { user } = await open(fake);
    await user.dblClick(await row('anna@example.org'));
    await user.click(await screen.findByRole('button', { name: 'Inviter à choisir un mot de passe' }));
    expect(await screen.findByText(/Un lien a été envoyé à anna@example.org/)).toBeTruthy();
    await user.click(screen.getAllByRole('button', { name: 'Fermer' })[0] as HTMLElement); // One is there.
    await user.dblClick(await row('bob@example.org'));
    await screen.findByRole('dialog', { name: /Modifier/ });
    expect(screen.queryByRole('button', { name: 'Inviter à choisir un mot de passe' })).toBeNull();
  });

  test('are changed', async () => {
    const fake = api().on('updateUser', () => ANNA);
    const { user } = await open(fake);
    await user.dblClick(await row('anna@example.org'));
    const dialog = await screen.findByRole('dialog', { name: /Modifier/ });
    await user.selectOptions(field(dialog, 'Rôle'), 'STAFF');
    await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const [sent] = fake.of('updateUser');
    expect(sent?.params).toEqual({ id: ANNA.id });
    expect(sent?.body).toMatchObject({ role: 'STAFF', level: 'WRITE', email: 'anna@example.org', groupId: idOf(700) });
    expect(sent?.body).not.toHaveProperty('password');
    expect(sent?.body).not.toHaveProperty('status');
  });

  test('are deleted only after a question; a refusal leaves them', async () => {
    const fake = api().on('deleteUser', () => new Refusal('FORBIDDEN'));
    const { user } = await open(fake);
    await user.dblClick(await row('bob@example.org'));
    await user.click(within(await screen.findByRole('dialog', { name: /Modifier/ })).getByRole('button', { name: 'Supprimer' }));
    const question = await screen.findByRole('dialog', { name: /Supprimer .*\s\?/ });
    expect(fake.of('deleteUser')).toEqual([]);
    await user.click(within(question).getByRole('button', { name: 'Supprimer' }));
    expect(await screen.findByText('Votre rôle ne permet pas cette action.')).toBeTruthy();
    expect(fake.of('deleteUser').map(({ params }) => params)).toEqual([{ id: BOB.id }]);
  });

  test('are filtered by what stands in the address; a filter that finds nobody can be cleared', async () => {
    const fake = api();
    const { user, address } = await openPage(fake, '/app/admin/users?role=STAFF&way=PROVIDER&lastSeen=LONG_AGO&groupId=none', {
      role: 'ADMIN',
    });
    await waitFor(() =>
      expect(fake.of('listUsers').map(({ query }) => query)).toContainEqual(
        expect.objectContaining({ role: 'STAFF', way: 'PROVIDER', lastSeen: 'LONG_AGO', groupId: 'none' }),
      ),
    );
    await user.selectOptions(await screen.findByLabelText('Statut'), 'SUSPENDED');
    await waitFor(() => expect(address()).toContain('status=SUSPENDED'));
    await user.selectOptions(screen.getByLabelText('Accès'), 'Tous les accès');
    await waitFor(() => expect(address()).not.toContain('way='));
    await user.type(screen.getByRole('searchbox'), 'nobody');
    await user.click(await screen.findByRole('button', { name: 'Effacer les filtres' }));
    await waitFor(() => expect(address()).toBe('/app/admin/users'));
  });

  test('are suspended at once, which can be taken back', async () => {
    const fake = api().on('updateUser', ({ body }) => ({ ...ANNA, ...(body as object) }));
    const { user } = await open(fake);
    await user.dblClick(await row('anna@example.org'));
    await user.click(await screen.findByRole('button', { name: 'Suspendre' }));
    await user.click(await screen.findByRole('button', { name: 'Annuler' }));
    await screen.findByText('Le compte est de nouveau comme avant.');
    expect(fake.of('updateUser').map(({ body }) => body)).toEqual([{ status: 'SUSPENDED' }, { status: 'ACTIVE' }]);
  });

  test('have their password replaced after a question: the link is there to be handed over', async () => {
    const link = 'https://pacs.example.org/login#password=abc';
    const fake = api().on('inviteUser', () => ({ link, expiresAt: '2036-03-04T08:00:00.000Z' }));
    const { user } = await open(fake);
    await user.dblClick(await row('anna@example.org'));
    await user.click(await screen.findByRole('button', { name: 'Remplacer le mot de passe' }));
    const question = await screen.findByRole('dialog', { name: /Remplacer le mot de passe de/ });
    await user.click(within(question).getByRole('button', { name: 'Remplacer le mot de passe' }));
    expect(await screen.findByText(link)).toBeTruthy();
    expect(fake.of('inviteUser').map(({ body }) => body)).toEqual([{ by: 'LINK', endsPassword: true }]);
  });

  test('are put into several groups, the main one first, and listed with all of them', async () => {
    const both = make(ManagedUser, { ...ANNA, groupIds: [idOf(700), idOf(701)] });
    const groups = [make(Group, { id: idOf(700), name: 'Cardiologie' }), make(Group, { id: idOf(701), name: 'Neurologie' })];
    const fake = new FakeApi()
      .on('listUsers', ({ query }) => listOf(query.status === 'INACTIVE' ? [] : [both]))
      .on('listGroups', () => listOf([...groups, make(Group, { id: idOf(702), name: 'Urgences' })]))
      .on('updateUser', () => both);
    const { user } = await open(fake);
    // The further ones are counted, and told whole to who hears the page or asks for the tip.
    expect((await row('anna@example.org')).textContent).toContain('Cardiologie+1, Neurologie');
    expect(within(await row('anna@example.org')).getByTitle('Cardiologie, Neurologie')).toBeTruthy();
    await user.dblClick(await row('anna@example.org'));
    const dialog = await screen.findByRole('dialog', { name: /Modifier/ });
    const also = within(dialog).getByRole('group', { name: 'Aussi dans ces groupes' });
    const box = (name: string) => within(also).getByRole<HTMLInputElement>('checkbox', { name });
    expect([box('Neurologie').checked, box('Urgences').checked]).toEqual([true, false]);
    await user.click(box('Urgences'));
    await user.selectOptions(field(dialog, 'Groupe'), 'Urgences');
    await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(fake.of('updateUser')[0]?.body).toMatchObject({ groupIds: [idOf(702), idOf(701)] });
    expect(fake.of('updateUser')[0]?.body).not.toHaveProperty('groupId');
  });

  test('have a history in sentences, read when it is opened', async () => {
    const by = { at: '2036-03-01T08:00:00.000Z', actorId: idOf(1), actorName: 'Alice Chef', provider: null };
    const change = (field: string, from: string | null, to: string | null, isTold = true) => ({ field, from, to, isTold });
    const events = [
      { ...by, kind: 'RIGHTS', changes: [change('role', 'STAFF', 'ADMIN'), change('groupId', idOf(700), null)] },
      { ...by, kind: 'RIGHTS', changes: [change('groupIds', idOf(700), `${idOf(700)} ${idOf(799)}`)] },
      { ...by, kind: 'RIGHTS', actorName: null, changes: [change('level', null, null, false)] },
      {
        ...by,
        kind: 'RIGHTS',
        actorId: null,
        actorName: null,
        provider: 'CHU',
        changes: [change('status', 'ACTIVE', 'SUSPENDED')],
      },
      { ...by, kind: 'JOINED', provider: 'CHU', changes: [] },
      { ...by, kind: 'PASSWORD_SET', actorId: null, actorName: null, changes: [] },
      { ...by, kind: 'CREATED', changes: [change('role', null, 'STAFF'), change('groupId', null, idOf(799))] },
    ];
    const items = events.map((event, index) => make(UserEvent, { ...event, id: idOf(800 + index) } as Partial<UserEvent>)); // Words of the contract.
    const fake = api().on('listUserEvents', () => ({ items, nextCursor: null }));
    const { user } = await open(fake);
    await user.dblClick(await row('anna@example.org'));
    const dialog = await screen.findByRole('dialog', { name: /Modifier/ });
    expect(fake.of('listUserEvents')).toEqual([]);
    await user.click(within(dialog).getByText('Historique des droits'));
    const lines = await within(dialog).findAllByText(/ a /, { selector: 'li span' });
    expect(lines.map(({ textContent }) => textContent)).toEqual([
      fr('Alice Chef a donné : rôle Administrateur (avant : Accueil), groupe aucun groupe (avant : Cardiologie).'),
      fr('Alice Chef a donné : groupes Cardiologie + un groupe supprimé (avant : Cardiologie).'),
      fr('Un compte supprimé a donné : autre niveau.'),
      fr('Le fournisseur d’identité CHU a donné : statut Suspendu (avant : Actif).'),
      fr('Alice Chef a rattaché au compte une personne venue par CHU.'),
      fr('La personne elle-même a choisi un mot de passe.'),
      fr('Alice Chef a créé le compte : rôle Accueil, groupe un groupe supprimé.'),
    ]);
  });
});

describe('who waits, having come by a provider', () => {
  const withZoe = (): FakeApi =>
    api().on('listUsers', ({ query }) =>
      listOf(query.status === 'INACTIVE' ? [ZOE] : query.status === 'ACTIVE' ? [ANNA] : [ANNA, BOB, ZOE]),
    );
  const openZoe = async (fake: FakeApi) => {
    const opened = await open(fake);
    const notice = await screen.findByRole('region', { name: /1 personne attend d’être activée/ });
    await opened.user.click(within(notice).getByRole('button', { name: /Zoé/ }));
    const dialog = await screen.findByRole('dialog', { name: /Modifier/ });
    return { ...opened, dialog };
  };

  test('is told of, and activated with the role and group that are chosen', async () => {
    const fake = withZoe().on('updateUser', () => ({ ...ZOE, status: 'ACTIVE' }));
    const { user, dialog } = await openZoe(fake);
    expect(within(dialog).getByText(/venue par CHU, qui répond de son adresse zoe@example.org/)).toBeTruthy();
    await user.selectOptions(field(dialog, 'Rôle'), 'RADIOLOGIST');
    await user.selectOptions(field(dialog, 'Groupe'), 'Cardiologie');
    await user.click(within(dialog).getByRole('button', { name: 'Activer' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(fake.of('updateUser')[0]?.body).toMatchObject({ status: 'ACTIVE', role: 'RADIOLOGIST', groupId: idOf(700) });
  });

  test('is joined to the account that is searched and chosen, by issuer and subject; nobody is proposed', async () => {
    let isGone = true;
    const fake = withZoe().on('joinUser', () => (isGone ? new Refusal('ACCOUNT_NOT_WAITING') : ANNA));
    const { user, dialog } = await openZoe(fake);
    await user.click(within(dialog).getByRole('button', { name: 'Rattacher à un compte existant' }));
    const join = await screen.findByRole('dialog', { name: /Rattacher .* à un compte existant/ });
    expect(within(join).queryByRole('radio')).toBeNull();
    await user.type(within(join).getByRole('searchbox'), 'anna');
    await user.click(await within(join).findByRole('radio'));
    const confirm = within(join).getByRole('button', { name: /^Rattacher à .*ROUX|^Rattacher à .*Roux/ });
    await user.click(confirm);
    expect(await within(join).findByText(/Ce compte n’attend plus/)).toBeTruthy();
    isGone = false;
    await user.click(confirm);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(fake.of('joinUser')[1]).toMatchObject({
      params: { id: ZOE.id },
      body: { issuer: ISSUER, subject: 'z-1', into: ANNA.id },
    });
  });
});

describe('roles and levels', () => {
  test('are told in words, each permission once, with what the level takes away', async () => {
    const { user } = await open(api());
    await user.click(await screen.findByRole('button', { name: 'Rôles et niveaux' }));
    const dialog = await screen.findByRole('dialog', { name: 'Rôles et niveaux' });
    for (const role of ROLES)
      for (const level of LEVELS) {
        await user.selectOptions(field(dialog, 'Rôle'), role);
        await user.click(within(dialog).getByRole('button', { name: text('common', `level${level}`) }));
        const lines = within(dialog).getAllByRole('listitem', { hidden: true });
        expect(lines).toHaveLength(PERMISSIONS.length);
        const allowed = lines.flatMap(({ textContent }) => (textContent?.startsWith('✓') ? [textContent.slice(1)] : []));
        const expected = [...permissionsOf(role, level)].map((permission) => text('people', `may.${permission}`));
        expect(allowed.sort()).toEqual(expected.sort());
      }
  });

  test.each([
    ['fr', frPeople],
    ['en', enPeople],
  ])('have a text of their own for each permission of the contract and no other (%s)', (_locale, { may }) => {
    const told = Object.entries(may).flatMap(([area, texts]) =>
      Object.entries(texts).map(([does, words]) => [`${area}.${does}`, words]),
    );
    expect(told.map(([name]) => name).sort()).toEqual([...PERMISSIONS].sort());
    expect(new Set(told.map(([, words]) => words)).size).toBe(PERMISSIONS.length);
  });
});

import { Group, User } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const ANNA = make(User, {
  id: idOf(601),
  email: 'anna@example.org',
  firstName: 'Anna',
  lastName: 'Roux',
  role: 'PHYSICIAN',
  level: 'WRITE',
  status: 'ACTIVE',
  groupId: idOf(700),
  locale: 'fr',
});
const BOB = make(User, {
  ...ANNA,
  id: idOf(602),
  email: 'bob@example.org',
  firstName: 'Bob',
  role: 'STAFF',
  status: 'SUSPENDED',
  groupId: null,
});
const api = (): FakeApi =>
  new FakeApi()
    .on('listUsers', ({ query }) => listOf([ANNA, BOB].filter(({ email }) => email.includes(String(query.q ?? '')))))
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
      .on('waysIn', () => ({ passwords: true, providers: [], mail: true }))
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
    await user.selectOptions(field(dialog, 'Statut'), 'INACTIVE');
    await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const [sent] = fake.of('updateUser');
    expect(sent?.params).toEqual({ id: ANNA.id });
    expect(sent?.body).toMatchObject({ status: 'INACTIVE', email: 'anna@example.org', groupId: idOf(700) });
    expect(sent?.body).not.toHaveProperty('password');
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
});

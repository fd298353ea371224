import { SignedIn } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { meOf, openPage } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';
import { make } from './sample.ts';

describe('a session that ends', () => {
  test('is signed in again above the page, which stays as it was left', async () => {
    let isOver = false;
    const me = meOf('RADIOLOGIST');
    const api = new FakeApi()
      .on('listStudies', () => (isOver ? new Refusal('NOT_AUTHENTICATED') : listOf([studyOf(1)])))
      .on('refresh', () => new Refusal('SESSION_EXPIRED'))
      .on('login', () => {
        isOver = false;
        return make(SignedIn, { user: me.user, csrfToken: 'token', expiresAt: '2036-03-01T08:00:00.000Z' });
      });
    const { user, address } = await openPage(api, '/app/worklist');
    await screen.findByText('Thorax 1');
    isOver = true;
    await user.type(screen.getByRole('searchbox'), 'anna');
    const dialog = await screen.findByRole('dialog', { name: 'Votre session a expiré' });
    expect(api.of('refresh')).toHaveLength(1);
    const email = within(dialog).getByLabelText<HTMLInputElement>('Adresse e-mail');
    // What is typed below would be kept in the name of somebody else who signs in here.
    await user.type(email, 'other');
    expect(email.value).toBe('me@example.org');
    await user.type(within(dialog).getByLabelText('Mot de passe'), 'right password{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(address()).toContain('q=anna');
    expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('anna');
    expect(await screen.findByText('Thorax 1')).toBeTruthy();
  });

  test('is renewed without a word where that is possible, and what was asked is asked again', async () => {
    let refused = 0;
    const api = new FakeApi()
      .on('listStudies', () => {
        refused += 1;
        return refused === 1 ? new Refusal('NOT_AUTHENTICATED') : listOf([studyOf(1)]);
      })
      .on('refresh', () =>
        make(SignedIn, { user: meOf('RADIOLOGIST').user, csrfToken: 'token', expiresAt: '2036-03-01T08:00:00.000Z' }),
      );
    await openPage(api, '/app/worklist');
    expect(await screen.findByText('Thorax 1')).toBeTruthy();
    expect([api.of('refresh').length, api.of('listStudies').length]).toEqual([1, 2]);
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('the palette', () => {
  const open = async (api: FakeApi) => {
    const page = await openPage(api, '/app/profile');
    await screen.findByRole('heading', { level: 1, name: 'Mon profil' });
    await page.user.keyboard('{Control>}k{/Control}');
    const field = await screen.findByRole('combobox', { name: 'Rechercher un patient ou un examen' });
    return { ...page, field };
  };

  test('finds patients and studies as one types, and goes there by the keyboard', async () => {
    const api = new FakeApi()
      .on('search', () => ({ patients: [patientOf(1)], studies: [studyOf(2)] }))
      .on('getPatient', () => patientOf(1));
    const { user, field, address } = await open(api);
    await user.type(field, 'bernard');
    await screen.findByText('BERNARD Anna');
    expect(api.of('search').at(-1)?.query).toMatchObject({ q: 'bernard' });
    await user.keyboard('{Enter}');
    await waitFor(() => expect(address()).toBe(`/app/patients/${patientOf(1).id}`));
    expect(screen.queryByRole('listbox')).toBeNull();
  });

  test('takes the name of a page before patients of that name', async () => {
    const api = new FakeApi().on('search', () => ({ patients: [patientOf(1, { lastName: 'EXAMENS' })], studies: [] }));
    const { user, field, address } = await open(api);
    await user.type(field, 'exam');
    await screen.findByText('EXAMENS Anna');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(address()).toBe('/app/worklist'));
  });

  test('says when nothing fits, and goes away by Escape', async () => {
    const { user, field } = await open(new FakeApi());
    await user.type(field, 'zzzz');
    expect(await screen.findByText('Rien ne correspond à « zzzz ».')).toBeTruthy();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('listbox')).toBeNull());
  });
});

describe('the frame', () => {
  test('changes its language at once, and keeps it in the profile', async () => {
    const me = meOf('RADIOLOGIST');
    const api = new FakeApi().on('updateProfile', () => ({ ...me.user, locale: 'en' }));
    const { user } = await openPage(api, '/app/worklist');
    await screen.findByRole('heading', { name: 'Examens' });
    await user.click(screen.getByRole('button', { name: 'Compte de Jeanne Durand' }));
    await user.click(await screen.findByRole('menuitemradio', { name: 'English' }));
    expect(await screen.findByRole('heading', { name: 'Studies' })).toBeTruthy();
    expect(document.documentElement.lang).toBe('en');
    await waitFor(() => expect(api.of('updateProfile').map(({ body }) => body)).toEqual([{ locale: 'en' }]));
  });

  test('the keyboard’s first stop leads past the navigation', async () => {
    const { user } = await openPage(new FakeApi(), '/app/worklist');
    await screen.findByRole('heading', { name: 'Examens' });
    await user.tab();
    expect(document.activeElement?.textContent).toBe('Aller au contenu');
    await user.keyboard('{Enter}');
    expect(document.activeElement?.id).toBe('content');
  });

  test('? lists the keys', async () => {
    const { user } = await openPage(new FakeApi(), '/app/worklist');
    await screen.findByRole('heading', { name: 'Examens' });
    await user.keyboard('?');
    const help = await screen.findByRole('dialog', { name: 'Raccourcis clavier' });
    expect(help.textContent).toContain('Ligne suivante');
  });

  test('an address that is none, and one that this person may not open, say so', async () => {
    const { navigate } = await openPage(new FakeApi(), '/app/nowhere');
    expect(await screen.findByText('Cette page n’existe pas')).toBeTruthy();
    await navigate('/app/admin/system');
    expect(await screen.findByText('Votre rôle n’ouvre pas cette page')).toBeTruthy();
  });

  test('signing out leaves nothing of the person', async () => {
    const api = new FakeApi().on('listStudies', () => listOf([studyOf(1)]));
    const { user, address } = await openPage(api, '/app/worklist');
    await screen.findByText('Thorax 1');
    await user.click(screen.getByRole('button', { name: 'Compte de Jeanne Durand' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Se déconnecter' }));
    await waitFor(() => expect(address()).toBe('/login'));
    expect(api.of('logout')).toHaveLength(1);
    await screen.findByRole('heading', { name: 'Connexion' });
    expect(document.body.textContent).not.toContain('Thorax 1');
    expect(document.body.textContent).not.toContain('BERNARD');
  });
});

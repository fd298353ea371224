import { Passkey, Session, Token } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, Refusal } from './fake-api.ts';
import { meOf, openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const region = (name: string): HTMLElement => screen.getByRole('heading', { level: 2, name }).closest('section') as HTMLElement; // The section of that heading.
const open = async (api: FakeApi) => {
  const page = await openPage(api, '/app/profile', { role: 'RESEARCHER' });
  await screen.findByRole('heading', { level: 1, name: 'Mon profil' });
  return page;
};

describe('one’s password', () => {
  const fields = ['Mot de passe actuel', 'Nouveau mot de passe', 'Encore une fois'];
  const type = async (user: Awaited<ReturnType<typeof open>>['user'], values: readonly string[]): Promise<void> => {
    for (const [index, value] of values.entries()) {
      const field = within(region('Mot de passe')).getByLabelText(fields[index] ?? '');
      await user.clear(field);
      if (value !== '') await user.type(field, value);
    }
    await user.click(screen.getByRole('button', { name: 'Changer le mot de passe' }));
  };

  test.each([
    ['too short', ['old', 'short', 'short'], '12 caractères au moins'],
    ['longer than bcrypt reads', ['old', 'é'.repeat(37), 'é'.repeat(37)], '72 octets au plus'],
    ['not the same twice', ['old', 'long enough now', 'long enough too'], 'les deux saisies sont identiques'],
    ['without the current one', ['', 'long enough now', 'long enough now'], 'Ce champ est obligatoire.'],
  ])('%s is not sent', async (_what, values, message) => {
    const api = new FakeApi();
    const { user } = await open(api);
    await type(user, values);
    const alerts = await within(region('Mot de passe')).findAllByText((text) => text.includes(message));
    expect(alerts.length).toBeGreaterThan(0);
    expect(
      within(region('Mot de passe'))
        .getAllByLabelText(/./)
        .some((field) => field.getAttribute('aria-invalid') === 'true'),
    ).toBe(true);
    expect(api.of('updateProfile')).toEqual([]);
  });

  test('is changed; a wrong current one is told and nothing typed is lost', async () => {
    let isWrong = true;
    const api = new FakeApi().on('updateProfile', () =>
      isWrong ? new Refusal('WRONG_CURRENT_PASSWORD') : meOf('RESEARCHER').user,
    );
    const { user } = await open(api);
    await type(user, ['old', 'long enough now', 'long enough now']);
    expect(await within(region('Mot de passe')).findByRole('alert')).toBeTruthy();
    isWrong = false;
    await user.click(screen.getByRole('button', { name: 'Changer le mot de passe' }));
    expect(await screen.findByText('Mot de passe changé.')).toBeTruthy();
    expect(api.of('updateProfile')[1]?.body).toEqual({ currentPassword: 'old', newPassword: 'long enough now' });
    expect(within(region('Mot de passe')).getByLabelText<HTMLInputElement>('Mot de passe actuel').value).toBe('');
  });
});

describe('personal tokens', () => {
  test('may do at most what their owner may; the secret is shown once', async () => {
    const api = new FakeApi()
      .on('createToken', ({ body }) => ({
        ...make(Token, { id: idOf(1), name: 'sauvegarde' }),
        ...(body as object),
        secret: 'ngt_secret',
        expiresInDays: undefined,
      })) // Read by the contract.
      .on('listTokens', () => ({
        items:
          api.of('createToken').length === 0
            ? []
            : [make(Token, { id: idOf(1), name: 'sauvegarde', permissions: ['studies.read'] })],
      }));
    const { user } = await open(api);
    await within(region('Jetons personnels')).findByText('Aucun jeton.');
    await user.click(screen.getByRole('button', { name: 'Nouveau jeton' }));
    const dialog = await screen.findByRole('dialog', { name: 'Nouveau jeton' });
    const offered = within(dialog)
      .getAllByRole<HTMLInputElement>('checkbox')
      .map(({ value }) => value);
    expect(offered).toEqual(meOf('RESEARCHER').permissions);
    expect(offered).not.toContain('patients.identity');
    await user.click(within(dialog).getByRole('checkbox', { name: 'studies.read' }));
    await user.type(within(dialog).getByLabelText('Nom'), 'sauvegarde');
    await user.click(within(dialog).getByRole('button', { name: 'Créer' }));
    expect((await within(dialog).findByRole('alert')).textContent).toContain('Choisissez au moins un droit.');
    expect(api.of('createToken')).toEqual([]);
    await user.click(within(dialog).getByRole('checkbox', { name: 'studies.read' }));
    await user.selectOptions(within(dialog).getByLabelText('Expire dans'), 'un an');
    await user.click(within(dialog).getByRole('button', { name: 'Créer' }));
    expect(await within(dialog).findByText('ngt_secret')).toBeTruthy();
    expect(api.of('createToken').map(({ body }) => body)).toEqual([
      { name: 'sauvegarde', permissions: ['studies.read'], expiresInDays: 365 },
    ]);
    await user.click(within(dialog).getAllByRole('button', { name: 'Fermer' }).at(-1) as HTMLElement);
    await within(region('Jetons personnels')).findByText('sauvegarde');
    expect(document.body.textContent).not.toContain('ngt_secret');
  });

  test('are revoked', async () => {
    const token = make(Token, { id: idOf(5), name: 'ancien' });
    const api = new FakeApi().on('listTokens', () => ({ items: api.of('revokeToken').length === 0 ? [token] : [] }));
    const { user } = await open(api);
    await user.click(await screen.findByRole('button', { name: 'Révoquer' }));
    expect(await screen.findByText('Aucun jeton.')).toBeTruthy();
    expect(api.of('revokeToken').map(({ params }) => params)).toEqual([{ id: idOf(5) }]);
  });
});

describe('one’s devices', () => {
  const here = make(Session, {
    id: idOf(1),
    current: true,
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0 Safari/537.36',
    ip: '10.0.0.1',
  });
  const lost = make(Session, { ...here, id: idOf(2), current: false, userAgent: 'curl/8', ip: '10.0.0.2' });

  test('name this one, and each other can be signed out', async () => {
    const api = new FakeApi().on('listSessions', () => ({ items: api.of('endSession').length === 0 ? [here, lost] : [here] }));
    const { user } = await open(api);
    const devices = region('Appareils');
    await within(devices).findByText('Autre programme');
    expect(within(devices).getByText(/cet appareil/)).toBeTruthy();
    expect(within(devices).getAllByRole('button', { name: 'Déconnecter' })).toHaveLength(1);
    await user.click(within(devices).getByRole('button', { name: 'Déconnecter' }));
    await waitFor(() => expect(within(devices).queryByText('Autre programme')).toBeNull());
    expect(api.of('endSession').map(({ params }) => params)).toEqual([{ id: idOf(2) }]);
  });

  test('have the names that their owner gives them, and say by which way they came in', async () => {
    const named = { ...lost, name: 'Portable de garde', wayIn: 'PASSKEY' as const };
    const api = new FakeApi().on('listSessions', () => ({
      items: [{ ...here, name: null, wayIn: 'PASSWORD' as const }, named],
    }));
    const { user } = await open(api);
    const devices = region('Appareils');
    await within(devices).findByText('Chrome sur Linux');
    expect(within(devices).getByText(/Autre programme · .* · par clé d’accès/)).toBeTruthy();
    await user.click(within(devices).getByRole('button', { name: /Renommer.*Portable de garde/ }));
    const dialog = await screen.findByRole('dialog', { name: 'Nommer l’appareil' });
    await user.clear(within(dialog).getByLabelText('Nom'));
    await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.of('nameSession').map(({ params, body }) => [params, body])).toEqual([[{ id: idOf(2) }, { name: null }]]);
  });

  test('are all signed out but this one at once', async () => {
    const api: FakeApi = new FakeApi()
      .on('listSessions', () => ({ items: api.of('endOtherSessions').length === 0 ? [here, lost] : [here] }))
      .on('endOtherSessions', () => undefined);
    const { user } = await open(api);
    await user.click(await screen.findByRole('button', { name: 'Déconnecter les autres' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Déconnecter les autres' })).toBeNull());
    expect(within(region('Appareils')).getByText(/cet appareil/)).toBeTruthy();
  });

  test('that can’t be read recover, and the rest of the page stands', async () => {
    let isDown = true;
    const api = new FakeApi().on('listSessions', () => (isDown ? new Refusal('INTERNAL') : { items: [here] }));
    const { user } = await open(api);
    const alert = await within(region('Appareils')).findByRole('alert');
    expect(within(region('Jetons personnels')).getByText('Aucun jeton.')).toBeTruthy();
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(await within(region('Appareils')).findByText(/cet appareil/)).toBeTruthy();
  });
});

describe('one’s name and address', () => {
  const me = meOf('RESEARCHER');
  const field = (label: string) => within(region('Nom et adresse')).getByLabelText<HTMLInputElement>(label);
  const save = () => within(region('Nom et adresse')).getByRole('button', { name: 'Enregistrer' });

  test('are saved at once; the header shows the new one', async () => {
    const api = new FakeApi().on('updateProfile', ({ body }) => ({ ...me.user, ...(body as object) })); // Read by the contract.
    const { user } = await open(api);
    await user.clear(field('Prénom'));
    await user.click(save());
    expect(await within(region('Nom et adresse')).findByText('Ce champ est obligatoire.')).toBeTruthy();
    expect(api.of('updateProfile')).toEqual([]);
    await user.type(field('Prénom'), 'Zoé');
    await user.click(save());
    expect(await screen.findByRole('button', { name: 'Compte de Zoé Durand' })).toBeTruthy();
    expect(api.of('updateProfile').map(({ body }) => body)).toEqual([{ firstName: 'Zoé', lastName: 'Durand', locale: 'fr' }]);
  });

  test('another address needs the password; a refusal keeps what was typed', async () => {
    const api = new FakeApi().on('updateProfile', () => new Refusal('EMAIL_TAKEN'));
    const { user } = await open(api);
    expect(within(region('Nom et adresse')).queryByLabelText('Mot de passe actuel')).toBeNull();
    await user.clear(field('Adresse e-mail'));
    await user.type(field('Adresse e-mail'), ' new@example.org ');
    await user.click(save());
    expect(await within(region('Nom et adresse')).findByText('Ce champ est obligatoire.')).toBeTruthy();
    await user.type(field('Mot de passe actuel'), 'right password');
    await user.click(save());
    expect(
      (await within(region('Nom et adresse')).findByText('Cette adresse est déjà utilisée.')).closest('[role="alert"]'),
    ).toBeTruthy();
    expect(api.of('updateProfile')[0]?.body).toMatchObject({ email: 'new@example.org', currentPassword: 'right password' });
    expect(field('Adresse e-mail').value.trim()).toBe('new@example.org');
  });

  test('another language is spoken at once', async () => {
    const api = new FakeApi().on('updateProfile', ({ body }) => ({ ...me.user, ...(body as object) })); // Read by the contract.
    const { user } = await open(api);
    await user.selectOptions(field('Langue'), 'English');
    await user.click(save());
    expect(await screen.findByRole('heading', { level: 1, name: 'My profile' })).toBeTruthy();
    expect(document.documentElement.lang).toBe('en');
  });
});

describe('tokens that can’t be read', () => {
  test('are told as that, and asked for again', async () => {
    let isDown = true;
    const api = new FakeApi().on('listTokens', () => (isDown ? new Refusal('INTERNAL') : { items: [] }));
    const { user } = await open(api);
    const alert = await within(region('Jetons personnels')).findByRole('alert');
    expect(screen.queryByText('Aucun jeton.')).toBeNull();
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(await screen.findByText('Aucun jeton.')).toBeTruthy();
  });
});

describe('passkeys', () => {
  const key = make(Passkey, { id: idOf(7), name: 'Clé bleue', isSynced: true, lastUsedAt: null });

  test('are named and removed; what the server refuses is told, and the key stays', async () => {
    let isLast = true;
    const api: FakeApi = new FakeApi()
      .on('listPasskeys', () => ({ items: isLast ? [key] : [], unavailable: null }))
      .on('renamePasskey', ({ body }) => ({ ...key, ...(body as object) })) // Read by the contract.
      .on('removePasskey', () => (isLast ? new Refusal('LAST_WAY_IN') : undefined));
    const { user } = await open(api);
    const passkeys = region('Clés d’accès');
    expect(await within(passkeys).findByText(/jamais utilisée · sur plusieurs appareils/)).toBeTruthy();
    await user.click(within(passkeys).getByRole('button', { name: /Renommer/ }));
    const name = await screen.findByLabelText<HTMLInputElement>('Nom', { selector: '[role=dialog] input' });
    await user.clear(name);
    await user.type(name, 'Clé verte{Enter}');
    await waitFor(() => expect(api.of('renamePasskey').map(({ body }) => body)).toEqual([{ name: 'Clé verte' }]));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await user.click(within(passkeys).getByRole('button', { name: /Retirer/ }));
    expect(await screen.findByText(/C’est le dernier moyen d’ouvrir votre compte/)).toBeTruthy();
    isLast = false;
    await user.click(within(passkeys).getByRole('button', { name: /Retirer/ }));
    expect(await screen.findByText('Clé d’accès retirée.')).toBeTruthy();
  });

  test.each([
    ['PASSKEYS_UNAVAILABLE', /n’est pas joint par un nom et en https/],
    ['PASSKEYS_AT_PROVIDER', /s’ouvre par un fournisseur d’identité seul/],
    [null, /Ce navigateur n’a pas de clés d’accès/],
  ] as const)('that can’t be had (%s) say why, and none is offered', async (unavailable, text) => {
    await open(new FakeApi().on('listPasskeys', () => ({ items: [], unavailable })));
    expect(await within(region('Clés d’accès')).findByText(text)).toBeTruthy();
    expect(within(region('Clés d’accès')).queryByRole('button', { name: 'Ajouter' })).toBeNull();
  });
});

describe('a second factor', () => {
  const own = { since: null, recoveryCodesLeft: 0, passkeys: 0, isRequired: false, resetAt: null, proofs: ['PASSWORD'] } as const;

  test('is set up once one has shown again who one is; what was begun goes on by itself', async () => {
    let isProven = false;
    const api = new FakeApi()
      .on('ownFactor', () => ({ ...own, resetAt: '2036-03-01T08:00:00.000Z' }))
      .on('beginFactor', () =>
        isProven ? { secret: 'ABCDEFGH', uri: 'otpauth://totp/x', token: 'sealed' } : new Refusal('PROOF_REQUIRED'),
      )
      .on('proveAgain', () => {
        isProven = true;
        return undefined;
      })
      .on('confirmFactor', () => ({ recoveryCodes: ['aaaaa-bbbbb'] }));
    const { user } = await openPage(api, '/app/profile');
    expect(await screen.findByText(/Un administrateur a retiré votre second facteur/)).toBeTruthy();
    await user.click(await screen.findByRole('button', { name: 'Installer un second facteur' }));
    const proof = await screen.findByRole('dialog', { name: /C’est bien vous/ });
    await user.type(within(proof).getByLabelText('Mot de passe'), 'right password{Enter}');
    expect(await screen.findByRole('img', { name: 'Code QR du second facteur' })).toBeTruthy();
    await user.type(screen.getByLabelText('Code à six chiffres'), '123456{Enter}');
    expect(await screen.findByText('aaaaa-bbbbb')).toBeTruthy();
    expect(api.of('beginFactor')).toHaveLength(2);
  });

  test('is the provider’s where one comes by it alone: no password opens that account', async () => {
    await openPage(
      new FakeApi().on('ownFactor', () => ({ ...own, proofs: [] })),
      '/app/profile',
    );
    expect(await screen.findByText(/c’est lui qui demande un second facteur/)).toBeTruthy();
    expect(screen.queryByText(/le mot de passe suffit/)).toBeNull();
  });

  test('is replaced, and not taken off where one’s role asks for it', async () => {
    const api = new FakeApi().on('ownFactor', () => ({
      ...own,
      since: '2036-03-01T08:00:00.000Z',
      recoveryCodesLeft: 7,
      isRequired: true,
      proofs: ['CODE'],
    }));
    await openPage(api, '/app/profile');
    expect(await screen.findByText(/Codes de secours restants\s: 7\./)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Remplacer' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Retirer' })).toBeNull();
  });
});

import { PasskeyRequest, SignedIn } from '@negatoscope/contract';
import { PAGE_ERRORS, type PageErrorCode } from '@negatoscope/contract/errors';
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { standPlain } from '../api/plain-picture.ts';
import { textIn } from '../i18n/typography.ts';
import { FakeApi, Refusal } from './fake-api.ts';
import { meOf, openPage } from './page-fixture.tsx';
import { make } from './sample.ts';

/** Nobody is signed in until the address and password are right. */
function door(): FakeApi {
  let isSignedIn = false;
  const { user } = meOf('RADIOLOGIST');
  return new FakeApi()
    .on('login', ({ body }) => {
      if ((body as { password: string }).password !== 'right password') return new Refusal('INVALID_CREDENTIALS'); // Read by the contract.
      isSignedIn = true;
      return make(SignedIn, { user, csrfToken: 'token', expiresAt: '2036-03-01T08:00:00.000Z' });
    })
    .on('refresh', () => new Refusal('SESSION_EXPIRED'))
    .on('me', () => (isSignedIn ? meOf('RADIOLOGIST') : new Refusal('NOT_AUTHENTICATED')));
}
const address = () => screen.findByLabelText('Adresse e-mail');
const password = () => screen.findByLabelText<HTMLInputElement>('Mot de passe');
const send = () => screen.findByRole('button', { name: 'Se connecter' });

describe('signing in', () => {
  test('asks for both fields before it asks the server', async () => {
    const api = door();
    const { user } = await openPage(api, '/login', { me: 'nobody' });
    await user.click(await send());
    expect(await screen.findAllByText('Ce champ est obligatoire.')).toHaveLength(2);
    expect(api.of('login')).toEqual([]);
  });

  test('with a wrong password says so, forgets it and stays at the field; the right one opens the page that was asked for', async () => {
    const api = door();
    const leave = vi.fn();
    standPlain({ path: '/app/patients', leave });
    const page = await openPage(api, '/app/patients', { me: 'nobody' });
    await waitFor(() => expect(page.address()).toBe('/login?next=%2Fapp%2Fpatients'));
    // Whatever was drawn before who is here was known.
    expect(leave.mock.calls).toEqual([[false]]);
    await page.user.type(await address(), ' me@example.org ');
    await page.user.type(await password(), 'wrong password{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('Adresse ou mot de passe incorrect.');
    expect((await password()).value).toBe('');
    expect(document.activeElement).toBe(await password());
    await page.user.type(await password(), 'right password{Enter}');
    expect(await screen.findByRole('heading', { name: 'Patients' })).toBeTruthy();
    expect(page.address()).toBe('/app/patients');
    expect(api.of('login').map(({ body }) => (body as { email: string }).email)).toEqual(['me@example.org', 'me@example.org']);
  });

  test('speaks the other language by one press, keeps what is typed and remembers the choice', async () => {
    const { user } = await openPage(door(), '/login', { me: 'nobody' });
    await user.type(await address(), 'me@example.org');
    await user.click(await screen.findByRole('button', { name: 'English' }));
    expect(await screen.findByRole('button', { name: 'Sign in' })).toBeTruthy();
    expect((await screen.findByLabelText<HTMLInputElement>('E-mail address')).value).toBe('me@example.org');
    expect([document.documentElement.lang, localStorage.getItem('ng.locale')]).toEqual(['en', 'en']);
    await user.click(await screen.findByRole('button', { name: 'Français' }));
    expect(await send()).toBeTruthy();
  });

  const enter = async (api: FakeApi, minutesLater: number) => {
    const { user, close } = await openPage(api, '/login?next=%2Fapp%2Fpatients', { me: 'nobody' });
    await user.click(await screen.findByRole('button', { name: 'English' }));
    await user.type(await screen.findByLabelText('E-mail address'), 'me@example.org');
    // Earlier by so much: a clock that goes ahead would leave times of a future in what all tabs share.
    const kept = sessionStorage.getItem('ng.chosen') ?? '';
    expect(kept).toMatch(/^en\d+$/);
    sessionStorage.setItem('ng.chosen', kept.slice(0, 2) + (Number(kept.slice(2)) - minutesLater * 60_000));
    await user.type(screen.getByLabelText('Password'), 'right password{Enter}');
    return { user, close };
  };
  const inProfile = (api: FakeApi): unknown[] => api.of('updateProfile').map(({ body }) => body);

  test('keeps the language that was chosen by hand in the profile, once', async () => {
    const { user: me } = meOf('RADIOLOGIST');
    const api = door().on('updateProfile', () => ({ ...me, locale: 'en' }));
    const { close } = await enter(api, 14);
    expect(await screen.findByRole('button', { name: 'New patient' })).toBeTruthy();
    await waitFor(() => expect(inProfile(api)).toEqual([{ locale: 'en' }]));
    close();
    // The next who signs in here, in French by their profile, has chosen nothing.
    await openPage(api, '/app/patients', { me: 'nobody', locale: 'en' });
    expect(await screen.findByRole('button', { name: 'Nouveau patient' })).toBeTruthy();
    expect(inProfile(api)).toHaveLength(1);
  });

  test('speaks the language of the profile where the choice is older than a quarter of an hour: somebody else may have made it', async () => {
    const api = door();
    await enter(api, 16);
    expect(await screen.findByRole('button', { name: 'Nouveau patient' })).toBeTruthy();
    expect(inProfile(api)).toEqual([]);
  });

  test('shows the password only while one wants to see it', async () => {
    const { user } = await openPage(door(), '/login', { me: 'nobody' });
    expect((await password()).type).toBe('password');
    await user.click(screen.getByRole('button', { name: 'Afficher le mot de passe' }));
    expect((await password()).type).toBe('text');
    await user.click(screen.getByRole('button', { name: 'Masquer le mot de passe' }));
    expect((await password()).type).toBe('password');
  });

  test('never leads to another site', async () => {
    const page = await openPage(door(), '/login?next=https%3A%2F%2Fevil.example%2Fapp', { me: 'nobody' });
    await page.user.type(await address(), 'me@example.org');
    await page.user.type(await password(), 'right password{Enter}');
    await waitFor(() => expect(page.address()).toBe('/app'));
  });
});

/** Signing in goes on after these. */
const GOES_ON: ReadonlySet<string> = new Set([
  'PASSWORD_CHANGE_REQUIRED',
  'SECOND_FACTOR_REQUIRED',
  'SECOND_FACTOR_SETUP_REQUIRED',
]);

/** Those of links are told by the page of whoever has one. */
const CODES = Object.keys(PAGE_ERRORS).filter((code): code is PageErrorCode => !GOES_ON.has(code));

describe('every refusal', () => {
  test('is told in both languages, in words of its own', async () => {
    const texts = { fr: new Set<string>(), en: new Set<string>() };
    for (const locale of ['fr', 'en'] as const) {
      let code: PageErrorCode = 'INTERNAL';
      const { close } = await openPage(
        door().on('login', () => new Refusal(code)),
        '/login',
        { me: 'nobody', locale },
      );
      const field = await screen.findByLabelText<HTMLInputElement>(locale === 'fr' ? 'Mot de passe' : 'Password');
      fireEvent.change(screen.getByLabelText(locale === 'fr' ? 'Adresse e-mail' : 'E-mail address'), { target: { value: 'a' } });
      for (code of CODES) {
        fireEvent.change(field, { target: { value: 'whatever' } });
        fireEvent.submit(field);
        const text = textIn(PAGE_ERRORS[code], locale);
        await waitFor(() => expect(screen.getByRole('alert').textContent).toBe(`!${text}`));
        await waitFor(() => expect(field.value).toBe(''));
        texts[locale].add(text);
      }
      close();
    }
    expect([texts.fr.size, texts.en.size]).toEqual([CODES.length, CODES.length]);
    // None has been left in the other language.
    expect([...texts.fr].filter((text) => texts.en.has(text))).toEqual([]);
  });
});

describe('signing in with a passkey', () => {
  /** A browser with passkeys; what it says when it is asked for one. */
  const withPasskeys = (get: () => Promise<unknown>): void => {
    vi.stubGlobal('PublicKeyCredential', class {});
    Object.defineProperty(navigator, 'credentials', { value: { get }, configurable: true });
  };
  afterEach(() => {
    vi.unstubAllGlobals();
    Reflect.deleteProperty(navigator, 'credentials');
  });
  const offered = () => door().on('waysIn', () => ({ passwords: true, providers: [], mail: false, passkeys: true }));
  const bytes = (text: string) => new TextEncoder().encode(text).buffer;

  test('is offered where the server’s address and the browser let it count, and opens the page that was asked for', async () => {
    let isSignedIn = false;
    const { user: me } = meOf('RADIOLOGIST');
    const api = offered()
      .on('me', () => (isSignedIn ? meOf('RADIOLOGIST') : new Refusal('NOT_AUTHENTICATED')))
      .on('beginPasskeySignIn', () => make(PasskeyRequest, { challenge: 'AAAA', allowCredentials: [] }))
      .on('passkeySignIn', () => {
        isSignedIn = true;
        return make(SignedIn, { user: me, csrfToken: 'token', expiresAt: '2036-03-01T08:00:00.000Z' });
      });
    const response = { authenticatorData: bytes('a'), clientDataJSON: bytes('c'), signature: bytes('s'), userHandle: bytes('u') };
    withPasskeys(async () => ({
      ...{ id: 'aWQ', rawId: bytes('id'), type: 'public-key', response, getClientExtensionResults: () => ({}) },
    }));
    const page = await openPage(api, '/app/patients', { me: 'nobody' });
    await page.user.click(await screen.findByRole('button', { name: 'Se connecter avec une clé d’accès' }));
    expect(await screen.findByRole('heading', { name: 'Patients' })).toBeTruthy();
    const passkey = { id: 'aWQ', authenticatorData: 'YQ', clientDataJSON: 'Yw', signature: 'cw', userHandle: 'dQ' };
    expect(api.of('passkeySignIn').map(({ body }) => body)).toEqual([{ passkey }]);
  });

  describe('of the account that has one’s address', () => {
    const asked = () => make(PasskeyRequest, { challenge: 'AAAA', allowCredentials: [] });
    const shown = { authenticatorData: bytes('a'), clientDataJSON: bytes('c'), signature: bytes('s'), userHandle: bytes('u') };
    const give = async () => ({
      ...{ id: 'aWQ', rawId: bytes('id'), type: 'public-key', response: shown, getClientExtensionResults: () => ({}) },
    });
    const coming = (passwords: boolean, passkeys = true) =>
      door().on('waysIn', () => ({ passwords, providers: [{ id: 'chu', name: 'CHU' }], mail: false, passkeys }));
    /** The address as a browser that was sent back has it. */
    const comeBack = async (api: FakeApi) => {
      window.history.replaceState(null, '', '/login?link=chu');
      const page = await openPage(api, '/login?link=chu', { me: 'nobody' });
      expect(await screen.findByRole('heading', { name: /C’est bien vous/ })).toBeTruthy();
      return page;
    };
    afterEach(() => window.history.replaceState(null, '', '/'));
    const button = () => screen.findByRole('button', { name: 'Utiliser une clé d’accès' });

    test('joins who has come by a provider to it, and opens the application', async () => {
      let isSignedIn = false;
      const { user: me } = meOf('RADIOLOGIST');
      const api = coming(false)
        .on('me', () => (isSignedIn ? meOf('RADIOLOGIST') : new Refusal('NOT_AUTHENTICATED')))
        .on('beginLinkPasskey', asked)
        .on('linkProvider', () => {
          isSignedIn = true;
          return make(SignedIn, { user: me, csrfToken: 'token', expiresAt: '2036-03-01T08:00:00.000Z' });
        });
      withPasskeys(give);
      const page = await comeBack(api);
      expect(await screen.findByText(/CHU/)).toBeTruthy();
      await page.user.click(await button());
      await waitFor(() => expect(page.address()).toBe('/app'));
      const passkey = { id: 'aWQ', authenticatorData: 'YQ', clientDataJSON: 'Yw', signature: 'cw', userHandle: 'dQ' };
      expect(api.of('linkProvider').map(({ body }) => body)).toEqual([{ passkey }]);
    });

    test('that is refused says so beside its button, and the password is there still', async () => {
      const api = coming(true).on('beginLinkPasskey', asked);
      api.on('linkProvider', () => new Refusal('PASSKEY_REFUSED'));
      withPasskeys(give);
      const { user } = await comeBack(api);
      await user.type(await password(), 'half typed');
      await user.click(await button());
      expect((await screen.findByRole('alert')).textContent).toContain(textIn(PAGE_ERRORS.PASSKEY_REFUSED, 'fr'));
      expect((await password()).value).toBe('half typed');
    });

    test('is offered where the browser and the server’s address let it count, and nowhere else', async () => {
      const { close } = await comeBack(coming(true));
      expect(await password()).toBeTruthy();
      expect(screen.queryByRole('button', { name: 'Utiliser une clé d’accès' })).toBeNull();
      close();
      withPasskeys(give);
      const api = coming(true, false);
      await comeBack(api);
      await waitFor(() => expect(api.of('waysIn').length).toBeGreaterThan(0));
      expect(await password()).toBeTruthy();
      expect(screen.queryByRole('button', { name: 'Utiliser une clé d’accès' })).toBeNull();
    });
  });

  test('that is cancelled says so and sends nothing; a browser without passkeys is offered none', async () => {
    withPasskeys(() => Promise.reject(new DOMException('no', 'NotAllowedError')));
    const api = offered().on('beginPasskeySignIn', () => make(PasskeyRequest, { challenge: 'AAAA', allowCredentials: [] }));
    const { user, close } = await openPage(api, '/login', { me: 'nobody' });
    await user.click(await screen.findByRole('button', { name: 'Se connecter avec une clé d’accès' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Aucune clé d’accès n’a été donnée');
    expect(api.of('passkeySignIn')).toEqual([]);
    close();
    vi.unstubAllGlobals();
    await openPage(offered(), '/login', { me: 'nobody' });
    await screen.findByLabelText('Adresse e-mail');
    await waitFor(() => expect(api.of('waysIn').length).toBeGreaterThan(0));
    expect(screen.queryByRole('button', { name: 'Se connecter avec une clé d’accès' })).toBeNull();
  });
});

describe('coming by an identity provider', () => {
  test('has a link for each that comes back to the page that was asked for; where passwords are off the emergency account is folded away', async () => {
    const api = door().on('waysIn', () => ({
      passwords: false,
      providers: [{ id: 'chu', name: 'CHU' }],
      mail: false,
      passkeys: false,
    }));
    await openPage(api, '/login?next=%2Fapp%2Fpatients', { me: 'nobody' });
    const link = await screen.findByRole('link', { name: 'Continuer avec CHU' });
    expect(link.getAttribute('href')).toMatch(/^\/api\/auth\/oidc\/chu\/start/);
    expect(screen.getByText('Compte de secours').closest('details')?.open).toBe(false);
  });
});

describe('a password that one sets', () => {
  const choose = async (user: { type: (at: HTMLElement, text: string) => Promise<void> }, password: string) => {
    await user.type(await screen.findByLabelText('Nouveau mot de passe'), password);
    await user.type(await screen.findByLabelText('Encore une fois'), `${password}{Enter}`);
  };

  test('by a link leaves the address at once, is looked at here first, and leads to signing in', async () => {
    window.location.hash = '#password=abc';
    const api = door()
      .on('readAccountLink', () => ({ kind: 'INVITATION', email: 'new@example.org', locale: 'fr' }))
      .on('setPassword', () => undefined);
    const { user } = await openPage(api, '/login', { me: 'nobody' });
    await choose(user, 'short');
    expect(window.location.hash).toBe('');
    expect(api.of('setPassword')).toEqual([]);
    await user.clear(screen.getByLabelText('Nouveau mot de passe'));
    await user.clear(screen.getByLabelText('Encore une fois'));
    await choose(user, 'long enough for us');
    expect(await screen.findByText('Mot de passe enregistré. Connectez-vous.')).toBeTruthy();
    expect(api.of('setPassword').map(({ body }) => body)).toEqual([{ token: 'abc', password: 'long enough for us' }]);
    expect(((await address()) as HTMLInputElement).value).toBe('new@example.org');
  });

  test('by a link that is over says so, and one may go back', async () => {
    window.location.hash = '#password=abc';
    const { user } = await openPage(
      door().on('readAccountLink', () => new Refusal('LINK_OVER')),
      '/login',
      { me: 'nobody' },
    );
    expect((await screen.findByRole('alert')).textContent).toContain('Ce lien n’est plus valable');
    await user.click(screen.getByRole('button', { name: 'Revenir à la connexion' }));
    expect(await address()).toBeTruthy();
  });

  test('because it is forgotten is asked for by address, where the server sends mail', async () => {
    const api = door()
      .on('waysIn', () => ({ passwords: true, providers: [], mail: true, passkeys: false }))
      .on('askForPassword', () => undefined);
    const { user } = await openPage(api, '/login', { me: 'nobody' });
    await user.click(await screen.findByRole('button', { name: /Mot de passe oublié/ }));
    await user.type(await address(), 'me@example.org{Enter}');
    expect(await screen.findByText(/Si un compte a cette adresse/)).toBeTruthy();
    expect(api.of('askForPassword').map(({ body }) => body)).toEqual([{ email: 'me@example.org' }]);
  });

  test('in place of a first one is asked for before anything is opened', async () => {
    const api = door().on('login', ({ body }) => {
      const { newPassword } = body as { newPassword?: string }; // Read by the contract.
      return new Refusal(newPassword === undefined ? 'PASSWORD_CHANGE_REQUIRED' : 'WEAK_PASSWORD');
    });
    const { user } = await openPage(api, '/login', { me: 'nobody' });
    await user.type(await address(), 'me@example.org');
    await user.type(await password(), 'first password{Enter}');
    expect(await screen.findByText(/Ce mot de passe ne sert qu’une fois/)).toBeTruthy();
    await choose(user, 'long enough for us');
    await waitFor(() => expect(api.of('login')).toHaveLength(2));
    expect(api.of('login')[1]?.body).toMatchObject({ password: 'first password', newPassword: 'long enough for us' });
    expect(await screen.findByLabelText('Nouveau mot de passe')).toBeTruthy();
  });
});

describe('a second factor', () => {
  const halfWay = (code: 'SECOND_FACTOR_REQUIRED' | 'SECOND_FACTOR_SETUP_REQUIRED') => {
    let isSignedIn = false;
    const signedIn = () => {
      isSignedIn = true;
      return make(SignedIn, { user: meOf('RADIOLOGIST').user, csrfToken: 'token', expiresAt: '2036-03-01T08:00:00.000Z' });
    };
    const api = door()
      .on('login', () => new Refusal(code))
      .on('me', () => (isSignedIn ? meOf('RADIOLOGIST') : new Refusal('NOT_AUTHENTICATED')));
    return { api, signedIn };
  };
  const enterPassword = async (user: { type: (at: HTMLElement, text: string) => Promise<void> }) => {
    await user.type(await address(), 'me@example.org');
    await user.type(await password(), 'right password{Enter}');
  };

  test('is asked for after the password: a wrong code is told, a recovery code does as well', async () => {
    const { api, signedIn } = halfWay('SECOND_FACTOR_REQUIRED');
    api.on('proveSecondFactor', ({ body }) =>
      (body as { code: string }).code === 'aaaaa-bbbbb' ? signedIn() : new Refusal('SECOND_FACTOR_WRONG'),
    ); // Read by the contract.
    const page = await openPage(api, '/login?next=%2Fapp%2Fpatients', { me: 'nobody' });
    await enterPassword(page.user);
    await page.user.type(await screen.findByLabelText('Code à six chiffres'), '123456{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('Ce code est faux ou a déjà servi.');
    await page.user.click(screen.getByRole('button', { name: 'Utiliser un code de secours' }));
    await page.user.clear(await screen.findByLabelText('Code de secours'));
    await page.user.type(await screen.findByLabelText('Code de secours'), 'aaaaa-bbbbb{Enter}');
    await waitFor(() => expect(page.address()).toBe('/app/patients'));
  });

  test('that a role asks for is set up before anything is opened, and its recovery codes are shown', async () => {
    const { api, signedIn } = halfWay('SECOND_FACTOR_SETUP_REQUIRED');
    api
      .on('beginRequiredFactor', () => ({ secret: 'ABCDEFGH', uri: 'otpauth://totp/x', token: 'sealed' }))
      .on('confirmRequiredFactor', () => ({ ...signedIn(), recoveryCodes: ['aaaaa-bbbbb', 'ccccc-ddddd'] }));
    const page = await openPage(api, '/login', { me: 'nobody' });
    await enterPassword(page.user);
    expect(await screen.findByRole('img', { name: 'Code QR du second facteur' })).toBeTruthy();
    expect(screen.getByText('ABCDEFGH')).toBeTruthy();
    await page.user.type(screen.getByLabelText('Code à six chiffres'), '123456{Enter}');
    expect(await screen.findByText('ccccc-ddddd')).toBeTruthy();
    expect(page.address()).toBe('/login');
    await page.user.click(screen.getByRole('button', { name: 'Je les ai gardés' }));
    await waitFor(() => expect(page.address()).toBe('/app'));
    expect(api.of('confirmRequiredFactor').map(({ body }) => body)).toEqual([{ token: 'sealed', code: '123456' }]);
  });
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT, type IdentityProvider, startIdentityProvider } from '../apps/server/test/support/identity-provider.ts';
import { chromiumPath, enter, openBrowser, openTab, signIn, type Tab, tabsOpen, visit } from './support/browser.ts';
import { tellOfFailure } from './support/failure.ts';
import { freePort, type RunningServer, startServer } from './support/server.ts';
import { sessionOf } from './support/session.ts';

const SCREENSHOTS = process.env.NEGATOSCOPE_SCREENSHOTS;
/** How long a server trusts that a provider answers, and some more. */
const HEARD_MS = 16_000;

const person = (email: string, first: string, last: string) => ({
  ...{ email, email_verified: true, given_name: first, family_name: last },
});

/** People who come by the accounts of their hospital, in a browser: a real provider (oidc-provider) with a page of its own. */
describe.skipIf(chromiumPath === undefined)('signing in by an identity provider', () => {
  let idp: IdentityProvider;
  let server: RunningServer;
  let browser: Browser;
  let admin: Tab;

  beforeAll(async () => {
    const port = await freePort();
    const address = `http://localhost:${port}`;
    idp = await startIdentityProvider([`${address}/api/auth/oidc/oidc/callback`], `${address}/login`);
    idp.asks = true;
    const settings = { OIDC_ISSUER: idp.issuer, OIDC_CLIENT_ID: CLIENT.clientId, OIDC_CLIENT_SECRET: CLIENT.clientSecret };
    server = await startServer({ ...settings, OIDC_NAME: 'CHU', OIDC_DOMAINS: 'hospital.example,example.org' }, undefined, {
      port,
    });
    browser = await openBrowser('processor');
    admin = await openTab(browser, server);
    await enter(admin.context, server);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') for (const tab of tabsOpen()) await tellOfFailure(tab, task.name);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await idp?.close().catch(() => undefined);
  });

  const shoot = async (page: Page, name: string): Promise<void> => {
    if (SCREENSHOTS !== undefined) await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
  };
  const toProvider = (page: Page) => page.getByRole('link', { name: 'Continuer avec CHU' }).click();
  /** The button at the provider, and back. */
  const goOn = async (page: Page, who: string): Promise<void> => {
    idp.who = who;
    await page.getByRole('link', { name: 'Continuer', exact: true }).click();
  };
  const refusedWith = async (page: Page, code: string): Promise<void> => {
    await page.waitForURL((url) => url.searchParams.get('refused') === code);
    await page.getByText(new RegExp(`^Code\\s:\\s${code}$`)).waitFor();
  };
  const isIn = async (page: Page): Promise<void> => {
    await page.waitForURL((url) => url.pathname.startsWith('/app'));
    await page.locator('nav').first().waitFor();
  };
  const signOut = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: /^Compte de/ }).click();
    await page.getByRole('menuitem', { name: 'Se déconnecter' }).click();
  };

  it('a first time waits, an administrator lets in with role and group, the next time opens; signing out ends it at the provider too', async () => {
    idp.people.set('awa', person('awa@hospital.example', 'Awa', 'Sarr'));
    const { page } = await openTab(browser, server);
    await page.goto('/login');
    await toProvider(page);
    await goOn(page, 'awa');
    await refusedWith(page, 'ACCOUNT_INACTIVE');
    await page.getByRole('heading', { name: 'Votre compte attend' }).waitFor();
    await shoot(page, 'providers-waits');

    await visit(admin.page, '/app/admin/users');
    const notice = admin.page.getByRole('region', { name: /1 personne attend/ });
    await notice.waitFor();
    await shoot(admin.page, 'people-waiting');
    await notice.getByRole('button', { name: /Awa/ }).click();
    const dialog = admin.page.getByRole('dialog', { name: /Modifier/ });
    await dialog.getByLabel('Rôle').selectOption('RADIOLOGIST');
    await shoot(admin.page, 'people-activate');
    await dialog.getByRole('button', { name: 'Activer' }).click();
    await dialog.waitFor({ state: 'detached' });
    await notice.waitFor({ state: 'detached' });

    await page.getByRole('link', { name: 'Revenir à la connexion' }).click();
    await toProvider(page);
    await isIn(page);
    await page.getByRole('button', { name: 'Compte de Awa Sarr' }).waitFor();
    await signOut(page);
    await page.waitForURL((url) => url.origin === idp.issuer);
    await page.locator('button[name=logout]').first().click();
    await page.waitForURL((url) => url.pathname === '/login');
    // Nobody who sits down next comes in by what is still open there.
    await toProvider(page);
    await page.getByRole('heading', { name: 'CHU' }).waitFor();
    await page.context().close();
  });

  it('an answer that was used, or whose attempt is over, says so with a way back, and leaves who is signed in where they are', async () => {
    const { page, context } = await openTab(browser, server);
    const callbacks: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/callback?')) callbacks.push(request.url());
    });
    await page.goto('/login');
    await toProvider(page);
    await page.getByRole('heading', { name: 'CHU' }).waitFor();
    // As after ten minutes.
    const cookie = (await context.cookies()).find(({ name }) => name.endsWith('negatoscope_oidc'));
    await context.clearCookies({ name: cookie?.name ?? '' });
    await goOn(page, 'awa');
    await refusedWith(page, 'PROVIDER_ATTEMPT_OVER');
    await page.getByRole('link', { name: 'Revenir à la connexion' }).click();
    await toProvider(page);
    await isIn(page);
    // By the browser's history or a bookmark: who is signed in stays so.
    await page.goto(callbacks.at(-1) ?? '');
    await isIn(page);
    await page.goBack();
    await isIn(page);
    await context.clearCookies();
    await page.goto(callbacks.at(-1) ?? '');
    await refusedWith(page, 'PROVIDER_ATTEMPT_OVER');
    await shoot(page, 'providers-used');
    await context.close();
  });

  it('who has an account with that address shows once that it is theirs', async () => {
    idp.people.set('claire', person(server.email, 'Claire', 'Martin'));
    const { page, context } = await openTab(browser, server);
    await page.goto('/login?next=%2Fapp%2Fprofile');
    await toProvider(page);
    await goOn(page, 'claire');
    await page.waitForURL((url) => url.searchParams.get('link') === 'oidc');
    await page.getByLabel('Mot de passe', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Rattacher et se connecter' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Mot de passe', { exact: true }).fill(server.password);
    await page.getByRole('button', { name: 'Rattacher et se connecter' }).click();
    await isIn(page);
    await context.close();
  });

  it('who waits under another address is joined to their account by an administrator, and opens it from then on', async () => {
    const headers = { ...(await sessionOf(server)), 'content-type': 'application/json' };
    const body = { email: 'luc.bernard@elsewhere.example', firstName: 'Luc', lastName: 'Bernard', role: 'PHYSICIAN' };
    const made = await fetch(`${server.baseUrl}/api/users`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(made.status).toBe(201);
    idp.people.set('luc', person('lbernard@hospital.example', 'L.', 'Bernard'));
    const { page, context } = await openTab(browser, server);
    await page.goto('/login');
    await toProvider(page);
    await goOn(page, 'luc');
    await refusedWith(page, 'ACCOUNT_INACTIVE');

    await admin.page.goto('/app/admin/users');
    await admin.page
      .getByRole('region', { name: /1 personne attend/ })
      .getByRole('button', { name: /Bernard/i })
      .click();
    await admin.page.getByRole('button', { name: 'Rattacher à un compte existant' }).click();
    const join = admin.page.getByRole('dialog', { name: /Rattacher .* à un compte existant/ });
    await join.getByRole('searchbox').fill('luc');
    await join.getByRole('radio').check();
    await shoot(admin.page, 'people-join');
    await join.getByRole('button', { name: /^Rattacher à .*Bernard/i }).click();
    await join.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Revenir à la connexion' }).click();
    await toProvider(page);
    await isIn(page);
    await page.getByRole('button', { name: 'Compte de Luc Bernard' }).waitFor();
    await context.close();
  });

  it('a provider that is away is told of with a way back, and a password still opens', async () => {
    const { page, context } = await openTab(browser, server);
    await idp.close();
    await new Promise((resolve) => setTimeout(resolve, HEARD_MS));
    await page.goto('/login');
    await toProvider(page);
    await refusedWith(page, 'PROVIDER_UNAVAILABLE');
    await shoot(page, 'providers-away');
    await page.getByRole('link', { name: 'Revenir à la connexion' }).click();
    await page.getByRole('link', { name: 'Continuer avec CHU' }).waitFor();
    await signIn(page, server);
    expect(admin.problems).toEqual([]);
    await context.close();
  });
});

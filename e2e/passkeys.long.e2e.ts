import { mkdir } from 'node:fs/promises';
import type { CDPSession } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab, visit } from './support/browser.ts';
import type { Served } from './support/server.ts';
import { setStage } from './support/stage.ts';

const SCREENSHOTS = process.env.NEGATOSCOPE_SCREENSHOTS;

/** A passkey from the account page to the sign-in page, with Chromium's virtual authenticator (W3C Web Authentication 11). */
describe.skipIf(chromiumPath === undefined)('a passkey', () => {
  let tab: Tab;
  let server: Served;
  let devtools: CDPSession;
  let authenticatorId: string;
  setStage(
    async (stage) => {
      ({ tab, server } = stage);
      devtools = await tab.context.newCDPSession(tab.page);
      await devtools.send('WebAuthn.enable');
      ({ authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
          ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
        },
      }));
    },
    { drawnBy: 'processor', isAlone: true },
  );
  const look = async (name: string): Promise<void> => {
    if (SCREENSHOTS === undefined) return;
    await mkdir(SCREENSHOTS, { recursive: true });
    await tab.page.screenshot({ path: `${SCREENSHOTS}/passkeys-${name}.png` });
    await tab.page.emulateMedia({ colorScheme: 'dark' });
    await tab.page.setViewportSize({ width: 390, height: 844 });
    await tab.page.screenshot({ path: `${SCREENSHOTS}/passkeys-${name}-phone.png` });
    await tab.page.emulateMedia({ colorScheme: 'light' });
    await tab.page.setViewportSize({ width: 1440, height: 900 });
  };
  const button = (name: string) => tab.page.getByRole('button', { name, exact: true });
  const section = (title: string) =>
    tab.page.locator('section', { has: tab.page.getByRole('heading', { level: 2, name: title, exact: true }) });
  const signOut = async (): Promise<void> => {
    await tab.context.clearCookies();
    await tab.page.goto('/login');
  };

  it('is added in the profile, gives recovery codes once, and is named', async () => {
    await visit(tab.page, '/app/profile');
    await section('Clés d’accès').getByRole('button', { name: 'Ajouter' }).click();
    await tab.page.getByRole('list', { name: 'Codes de secours' }).waitFor();
    expect(await tab.page.getByRole('list', { name: 'Codes de secours' }).getByRole('listitem').count()).toBe(10);
    await look('codes');
    await button('Je les ai gardés').click();
    await section('Clés d’accès').getByText('jamais utilisée').waitFor();
    await section('Clés d’accès')
      .getByRole('button', { name: /^Renommer/ })
      .click();
    await tab.page.getByRole('dialog').getByLabel('Nom').fill('Clé de garde');
    await tab.page.keyboard.press('Enter');
    await section('Clés d’accès').getByText('Clé de garde').waitFor();
    await section('Second facteur')
      .getByText(/Codes de secours restants/)
      .waitFor();
    await look('profile');
    // The authenticator has one for this account: it does not make another.
    await section('Clés d’accès').getByRole('button', { name: 'Ajouter' }).click();
    await tab.page.getByText('Cet appareil a déjà une clé d’accès pour votre compte.').waitFor();
  });

  it('signs in alone, and the device says so', async () => {
    await signOut();
    await button('Se connecter avec une clé d’accès').waitFor();
    await look('sign-in');
    await button('Se connecter avec une clé d’accès').click();
    await tab.page.waitForURL(/\/app/);
    await visit(tab.page, '/app/profile');
    await section('Appareils')
      .getByText(/par clé d’accès/)
      .waitFor();
    await section('Appareils').scrollIntoViewIfNeeded();
    await look('devices');
  });

  it('is the second factor after the password; one that is refused leaves a recovery code', async () => {
    await signOut();
    await tab.page.locator('input[type=email]').fill(server.email);
    await tab.page.locator('input[type=password]').fill(server.password);
    await tab.page.keyboard.press('Enter');
    await button('Utiliser une clé d’accès').waitFor();
    expect(await tab.page.getByLabel('Code de secours').count()).toBe(1);
    await look('second-step');
    await button('Utiliser une clé d’accès').click();
    await tab.page.waitForURL(/\/app/);
  });

  it('proves again who one is, once it verifies its person; cancelling is told and loses nothing', async () => {
    await visit(tab.page, '/app/profile');
    const own = await tab.page.context().request.get('/api/auth/factor');
    expect((await own.json()).proofs).toEqual(['PASSKEY', 'CODE']);
    let isFirst = true;
    await tab.page.route('**/api/auth/factor/recovery-codes', (route) => {
      if (!isFirst) return route.continue();
      isFirst = false;
      const problem = {
        type: '/errors/PROOF_REQUIRED',
        title: 'Show again that it is you.',
        status: 403,
        code: 'PROOF_REQUIRED',
      };
      return route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) });
    });
    await section('Second facteur').getByRole('button', { name: 'Nouveaux codes de secours' }).click();
    const dialog = tab.page.getByRole('dialog', { name: /C’est bien vous/ });
    await dialog.waitFor();
    await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await dialog.getByRole('button', { name: 'Utiliser une clé d’accès' }).click();
    await dialog.getByText(/Aucune clé d’accès n’a été donnée/).waitFor();
    await look('proof-refused');
    await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    await dialog.getByRole('button', { name: 'Utiliser une clé d’accès' }).click();
    await tab.page.getByRole('list', { name: 'Codes de secours' }).waitFor();
    await button('Je les ai gardés').click();
  });

  it('that is removed opens nothing any more', async () => {
    await section('Clés d’accès').getByRole('button', { name: 'Retirer « Clé de garde »' }).click();
    await tab.page.getByText('Clé d’accès retirée.').waitFor();
    await signOut();
    await button('Se connecter avec une clé d’accès').click();
    await tab.page.getByText(/Cette clé d’accès n’a pas été acceptée/).waitFor();
    expect(new URL(tab.page.url()).pathname).toBe('/login');
  });
});

import type { PasskeyAssertion, PasskeyAttestation, PasskeyCreation, PasskeyRequest } from '@negatoscope/contract';
import { SaidError } from './error.ts';

/** Whether this browser has passkeys; none has where the page comes by http from anywhere but this machine. */
export const supportsPasskeys = (): boolean => typeof window.PublicKeyCredential === 'function';

/** What browsers say, in words; they do not tell a person who said no from a device that had no passkey. */
const SAID: Readonly<Record<string, SaidError>> = {
  NotAllowedError: new SaidError({
    fr: 'Aucune clé d’accès n’a été donnée : la demande a été annulée, ou ce navigateur n’en a pas pour ce compte.',
    en: 'No passkey was given: the request was cancelled, or this browser has none for this account.',
  }),
  InvalidStateError: new SaidError({
    fr: 'Cet appareil a déjà une clé d’accès pour votre compte.',
    en: 'This device has a passkey for your account already.',
  }),
  SecurityError: new SaidError({
    fr: 'Les clés d’accès ne servent qu’à l’adresse habituelle du serveur, par son nom et en https. Un code reste possible.',
    en: 'Passkeys only count at the server’s usual address, by its name and https. A code remains possible.',
  }),
};
const OTHER = new SaidError({
  fr: 'Le navigateur n’a pas pu se servir d’une clé d’accès. Essayez un autre moyen.',
  en: 'The browser could not use a passkey. Try another way.',
});

async function ask<T>(work: (browser: typeof import('@simplewebauthn/browser')) => Promise<T>): Promise<T> {
  // Not with the first page: most people do not come by it.
  const browser = await import('@simplewebauthn/browser');
  try {
    return await work(browser);
  } catch (error) {
    throw SAID[error instanceof Error ? error.name : ''] ?? OTHER;
  }
}

/** Asks for a passkey that is there. Fails with a SaidError. */
export const showPasskey = (optionsJSON: PasskeyRequest): Promise<PasskeyAssertion> =>
  ask(async ({ startAuthentication }) => {
    const { id, response } = await startAuthentication({ optionsJSON });
    const { authenticatorData, clientDataJSON, signature, userHandle } = response;
    return { id, authenticatorData, clientDataJSON, signature, ...(userHandle === undefined ? {} : { userHandle }) };
  });

/** Asks for a new one. Fails with a SaidError. */
export const makePasskey = (optionsJSON: PasskeyCreation): Promise<PasskeyAttestation> =>
  ask(async ({ startRegistration }) => {
    const { id, response } = await startRegistration({ optionsJSON });
    const { attestationObject, clientDataJSON, transports = [] } = response;
    return { id, attestationObject, clientDataJSON, transports };
  });

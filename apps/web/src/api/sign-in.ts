import type { linkProvider, login, PasskeyAssertion, passkeySignIn, proveSecondFactor, ResultOf } from '@negatoscope/contract';
import { call } from './client.ts';
import { showPasskey } from './passkeys.ts';
import { sessionStarted } from './session.ts';

/** `newPassword`: in place of a first one, which somebody else knows. */
export async function signIn(email: string, password: string, newPassword?: string): Promise<ResultOf<typeof login>> {
  const answer = await call('login', { body: { email, password, ...(newPassword === undefined ? {} : { newPassword }) } });
  sessionStarted(answer.expiresAt);
  return answer;
}

/** Joins the account of one's address to the provider that one has come from, and signs in. */
export async function linkAndSignIn(password: string, code?: string): Promise<ResultOf<typeof linkProvider>> {
  const answer = await call('linkProvider', { body: { password, ...(code === undefined ? {} : { code }) } });
  sessionStarted(answer.expiresAt);
  return answer;
}

/** The same by a passkey of that account. */
export async function linkByPasskey(): Promise<ResultOf<typeof linkProvider>> {
  const passkey = await showPasskey(await call('beginLinkPasskey'));
  const answer = await call('linkProvider', { body: { passkey } });
  sessionStarted(answer.expiresAt);
  return answer;
}

/** By a passkey alone, whosever it is. */
export async function signInByPasskey(): Promise<ResultOf<typeof passkeySignIn>> {
  const passkey = await showPasskey(await call('beginPasskeySignIn'));
  const answer = await call('passkeySignIn', { body: { passkey } });
  sessionStarted(answer.expiresAt);
  return answer;
}

/** The second step, after the right password: by a code, or by a passkey. */
export async function proveAndSignIn(
  shown: { readonly code: string } | { readonly passkey: PasskeyAssertion },
  newPassword?: string,
): Promise<ResultOf<typeof proveSecondFactor>> {
  const answer = await call('proveSecondFactor', { body: { ...shown, ...(newPassword === undefined ? {} : { newPassword }) } });
  sessionStarted(answer.expiresAt);
  return answer;
}

/** The same with a factor that has just been set up: its recovery codes, and what tells the page that it is signed in, once they are kept. */
export async function confirmAndSignIn(
  token: string,
  code: string,
  newPassword?: string,
): Promise<{ readonly codes: readonly string[]; readonly start: () => void }> {
  const body = { token, code, ...(newPassword === undefined ? {} : { newPassword }) };
  const answer = await call('confirmRequiredFactor', { body });
  return { codes: answer.recoveryCodes, start: () => sessionStarted(answer.expiresAt) };
}

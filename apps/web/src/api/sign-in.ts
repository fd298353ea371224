import type { linkProvider, login, ResultOf } from '@negatoscope/contract';
import { call } from './client.ts';
import { sessionStarted } from './session.ts';

/** `newPassword`: in place of a first one, which somebody else knows. */
export async function signIn(email: string, password: string, newPassword?: string): Promise<ResultOf<typeof login>> {
  const answer = await call('login', { body: { email, password, ...(newPassword === undefined ? {} : { newPassword }) } });
  sessionStarted(answer.expiresAt);
  return answer;
}

/** Joins the account of one's address to the provider that one has come from, and signs in. */
export async function linkAndSignIn(password: string): Promise<ResultOf<typeof linkProvider>> {
  const answer = await call('linkProvider', { body: { password } });
  sessionStarted(answer.expiresAt);
  return answer;
}

import type { login, ResultOf } from '@negatoscope/contract';
import { call } from './client.ts';
import { sessionStarted } from './session.ts';

export async function signIn(email: string, password: string): Promise<ResultOf<typeof login>> {
  const answer = await call('login', { body: { email, password } });
  sessionStarted(answer.expiresAt);
  return answer;
}

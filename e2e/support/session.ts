import { expect } from 'vitest';
import type { Served } from './server.ts';

/** Headers of a session without a browser, which may change things. */
export async function sessionOf({ baseUrl, email, password }: Served): Promise<Record<string, string>> {
  const answer = await fetch(`${baseUrl}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  expect(answer.status).toBe(200);
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  return { cookie, 'x-csrf-token': csrfToken };
}

import { StartError } from '../kernel/start-error.ts';
import type { Runtime } from './runtime.ts';

/**
 * Makes the first administrator when no user exists at all: returns how to sign in, undefined when there are users.
 * Email and password that are not given are chosen by it.
 */
export type EnsureFirstAdmin = (
  runtime: Runtime,
  given: { readonly email: string | undefined; readonly password: string | undefined },
) => Promise<{ readonly email: string; readonly password: string } | undefined>;

const passwordCodes = new Set<unknown>(['WEAK_PASSWORD', 'PASSWORD_TOO_LONG']);

/**
 * The first administrator, from ADMIN_EMAIL and ADMIN_PASSWORD or with a generated password. Returns the lines to print: a generated
 * password is shown this once and kept nowhere. Fails with SETTING_INVALID when ADMIN_PASSWORD is refused.
 */
export async function makeFirstAdmin(runtime: Runtime, ensureFirstAdmin: EnsureFirstAdmin): Promise<string[]> {
  const { admin } = runtime.settings;
  try {
    const made = await ensureFirstAdmin(runtime, admin);
    if (made === undefined) return [];
    const name = `First administrator: ${made.email}`;
    return admin.password === undefined ? [name, `Password, shown only now: ${made.password}`] : [name];
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && passwordCodes.has(error.code))) throw error;
    throw new StartError(
      'SETTING_INVALID',
      'ADMIN_PASSWORD is too weak or too long for an administrator: choose another one of 12 characters to 72 bytes, or leave it out',
      error,
    );
  }
}

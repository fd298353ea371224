import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** One key for each use, so that a value signed for one purpose is never valid for another. */
export interface IdentityKeys {
  readonly access: KeyObject;
  readonly refresh: KeyObject;
  readonly csrf: KeyObject;
  readonly places: KeyObject;
  readonly attempts: KeyObject;
  readonly halves: KeyObject;
  readonly challenges: KeyObject;
}

const SMALLEST_SECRET_BYTES = 32;

/** Derives the keys from the session secret (RFC 5869). Fails when the secret is shorter than 32 bytes. */
export function deriveKeys(secret: Buffer): IdentityKeys {
  if (secret.length < SMALLEST_SECRET_BYTES) throw new RangeError('The session secret must have at least 32 bytes.');
  const derive = (use: string): KeyObject =>
    createSecretKey(Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `negatoscope ${use}`, 32)));
  return {
    access: derive('access token'),
    refresh: derive('refresh token'),
    csrf: derive('csrf token'),
    places: derive('sign-in places'),
    attempts: derive('attempts at providers'),
    halves: derive('half sessions'),
    challenges: derive('challenges of passkeys'),
  };
}

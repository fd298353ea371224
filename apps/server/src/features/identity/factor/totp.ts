import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

const PERIOD_SECONDS = 30;
/** A clock that is half a minute off is still taken (RFC 6238 5.2). */
const WINDOW = 1;
/** RFC 4226 4, R6: 160 bits. */
const SECRET_BYTES = 20;

export const newSecret = (): Buffer => randomBytes(SECRET_BYTES);

const secretOf = (bytes: Buffer): Secret => Secret.fromHex(bytes.toString('hex'));
const totpOf = (bytes: Buffer, issuer = '', label = ''): TOTP =>
  new TOTP({ issuer, label, secret: secretOf(bytes), period: PERIOD_SECONDS, digits: 6, algorithm: 'SHA1' });

/** What applications read from a QR code, and the secret as people type it. */
export function describe(bytes: Buffer, issuer: string, label: string): { readonly secret: string; readonly uri: string } {
  // A colon ends the issuer in such an address.
  return { secret: secretOf(bytes).base32, uri: totpOf(bytes, issuer.replaceAll(':', ' '), label).toString() };
}

/** Six digits: a code of an application, right or wrong. */
export const isCode = (code: string): boolean => /^\d{6}$/.test(code);

/** The step whose code this is, near now; undefined for a wrong code. */
export function stepOf(bytes: Buffer, code: string, now: Date): number | undefined {
  if (!isCode(code)) return undefined;
  const delta = totpOf(bytes).validate({ token: code, timestamp: now.getTime(), window: WINDOW });
  return delta === null ? undefined : Math.floor(now.getTime() / 1000 / PERIOD_SECONDS) + delta;
}

const RECOVERY_CODES = 10;
/** Ten codes of 80 random bits, in four groups of lower-case hexadecimal digits. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () => (randomBytes(10).toString('hex').match(/.{5}/g) ?? []).join('-'));

/** However it is typed. 80 random bits need no slow hash. */
export const hashOfRecovery = (code: string): Buffer =>
  createHash('sha256')
    .update(code.toLowerCase().replaceAll(/[^0-9a-f]/g, ''))
    .digest();

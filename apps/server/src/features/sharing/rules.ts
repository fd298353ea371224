import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { Permission, ShareProfile, ShareState } from '@negatoscope/contract';
import { MOST_SHARE_DAYS, SHARE_DAYS } from '@negatoscope/contract';
import { type Actor, can, type Person, seesIdentity } from '../../access/index.ts';
import { Failure } from '../../kernel/failure.ts';

const DAY_MS = 86_400_000;
/** A clock that is a little ahead of the server's asks for no more than it may. */
const SLACK_MS = 5 * 60_000;
/** 32 bytes as base64url (RFC 4648 5). */
const SECRET = /^[A-Za-z0-9_-]{43}$/;
const CODE_DIGITS = 8;

export const newSecret = (): string => randomBytes(32).toString('base64url');
export const newCode = (): string => String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0');

/** SHA-256 of a secret, as it is kept; undefined for what can't be one. */
export const hashOf = (secret: string | undefined): Buffer | undefined =>
  secret !== undefined && SECRET.test(secret) ? createHash('sha256').update(secret).digest() : undefined;

/** In the same time wherever they differ. */
export const isSame = (one: Buffer, other: Buffer): boolean => one.length === other.length && timingSafeEqual(one, other);

/** What proves that a change comes from the page of a visit: of its cookie, which no script reads. */
export const csrfOf = (visit: string): string => createHash('sha256').update(`csrf ${visit}`).digest('base64url');
export const isCsrfOf = (visit: string, given: unknown): boolean =>
  typeof given === 'string' && isSame(Buffer.from(csrfOf(visit)), Buffer.from(given));

/** Digits as people copy them, with spaces and hyphens between. */
export const codeOf = (given: string): string => given.replaceAll(/[\s-]/g, '');

/** Who sees pseudonyms gives nothing else away. */
export const profileFor = (actor: Actor, wanted: ShareProfile): ShareProfile => (seesIdentity(actor) ? wanted : 'PSEUDONYM');

/** What files that leave need of who gives them away. */
export const downloadNeeds = (profile: ShareProfile): Permission =>
  profile === 'IDENTIFIED' ? 'exports.create' : 'exports.anonymised';

/** When a share ends. Fails with VALIDATION_FAILED for what is over, or later than the longest that there is. */
export function expiryOf(wanted: string | undefined, now: Date): Date {
  if (wanted === undefined) return new Date(now.getTime() + SHARE_DAYS * DAY_MS);
  const at = new Date(wanted);
  if (at <= now || at.getTime() > now.getTime() + MOST_SHARE_DAYS * DAY_MS + SLACK_MS)
    throw new Failure('VALIDATION_FAILED', {
      errors: [{ path: 'expiresAt', message: `Within ${MOST_SHARE_DAYS} days from now.` }],
    });
  return at;
}

interface Ends {
  readonly withdrawn_at: Date | null;
  readonly closed_at: Date | null;
  readonly expires_at: Date;
  readonly max_openings: number | null;
  readonly openings: number;
}

/** What became of a share, as far as its own row says. */
export function stateOf(share: Ends, now: Date): Exclude<ShareState, 'LOST'> {
  if (share.withdrawn_at !== null) return 'WITHDRAWN';
  if (share.closed_at !== null) return 'CLOSED';
  if (share.expires_at <= now) return 'EXPIRED';
  return share.max_openings !== null && share.openings >= share.max_openings ? 'USED_UP' : 'OPEN';
}

/** Whether an author may have given this away as they are now: what they lost meanwhile is lost by whoever has the link. */
export const stillShares = (author: Person, share: { readonly profile: ShareProfile }): boolean =>
  can(author, 'studies.share') && (share.profile === 'PSEUDONYM' || seesIdentity(author));

/** What whoever has the link may do: never more than its author. */
export function permissionsOf(
  author: Person,
  share: { readonly profile: ShareProfile; readonly may_download: boolean },
): ReadonlySet<Permission> {
  const wanted: Permission[] = ['studies.read'];
  if (share.profile === 'IDENTIFIED') wanted.push('patients.identity');
  if (share.may_download) wanted.push(downloadNeeds(share.profile));
  return new Set(wanted.filter((permission) => can(author, permission)));
}

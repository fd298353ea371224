import { DEFAULT_LEVEL, type Level, type Role } from '@negatoscope/contract';
import type { ProviderSettings } from './settings.ts';

/** Who has come from a provider, as its checked claims say. */
export interface Arrival {
  readonly issuer: string;
  readonly subject: string;
  /** Undefined unless the provider says that it is verified. */
  readonly email: string | undefined;
  /** Whether the site takes this provider's word for that address. */
  readonly isVouched: boolean;
  readonly firstName: string;
  readonly lastName: string;
  /** What the site maps; undefined where it maps nothing or the claim has no such value. */
  readonly role: Role | undefined;
  readonly level: Level | undefined;
  readonly groupName: string | undefined;
}

type Claims = Readonly<Record<string, unknown>>;

const MOST_OF_A_NAME = 100;
/** OpenID Connect Core 2: so many characters at most. */
const MOST_OF_A_SUBJECT = 255;
/** What no database keeps as it is: control characters, halves of a pair. */
const ODD = /[\p{Cc}\p{Cs}]/u;
const text = (claims: Claims, name: string): string => {
  const value = claims[name];
  return typeof value === 'string' ? value.replaceAll(new RegExp(ODD, 'gu'), ' ').trim().slice(0, MOST_OF_A_NAME) : '';
};

/** Where the token has no address. Whether one is verified is said where it is. */
export const withUserInfo = (claims: Claims, more: Claims, settings: ProviderSettings): Arrival =>
  arrivalOf({ ...more, ...claims, email: more.email, email_verified: more.email_verified }, settings);

/** Fails with a TypeError for a subject by which nobody could be known again. */
export function arrivalOf(claims: Claims, { domains, group, level, role }: ProviderSettings): Arrival {
  const subject = String(claims.sub);
  if (subject === '' || subject.length > MOST_OF_A_SUBJECT || ODD.test(subject)) throw new TypeError('This is no subject.');
  const address = typeof claims.email === 'string' ? claims.email.trim() : '';
  const isAddress = /^[^\s@]+@[^\s@]+$/.test(address) && !ODD.test(address) && address.length <= 254;
  const isUsable = claims.email_verified === true && isAddress;
  const [first, last] = namesOf(claims, address);
  const ofRole = pick(claims, role);
  const ofLevel = pick(claims, level);
  return {
    issuer: String(claims.iss),
    subject,
    email: isUsable ? address : undefined,
    isVouched: isUsable && domains.includes(address.slice(address.lastIndexOf('@') + 1).toLowerCase()),
    firstName: first,
    lastName: last,
    role: ofRole,
    level: ofLevel ?? (ofRole && DEFAULT_LEVEL[ofRole]),
    groupName: pick(claims, group),
  };
}

function namesOf(claims: Claims, address: string): readonly [string, string] {
  const whole = text(claims, 'name').split(/\s+/);
  const local = address.slice(0, Math.max(0, address.lastIndexOf('@'))).slice(0, MOST_OF_A_NAME) || '?';
  const first = text(claims, 'given_name') || (whole.length > 1 ? whole.slice(0, -1).join(' ') : '');
  const last = text(claims, 'family_name') || whole.at(-1) || '';
  return [first || local, last || local];
}

/** The first mapped value, in the site's order, that a claim (a word or a list, by a path with dots) holds. */
function pick<T>(claims: Claims, mapping: { claim: string; values: Readonly<Record<string, T>> } | undefined): T | undefined {
  if (mapping === undefined) return undefined;
  const inner = mapping.claim
    .split('.')
    .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), claims);
  const held = claims[mapping.claim] ?? inner;
  const words = new Set((Array.isArray(held) ? held : [held]).filter((word) => typeof word === 'string'));
  return Object.entries(mapping.values).find(([word]) => words.has(word))?.[1];
}

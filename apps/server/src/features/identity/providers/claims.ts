import { DEFAULT_LEVEL, type Level, type Role } from '@negatoscope/contract';
import type { ClaimMapping, ProviderSettings } from './settings.ts';

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
  /** Names of groups, the main one first; empty where the claim names none. */
  readonly groupNames: readonly string[];
  /** Whether these are all groups of the person; otherwise the main one alone is the provider's. */
  readonly hasAllGroups: boolean;
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

/** What the token does not say is asked for: an address, or what the site maps. */
export const asksMore = (claims: Claims, { emailClaim = 'email', group, level, role, withoutEmail }: ProviderSettings): boolean =>
  [withoutEmail ?? emailClaim, group?.claim, level?.claim, role?.claim].some(
    (name) => name !== undefined && valueAt(claims, name) === undefined,
  );

/** Whether an address is verified is said where it is. */
export const withUserInfo = (claims: Claims, more: Claims, settings: ProviderSettings): Arrival => {
  const { email, email_verified: isVerified } = claims.email === undefined ? more : claims;
  return arrivalOf({ ...more, ...claims, email, email_verified: isVerified }, settings);
};

/** Fails with a TypeError for a subject by which nobody could be known again. */
export function arrivalOf(claims: Claims, settings: ProviderSettings): Arrival {
  const { group, level, role } = settings;
  const subject = String(claims.sub);
  if (subject === '' || subject.length > MOST_OF_A_SUBJECT || ODD.test(subject)) throw new TypeError('This is no subject.');
  const address = addressOf(claims, settings);
  const [first, last] = namesOf(claims, address.text);
  const ofRole = pick(claims, role);
  const ofLevel = pick(claims, level);
  return {
    issuer: String(claims.iss),
    subject,
    email: address.isUsable ? address.text : undefined,
    isVouched: address.isUsable && (address.isStandIn || isVouched(claims, address.text, settings)),
    firstName: first,
    lastName: last,
    role: ofRole,
    level: ofLevel ?? (ofRole && DEFAULT_LEVEL[ofRole]),
    ...groupsIn(claims, group),
  };
}

interface Address {
  readonly text: string;
  readonly isUsable: boolean;
  /** It is nobody's, and reaches nobody. */
  readonly isStandIn: boolean;
}
const isAddress = (given: string): boolean => /^[^\s@]+@[^\s@]+$/.test(given) && !ODD.test(given) && given.length <= 254;

/** Where a provider knows no addresses, one that no mail reaches (RFC 2606): an administrator gives the account its own, or joins it to the one that its person has. */
function addressOf(claims: Claims, { emailClaim, id, withoutEmail }: ProviderSettings): Address {
  if (withoutEmail !== undefined) {
    const name = text(claims, withoutEmail);
    return { text: `${name}@${id}.invalid`, isUsable: /^[\w.+=-]{1,64}$/.test(name), isStandIn: true };
  }
  const given = claims[emailClaim ?? 'email'];
  const address = typeof given === 'string' ? given.trim() : '';
  // What the provider says that it has not verified counts by nobody's word.
  const isVerified = claims.email_verified === true || (emailClaim !== undefined && claims.email_verified === undefined);
  return { text: address, isUsable: isVerified && isAddress(address), isStandIn: false };
}

function isVouched(claims: Claims, address: string, { domains, vouchedBy }: ProviderSettings): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  if (!domains.includes(domain)) return false;
  if (vouchedBy === undefined || vouchedBy.except?.includes(domain) === true) return true;
  const said = valueAt(claims, vouchedBy.claim);
  return typeof said === 'string' && vouchedBy.values.includes(said.toLowerCase());
}

function namesOf(claims: Claims, address: string): readonly [string, string] {
  const whole = text(claims, 'name').split(/\s+/);
  const local = address.slice(0, Math.max(0, address.lastIndexOf('@'))).slice(0, MOST_OF_A_NAME) || '?';
  const first = text(claims, 'given_name') || (whole.length > 1 ? whole.slice(0, -1).join(' ') : '');
  const last = text(claims, 'family_name') || whole.at(-1) || '';
  return [first || local, last || local];
}

/** By a name, or a path with dots. */
function valueAt(claims: Claims, path: string): unknown {
  const inner = path
    .split('.')
    .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), claims);
  return claims[path] ?? inner;
}

/** The mapped values, in the site's order, that a claim (a word or a list, by a path with dots) holds. */
function pickAll<T>(claims: Claims, mapping: ClaimMapping<T> | undefined): T[] {
  if (mapping === undefined) return [];
  const held = valueAt(claims, mapping.claim);
  const words = new Set((Array.isArray(held) ? held : [held]).filter((word) => typeof word === 'string'));
  return Object.entries(mapping.values).flatMap(([word, value]) => (words.has(word) ? [value] : []));
}

/** The first of them. */
const pick = <T>(claims: Claims, mapping: ClaimMapping<T> | undefined): T | undefined => pickAll(claims, mapping)[0];

function groupsIn(claims: Claims, mapping: ProviderSettings['group']): Pick<Arrival, 'groupNames' | 'hasAllGroups'> {
  const names = [...new Set(pickAll(claims, mapping))];
  const hasAllGroups = mapping?.several === true;
  return { groupNames: hasAllGroups ? names : names.slice(0, 1), hasAllGroups };
}

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
const text = (claims: Claims, name: string): string => {
  const value = claims[name];
  return typeof value === 'string' ? value.trim().slice(0, MOST_OF_A_NAME) : '';
};

export function arrivalOf(claims: Claims, { domains, group, level, role }: ProviderSettings): Arrival {
  const address = typeof claims.email === 'string' ? claims.email.trim() : '';
  const isUsable = claims.email_verified === true && /^[^\s@]+@[^\s@]+$/.test(address) && address.length <= 254;
  const [first, last] = namesOf(claims, address);
  const ofRole = pick(claims, role);
  const ofLevel = pick(claims, level);
  return {
    issuer: String(claims.iss),
    subject: String(claims.sub),
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

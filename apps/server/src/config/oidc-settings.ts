import { readFileSync } from 'node:fs';
import { LEVELS, ROLES, type Role } from '@negatoscope/contract';
import { z } from 'zod';
import { StartError } from '../kernel/start-error.ts';
import { allOrNone } from './orthanc-settings.ts';
import type { Values } from './shape.ts';

/** Values of one claim, and what each of them is here. */
const mapped = <T extends z.ZodType>(value: T) =>
  z.strictObject({ claim: z.string().min(1), values: z.record(z.string(), value) });

/** Across a network tokens and the client's secret travel by https only. */
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const isProtected = (address: string): boolean => {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
};

/** Microsoft's addresses for every tenant: whoever administrates one of them could say who people are here. */
const OF_ALL = /^\/(?:common|organizations|consumers)(?:\/|$)/;
const isOfOne = (address: string): boolean =>
  !(URL.canParse(address) && new URL(address).hostname === 'login.microsoftonline.com' && OF_ALL.test(new URL(address).pathname));

const GMAIL = ['gmail.com', 'googlemail.com'];
/**
 * Google verifies the address of anybody's private account, in whatever domain, once: only where it says that the account is an organisation's (`hd`), or the
 * address is its own, does it speak for who has that address today.
 */
function withHostedDomain(given: Provider): Provider {
  const isGoogle = new URL(given.issuer).hostname === 'accounts.google.com';
  if (!isGoogle || given.vouchedBy !== undefined) return given;
  return { ...given, vouchedBy: { claim: 'hd', values: given.domains, except: GMAIL } };
}

const Provider = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/),
  name: z.string().trim().min(1).max(64),
  issuer: z.string().refine(isProtected, 'must be an https address').refine(isOfOne, 'must be that of one tenant'),
  /** Where the provider describes itself, if not at its issuer's usual place. */
  discovery: z.string().refine(isProtected, 'must be an https address').optional(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** E-mail domains that the provider vouches for: nobody else becomes an account by it. */
  domains: z.array(z.string().trim().toLowerCase().min(1)).default([]),
  scope: z
    .string()
    .refine((scope) => scope.split(' ').includes('openid'), 'must have openid in it')
    .optional(),
  /** How people must have shown there who they are. */
  acr: z.string().min(1).optional(),
  /** A claim whose address is the provider's own word: it counts without `email_verified`. */
  emailClaim: z.string().min(1).optional(),
  /** An address is vouched for only where this claim has one of these values. */
  vouchedBy: z
    .strictObject({
      claim: z.string().min(1),
      values: z.array(z.string().trim().toLowerCase().min(1)).min(1),
      except: z.array(z.string().trim().toLowerCase().min(1)).optional(),
    })
    .optional(),
  /** A claim that tells people apart while they wait, where the provider knows no addresses. */
  withoutEmail: z.string().min(1).optional(),
  role: mapped(z.enum(ROLES)).optional(),
  level: mapped(z.enum(LEVELS)).optional(),
  /** Groups by their names; `several`: all that the claim holds. */
  group: mapped(z.string().min(1)).extend({ several: z.boolean().optional() }).optional(),
});

type Provider = z.infer<typeof Provider>;
/** An identity provider by which people may sign in. */
export type ProviderSettings = Provider;

/** How people may sign in. */
export interface SignInSettings {
  readonly providers: readonly ProviderSettings[];
  /** Undefined where everybody may use a password; otherwise the address of the one account that may. */
  readonly onlyPasswordOf: string | undefined;
  /** Whose passwords count with a second factor only; nobody's without it. */
  readonly factorRoles?: readonly Role[];
  /** Whether who signs a report shows again who they are. */
  readonly provesToSign?: boolean;
}

export function signInOf(values: Values): SignInSettings {
  const providers = [...firstOf(values), ...filed(values.OIDC_PROVIDERS_FILE)].map(withHostedDomain);
  const asked = { factorRoles: values.SECOND_FACTOR_ROLES, provesToSign: values.PROOF_TO_SIGN === 'on' };
  const [twice] = providers.map(({ id }) => id).filter((id, index, ids) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    throw new StartError(
      'SETTING_INVALID',
      `OIDC_PROVIDERS_FILE has the id ${twice} twice ("oidc" is that of OIDC_ISSUER): choose another`,
    );
  if (values.PASSWORDS === 'on') return { providers, onlyPasswordOf: undefined, ...asked };
  if (values.EMERGENCY_EMAIL === undefined || providers.length === 0)
    throw new StartError(
      'SETTING_MISSING',
      'PASSWORDS=off needs an identity provider and EMERGENCY_EMAIL, the account that keeps its password: set both, or PASSWORDS=on',
    );
  return { providers, onlyPasswordOf: values.EMERGENCY_EMAIL.toLowerCase(), ...asked };
}

function firstOf(values: Values): ProviderSettings[] {
  const given = allOrNone(values, ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']);
  if (given === undefined) return [];
  const first = Provider.safeParse({
    id: 'oidc',
    name: values.OIDC_NAME ?? 'OpenID Connect',
    issuer: given.OIDC_ISSUER,
    clientId: given.OIDC_CLIENT_ID,
    clientSecret: given.OIDC_CLIENT_SECRET,
    domains: (values.OIDC_DOMAINS ?? '').split(',').filter((domain) => domain.trim() !== ''),
  });
  if (!first.success)
    throw new StartError(
      'SETTING_INVALID',
      'OIDC_ISSUER must be an https address (http on this machine only), of one tenant: correct it',
    );
  return [first.data];
}

/** What is wrong is named by its place; its values may be secrets. */
function filed(file: string | undefined): ProviderSettings[] {
  if (file === undefined) return [];
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new StartError(
      'SETTING_INVALID',
      'OIDC_PROVIDERS_FILE can not be read as JSON: correct the file or leave the setting out',
    );
  }
  const parsed = z.array(Provider).safeParse(content);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new StartError(
    'SETTING_INVALID',
    `OIDC_PROVIDERS_FILE: ${where || 'the list'} is missing or not valid: correct the file`,
  );
}

import { createSecretKey } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Permission, User } from '@negatoscope/contract';
import type { FastifyRequest } from 'fastify';
import type { Actor, Person } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import type { Logger } from '../../platform/log/log.ts';
import { createMailer, type MailSettings } from '../../platform/mail/mailer.ts';
import type { SharedState } from '../../platform/shared-state/index.ts';
import type { Audit } from '../audit/index.ts';
import { createAccessTokens } from './access-token.ts';
import { ensureFirst, resetFactor, resetPassword } from './administrator.ts';
import { createAuthenticate } from './authenticate.ts';
import type { IdentityContext } from './context.ts';
import { createSessionCookies } from './cookies.ts';
import { createCsrfTokens } from './csrf-token.ts';
import { endEmergenciesAbout } from './emergency/end-with.ts';
import { type EmergencyPorts, emergencyTries, registerEmergency } from './emergency/routes.ts';
import { createCarried } from './factor/carried.ts';
import { deriveKeys, type IdentityKeys } from './keys.ts';
import { createLinkLimits } from './links/limits.ts';
import { createLoginLimits, inSlots } from './login-limits.ts';
import { withoutSlash } from './managed-users.ts';
import { createChallenges } from './passkeys/challenges.ts';
import { partyOf } from './passkeys/party.ts';
import { createPasswords } from './passwords.ts';
import { createPlaces } from './places.ts';
import { createPrincipalCache } from './principal-cache.ts';
import { findPeople, findPerson, isTokenAlive } from './principals.ts';
import { createCarrier } from './providers/attempt.ts';
import { createProviderClient } from './providers/client.ts';
import type { Providers } from './providers/routes.ts';
import type { SignInSettings } from './providers/settings.ts';
import { createRefreshTokens } from './refresh-token.ts';
import { createRevocations, type Revocations } from './revocations.ts';
import { registerIdentity } from './routes.ts';
import { requireProof } from './step-up.ts';
import { createStrangers, type Strangers } from './strangers.ts';
import { type MailOf, tellHolders } from './tell-holders.ts';
import { findLocale, findOldestAdministrator } from './user-rows.ts';
import { ensurePerson, type NewPerson } from './users.ts';

export interface IdentityOptions {
  readonly db: Db;
  /** Tries are counted, and changes of people and sessions heard, by it. */
  readonly state: Pick<SharedState, 'counters' | 'changes'>;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Logger;
  /** The session secret, 32 bytes or more: every token and CSRF value is signed with keys made from it. */
  readonly secret: Buffer;
  /** https makes cookies Secure and prefixed. */
  readonly publicUrl: URL;
  /** bcrypt's cost; 12 unless a test lowers it. */
  readonly passwordCost?: number;
  /** How many passwords of known places, and how many of others, may wait for their turn; 24 each. */
  readonly passwordQueue?: number;
  /** By which providers people may sign in, and whether by password; by password alone without it. */
  readonly signIn?: SignInSettings;
  /** 32 bytes that seal the secrets of second factors; it outlasts the session secret. */
  readonly factorKey: Buffer;
  /** Without it no mail is sent. */
  readonly mail?: MailSettings | undefined;
  /** Whose the installation is, as mails say it. */
  readonly site?: string;
}

export interface Identity {
  /** Who sends this request, undefined for nobody. Fails with ORIGIN_REFUSED, CSRF_REQUIRED, NOT_AUTHENTICATED (bad bearer token). */
  authenticate(request: FastifyRequest): Promise<Person | undefined>;
  /** For answers that go on: when the rights that they were begun with may have ended. */
  readonly revocations: Revocations;
  /** A person as they are now, without a session: for work that goes on after their request. Undefined when they may not sign in. */
  personOf(userId: string, tokenId?: string | null): Promise<Person | undefined>;
  /** Several of them by one question: those who may sign in, by their ids. */
  peopleOf(userIds: readonly string[]): Promise<ReadonlyMap<string, Person>>;
  register(router: Router): void;
  /** Joins access in an emergency to the router. */
  registerEmergency(router: Router, ports: EmergencyPorts): void;
  /** Ends what is open in an emergency of these records, in the transaction in which they are merged into another or erased, before it does so. */
  endEmergencies(tx: Tx, records: readonly string[], by: { actor: Actor; because: 'MERGED' | 'ERASED' }): Promise<void>;
  /** Somebody by their address, made where nobody has it, as an administrator makes a user: without a password, which must be set before they sign in by one. Fails as making a user does. */
  ensurePerson(actor: Person, who: NewPerson): Promise<Person>;
  /** Makes the first administrator when there is no user; undefined when there is one. Fails with WEAK_PASSWORD, PASSWORD_TOO_LONG. */
  ensureFirstAdmin(given?: {
    email?: string | undefined;
    password?: string | undefined;
  }): Promise<{ email: string; password: string } | undefined>;
  /** Fails with NOT_FOUND, WEAK_PASSWORD, PASSWORD_TOO_LONG. */
  resetPassword(email: string, newPassword?: string): Promise<{ password: string }>;
  /** Takes somebody's second factors off, passkeys too, and ends their sessions: what the command line does. Fails with NOT_FOUND. */
  resetFactor(email: string): Promise<void>;
  /** Fails with PROOF_REQUIRED when the person of a session has not shown for a quarter of an hour who they are. */
  requireProof(tx: Tx, actor: Person): Promise<void>;
  /** The language of somebody's pages; undefined once the account is gone. */
  localeOf(actor: Person): Promise<User['locale'] | undefined>;
  /** The active administrator who has been here longest, by id. */
  oldestAdministrator(): Promise<string | undefined>;
  /** Writes to everybody who has a permission, in their language; 0 where the site sends no mail. Fails when nobody could be written to. */
  tellHolders(permission: Permission, mailOf: MailOf): Promise<number>;
  /** For secrets that are shown without an account. */
  readonly strangers: Strangers;
  /** Stops listening to changes. */
  close(): void;
}

/** Half the cores at most, and never more than two, are spent on passwords. */
const concurrency = Math.max(1, Math.min(2, Math.floor(availableParallelism() / 2)));

/** Of a million codes so many are tried in a quarter of an hour. */
const TRIES = { most: 5, seconds: 15 * 60 };
/** So many answers of passkeys one network may give in vain in a quarter of an hour, each with its event. */
const PASSKEYS = { most: 60, seconds: 15 * 60 };
/** And one person, or one known browser, once their network may no more. */
const PASSKEYS_OF_ONE = { most: 10, seconds: 15 * 60 };

/** Events say a provider's id, identities its issuer: neither looks like the other. */
const namesOf = (providers: SignInSettings['providers']): ReadonlyMap<string, string> =>
  new Map([
    ...providers.map(({ id, name }) => [id, name] as const),
    ...providers.map(({ issuer, name }) => [withoutSlash(issuer), name] as const),
  ]);

function contextOf(options: IdentityOptions, keys: IdentityKeys): IdentityContext {
  const { db, state, audit, clock, log, publicUrl, passwordCost = 12, passwordQueue = 24 } = options;
  return {
    db,
    audit,
    clock,
    log,
    onlyPasswordOf: options.signIn?.onlyPasswordOf,
    providerNames: namesOf(options.signIn?.providers ?? []),
    passwords: createPasswords({ cost: passwordCost, concurrency, queueLimit: passwordQueue }),
    limits: createLoginLimits(state.counters, keys.places),
    factorTries: state.counters('factor', TRIES.most, TRIES.seconds),
    factorKey: createSecretKey(options.factorKey),
    passkeyTries: {
      ofNetwork: inSlots(state.counters('passkey', PASSKEYS.most, PASSKEYS.seconds), keys.places),
      ofOne: state.counters('passkey-one', PASSKEYS_OF_ONE.most, PASSKEYS_OF_ONE.seconds),
    },
    party: partyOf(publicUrl),
    factorRoles: new Set(options.signIn?.factorRoles),
    linkLimits: createLinkLimits(state.counters, keys.places),
    mailer: options.mail && createMailer(options.mail),
    publicUrl,
    site: options.site ?? 'Negatoscope',
    places: createPlaces({ db, clock, key: keys.places }),
    cache: createPrincipalCache({ changes: state.changes, clock }),
    accessTokens: createAccessTokens(keys.access, clock),
    refreshTokens: createRefreshTokens(keys.refresh),
    csrfTokens: createCsrfTokens(keys.csrf),
  };
}

/** People, how they sign in and what they may do. */
export function createIdentity(options: IdentityOptions): Identity {
  const { db, clock, publicUrl } = options;
  const keys = deriveKeys(options.secret);
  const context = contextOf(options, keys);
  const cookies = createSessionCookies(publicUrl.protocol === 'https:');
  const authenticate = createAuthenticate(context, cookies, publicUrl);
  const revocations = createRevocations(context);
  const providers = providersOf(options, keys);
  const carried = createCarried(keys.halves, clock, publicUrl.protocol === 'https:');
  const challenges = createChallenges(keys.challenges, clock, publicUrl.protocol === 'https:');
  return {
    authenticate: async (request) => {
      const { epoch } = revocations;
      const actor = await authenticate(request);
      if (actor !== undefined) revocations.seen(actor, epoch);
      return actor;
    },
    revocations,
    personOf: (userId, tokenId = null) =>
      db.withSystem(async (tx) =>
        tokenId === null || (await isTokenAlive(tx, tokenId, clock.now())) ? findPerson(tx, userId) : undefined,
      ),
    peopleOf: (userIds) => db.withSystem((tx) => findPeople(tx, userIds)),
    ensurePerson: (actor, who) => ensurePerson(context, actor, who),
    register: (router) => registerIdentity(router, { context, cookies, providers, carried, challenges }),
    registerEmergency: (router, ports) =>
      registerEmergency(router, { ...ports, context, tries: emergencyTries(options.state.counters) }),
    endEmergencies: async (tx, records, by) => void (await endEmergenciesAbout(context, tx, records, by)),
    ensureFirstAdmin: (given) => ensureFirst(context, given),
    resetPassword: (email, newPassword) => resetPassword(context, email, newPassword),
    resetFactor: (email) => resetFactor(context, email),
    requireProof: (tx, actor) => requireProof(context, tx, actor),
    localeOf: ({ userId }) => db.withSystem((tx) => findLocale(tx, userId)),
    oldestAdministrator: () => db.withSystem(findOldestAdministrator),
    tellHolders: (permission, mailOf) => tellHolders(context, permission, mailOf),
    strangers: createStrangers(context.passwords, options.state.counters, keys),
    close: () => context.cache.close(),
  };
}

/** So often in a quarter of an hour one network may come from providers in vain, and leave events of it: a hospital behind one address, but no flood. */
const IN_VAIN = { most: 600, seconds: 15 * 60 };
/** And one browser in which somebody has signed in before, once its network may no more. */
const IN_VAIN_BY_ONE = { most: 20, seconds: 15 * 60 };

const providersOf = (
  { clock, publicUrl, signIn, state }: IdentityOptions,
  { attempts: key, places }: Pick<IdentityKeys, 'attempts' | 'places'>,
): Providers => ({
  clients: new Map((signIn?.providers ?? []).map((one) => [one.id, createProviderClient(one, publicUrl, clock)])),
  carrier: createCarrier(key, clock, publicUrl.protocol === 'https:'),
  publicUrl,
  returns: {
    ofNetwork: inSlots(state.counters('provider', IN_VAIN.most, IN_VAIN.seconds), places),
    ofOne: state.counters('provider-browser', IN_VAIN_BY_ONE.most, IN_VAIN_BY_ONE.seconds),
  },
  events: inSlots(state.counters('provider-event', IN_VAIN.most, IN_VAIN.seconds), places),
  passwords: signIn?.onlyPasswordOf === undefined,
});

export { findSealedFactors } from './factor/sealed-factors.ts';
export { findReaders } from './review/readers.ts';
export { registerAccessReview } from './review/routes.ts';
export type { Revocations } from './revocations.ts';

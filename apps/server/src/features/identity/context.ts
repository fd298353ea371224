import type { KeyObject } from 'node:crypto';
import type { Role } from '@negatoscope/contract';
import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { Logger } from '../../platform/log/log.ts';
import type { Mailer } from '../../platform/mail/mailer.ts';
import type { Counter } from '../../platform/shared-state/index.ts';
import type { Audit } from '../audit/index.ts';
import type { AccessTokens } from './access-token.ts';
import type { CsrfTokens } from './csrf-token.ts';
import type { LinkLimits } from './links/limits.ts';
import type { LoginLimits } from './login-limits.ts';
import type { Party } from './passkeys/party.ts';
import type { Passwords } from './passwords.ts';
import type { Places } from './places.ts';
import type { PrincipalCache } from './principal-cache.ts';
import type { RefreshTokens } from './refresh-token.ts';
import type { Tries } from './tries.ts';

/** What the services of this feature share. */
export interface IdentityContext {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Logger;
  readonly passwords: Passwords;
  /** The one address that signs in by password, where the site has turned passwords off. */
  readonly onlyPasswordOf: string | undefined;
  /** What this server calls identity providers, by their ids and by their issuers. */
  readonly providerNames: ReadonlyMap<string, string>;
  readonly limits: LoginLimits;
  readonly linkLimits: LinkLimits;
  /** Tries of codes, by account. */
  readonly factorTries: Counter;
  /** Answers of passkeys: by network; by person, or by browser in which somebody has signed in before. */
  readonly passkeyTries: Tries;
  /** What this server is for authenticators; undefined where its address lets no passkey count. */
  readonly party: Party | undefined;
  /** Seals the secrets of second factors. */
  readonly factorKey: KeyObject;
  /** Who signs in by password with a second factor only. */
  readonly factorRoles: ReadonlySet<Role>;
  /** Undefined where the site sends no mail. */
  readonly mailer: Mailer | undefined;
  readonly publicUrl: URL;
  /** Whose the installation is, as mails say it. */
  readonly site: string;
  readonly places: Places;
  readonly cache: PrincipalCache;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly csrfTokens: CsrfTokens;
}

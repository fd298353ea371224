import type { Level, Role } from '@negatoscope/contract';

/** Values of one claim, and what each of them is here. */
export interface ClaimMapping<T> {
  readonly claim: string;
  readonly values: Readonly<Record<string, T>>;
}

/** An identity provider by which people may sign in. */
export interface ProviderSettings {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** E-mail domains, in lower case, that it vouches for: nobody else becomes an account by it. */
  readonly domains: readonly string[];
  /** Where the provider describes itself, if not at its issuer's usual place. */
  readonly discovery?: string | undefined;
  readonly scope?: string | undefined;
  /** How people must have shown there who they are (`acr`). */
  readonly acr?: string | undefined;
  /** A claim whose address is the provider's own word, so that it counts without `email_verified`. */
  readonly emailClaim?: string | undefined;
  /** An address is vouched for only where this claim has one of these values; `except`: in these domains. */
  readonly vouchedBy?:
    | { readonly claim: string; readonly values: readonly string[]; readonly except?: readonly string[] | undefined }
    | undefined;
  /** By what its people are told apart while they wait, where it knows no addresses. */
  readonly withoutEmail?: string | undefined;
  readonly role?: ClaimMapping<Role> | undefined;
  readonly level?: ClaimMapping<Level> | undefined;
  /** Groups by their names; `several`: all that the claim holds, the first in the order here as the main one. */
  readonly group?: (ClaimMapping<string> & { readonly several?: boolean | undefined }) | undefined;
}

/** How people may sign in. */
export interface SignInSettings {
  readonly providers: readonly ProviderSettings[];
  /** Undefined where everybody may use a password; otherwise the address, in lower case, of the one account that may. */
  readonly onlyPasswordOf: string | undefined;
  /** Whose passwords count with a second factor only; nobody's without it. */
  readonly factorRoles?: readonly Role[];
}

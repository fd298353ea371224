import type { IdentityContext } from '../context.ts';
import { mayUsePassword } from '../sign-in.ts';

interface Owner {
  readonly password_hash: string | null;
  readonly email_key: string | null;
  readonly has_identity: boolean | null;
}
type Site = Pick<IdentityContext, 'onlyPasswordOf'>;

export const hasPassword = (site: Site, { password_hash: hash, email_key: key }: Owner): boolean =>
  hash !== null && mayUsePassword(site, key);

/** Who comes by an identity provider alone gets no second way in that outlasts it: their account ends there. */
export const mayUsePasskey = (site: Site, owner: Owner): boolean => owner.has_identity !== true || hasPassword(site, owner);

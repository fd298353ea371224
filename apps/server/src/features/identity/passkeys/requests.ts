import type { PasskeyCreation, PasskeyRequest } from '@negatoscope/contract';
import { staffName } from '@negatoscope/contract/person-name';
import type { Party } from './party.ts';
import type { credentialsOf, holdOwner } from './passkey-rows.ts';
import { handleOf } from './show.ts';
import { ALGORITHMS } from './verify.ts';

type Credentials = Awaited<ReturnType<typeof credentialsOf>>;
type Owner = NonNullable<Awaited<ReturnType<typeof holdOwner>>>;

const TIMEOUT_MS = 120_000;

/** Asks for one of these passkeys, or for whichever the person has; `mustVerify`: by finger, face or PIN. */
export const requestOf = (
  { rpId }: Party,
  {
    challenge,
    allowCredentials,
    mustVerify,
  }: { readonly challenge: string; readonly allowCredentials: Credentials; readonly mustVerify: boolean },
): PasskeyRequest => ({
  ...{ challenge, rpId, timeout: TIMEOUT_MS, allowCredentials },
  userVerification: mustVerify ? 'required' : 'discouraged',
});

/** Asks for a new one, which can be found without a name and verifies its person: each may be the only way in. */
export const creationOf = (
  { rpId }: Party,
  {
    challenge,
    site,
    owner,
    excludeCredentials,
  }: {
    readonly challenge: string;
    readonly site: string;
    readonly owner: Pick<Owner, 'id' | 'email' | 'first_name' | 'last_name'>;
    readonly excludeCredentials: Credentials;
  },
): PasskeyCreation => ({
  ...{ challenge, timeout: TIMEOUT_MS, excludeCredentials, attestation: 'none' },
  rp: { id: rpId, name: site },
  user: {
    id: handleOf(owner.id),
    name: owner.email,
    displayName: staffName({ lastName: owner.last_name, firstName: owner.first_name }),
  },
  pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
  authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
});

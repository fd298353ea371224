import { generateKeyPairSync } from 'node:crypto';
import type { PasskeyAssertion, PasskeyAttestation } from '@negatoscope/contract';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { decodeAttestationObject, isoBase64URL, isoCBOR } from '@simplewebauthn/server/helpers';
import { z } from 'zod';
import type { Party } from './party.ts';

/** Why a passkey did not count, as the journal says it; who shows it is not told. */
export type Reason =
  | 'OVER'
  | 'REPLAYED'
  | 'ORIGIN'
  | 'INVALID'
  | 'UNKNOWN'
  | 'OTHER_ACCOUNT'
  | 'UNVERIFIED'
  | 'COUNTER'
  | 'SUSPENDED'
  | 'AT_PROVIDER';

/** EdDSA, ES256, RS256 (RFC 9053, RFC 8812). */
export const ALGORITHMS = [-8, -7, -257];

export interface NewKey {
  readonly credentialId: Buffer;
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly isSynced: boolean;
}
export interface ShownKey {
  /** How often the authenticator says that it has signed; 0 where it does not count. */
  readonly counter: number;
  readonly isSynced: boolean;
}
interface Asked {
  readonly party: Party;
  readonly challenge: string;
}

const ClientData = z.object({ origin: z.string(), crossOrigin: z.boolean().optional() });

/** Whether a page of this server asked, and no frame of another site around it. */
function isFromHere(clientDataJSON: string, { origin }: Party): boolean {
  try {
    const said = ClientData.parse(JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8')));
    return said.origin === origin && said.crossOrigin !== true;
  } catch {
    return false;
  }
}

/**
 * A new passkey without what it says of its maker, which nobody has asked for (attestation: none): to check that, lists of revoked certificates would be
 * fetched from addresses that stand in it, and whoever sends it has written these.
 */
function withoutMaker(attestationObject: string): string {
  const authData = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject)).get('authData');
  const said = new Map<string, string | Uint8Array | Map<string, string>>([
    ['fmt', 'none'],
    ['attStmt', new Map<string, string>()],
    ['authData', authData],
  ]);
  return isoBase64URL.fromBuffer(isoCBOR.encode(said));
}

/** Fails where the library does, on whatever is no passkey. */
async function verified({ id, clientDataJSON, attestationObject }: PasskeyAttestation, { party, challenge }: Asked) {
  const response = {
    ...{ id, rawId: id, type: 'public-key' as const, clientExtensionResults: {} },
    response: { clientDataJSON, attestationObject: withoutMaker(attestationObject) },
  };
  return verifyRegistrationResponse({
    ...{ response, expectedChallenge: challenge, expectedOrigin: party.origin, expectedRPID: party.rpId },
    ...{ requireUserVerification: false, supportedAlgorithmIDs: ALGORITHMS },
  });
}

/** A passkey that has just been made (Web Authentication 7.1). */
export async function verifyNew(given: PasskeyAttestation, { party, challenge }: Asked): Promise<NewKey | Reason> {
  if (!isFromHere(given.clientDataJSON, party)) return 'ORIGIN';
  const known = await verified(given, { party, challenge }).catch(() => undefined);
  if (known?.verified !== true) return 'INVALID';
  const { credential, credentialBackedUp, userVerified } = known.registrationInfo;
  // It may become the only way in: who finds the device does not find the account.
  if (!userVerified) return 'UNVERIFIED';
  return {
    credentialId: Buffer.from(credential.id, 'base64url'),
    publicKey: Buffer.from(credential.publicKey),
    counter: credential.counter,
    isSynced: credentialBackedUp,
  };
}

/**
 * A passkey that signs a challenge (Web Authentication 7.2). Without a key it costs the same and is never right. How often it was used is for the caller to
 * compare, where its row is held.
 */
export async function verifyShown(
  given: PasskeyAssertion,
  publicKey: Buffer | undefined,
  { party, challenge, mustVerify }: Asked & { readonly mustVerify: boolean },
): Promise<ShownKey | Reason> {
  if (!isFromHere(given.clientDataJSON, party)) return 'ORIGIN';
  const { clientDataJSON, authenticatorData, signature } = given;
  const response = {
    ...{ id: given.id, rawId: given.id, type: 'public-key' as const, clientExtensionResults: {} },
    response: { clientDataJSON, authenticatorData, signature },
  };
  const credential = { id: given.id, publicKey: new Uint8Array(publicKey ?? nobodysKey()), counter: 0 };
  const shown = await verifyAuthenticationResponse({
    ...{ response, credential, expectedChallenge: challenge, expectedOrigin: party.origin, expectedRPID: party.rpId },
    requireUserVerification: false,
  }).catch(() => undefined);
  if (publicKey === undefined) return 'UNKNOWN';
  if (shown?.verified !== true) return 'INVALID';
  const { credentialBackedUp, newCounter, userVerified } = shown.authenticationInfo;
  if (mustVerify && !userVerified) return 'UNVERIFIED';
  return { counter: newCounter, isSynced: credentialBackedUp };
}

let nobodys: Buffer | undefined;
/** A COSE key (RFC 9053 7.1) whose private half nobody has kept. */
function nobodysKey(): Buffer {
  nobodys ??= (() => {
    const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
    const [head, between] = [Buffer.from('a5010203262001215820', 'hex'), Buffer.from('225820', 'hex')];
    return Buffer.concat([head, Buffer.from(x, 'base64url'), between, Buffer.from(y, 'base64url')]);
  })();
  return nobodys;
}

import { z } from 'zod';
import { IdParams, Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { SignedIn } from './signed-in.ts';

/** Bytes as WebAuthn writes them in JSON: base64url without padding (W3C Web Authentication 5.1). */
const bytes = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[\w-]+$/);
const CredentialId = bytes(1400);
/** How a browser may reach an authenticator; what it says is kept as it is. */
const Transports = z.array(z.string().max(20)).max(10);
const Credential = z.object({ type: z.literal('public-key'), id: z.string(), transports: Transports });
export const PasskeyName = z.string().trim().min(1).max(60);

/** What a browser is asked for: to sign a challenge with a passkey that is there (PublicKeyCredentialRequestOptionsJSON). */
export const PasskeyRequest = z.object({
  challenge: z.string(),
  rpId: z.string(),
  timeout: z.number().int(),
  userVerification: z.enum(['required', 'discouraged']),
  /** Empty: whichever the person chooses. */
  allowCredentials: z.array(Credential),
});
export type PasskeyRequest = z.infer<typeof PasskeyRequest>;
/** The same for a new one (PublicKeyCredentialCreationOptionsJSON). */
export const PasskeyCreation = z.object({
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  challenge: z.string(),
  pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.number().int() })),
  timeout: z.number().int(),
  excludeCredentials: z.array(Credential),
  authenticatorSelection: z.object({
    residentKey: z.literal('required'),
    requireResidentKey: z.literal(true),
    userVerification: z.literal('required'),
  }),
  attestation: z.literal('none'),
});
export type PasskeyCreation = z.infer<typeof PasskeyCreation>;

/** What a browser answers with for a passkey that is there. */
export const PasskeyAssertion = z.strictObject({
  id: CredentialId,
  clientDataJSON: bytes(4000),
  authenticatorData: bytes(4000),
  signature: bytes(8000),
  userHandle: bytes(100).optional(),
});
export type PasskeyAssertion = z.infer<typeof PasskeyAssertion>;
const PasskeyAttestation = z.strictObject({
  id: CredentialId,
  clientDataJSON: bytes(4000),
  attestationObject: bytes(40_000),
  transports: Transports,
});
export type PasskeyAttestation = z.infer<typeof PasskeyAttestation>;

export const Passkey = z.object({
  id: Uuid,
  name: z.string(),
  /** Its owner’s other devices have it too. */
  isSynced: z.boolean(),
  createdAt: Instant,
  lastUsedAt: Instant.nullable(),
  /** The address of this server that it was made for, where that is another by now: it opens nothing any more. */
  elsewhere: z.string().nullable(),
});
export type Passkey = z.infer<typeof Passkey>;
/** Shown once, with one’s first factor; null where one has some already. */
const FirstCodes = z.object({ recoveryCodes: z.array(z.string()).nullable() });

export const beginPasskeySignIn = defineOperation({
  id: 'beginPasskeySignIn',
  method: 'POST',
  path: '/api/auth/passkey/start',
  tag: 'auth',
  permission: 'public',
  summary: 'Begin to sign in with a passkey alone; the challenge counts for five minutes, in this browser, once',
  responses: { 200: PasskeyRequest },
  errors: ['PASSKEYS_UNAVAILABLE'],
});
export const passkeySignIn = defineOperation({
  id: 'passkeySignIn',
  method: 'POST',
  path: '/api/auth/passkey',
  tag: 'auth',
  permission: 'public',
  summary: 'Sign in with a passkey that has verified its person; unknown, foreign and suspended ones answer alike',
  body: z.strictObject({ passkey: PasskeyAssertion }),
  responses: { 200: SignedIn },
  errors: ['PASSKEY_REFUSED', 'PASSKEY_OVER', 'PASSKEYS_UNAVAILABLE', 'RATE_LIMITED'],
});
export const beginSecondPasskey = defineOperation({
  id: 'beginSecondPasskey',
  method: 'POST',
  path: '/api/auth/second/passkey',
  tag: 'auth',
  permission: 'public',
  summary: 'After the right password: begin to show a passkey as the second factor',
  responses: {
    /** Whether the account has an application’s codes too. */
    200: PasskeyRequest.extend({ hasApplication: z.boolean() }),
  },
  errors: ['SECOND_FACTOR_OVER', 'PASSKEYS_UNAVAILABLE'],
});
export const beginPasskeyProof = defineOperation({
  id: 'beginPasskeyProof',
  method: 'POST',
  path: '/api/auth/proof/passkey',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Begin to prove again who one is, with a passkey',
  responses: { 200: PasskeyRequest },
  errors: ['PASSKEYS_UNAVAILABLE'],
});
export const listPasskeys = defineOperation({
  id: 'listPasskeys',
  method: 'GET',
  path: '/api/auth/passkeys',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'One’s passkeys, and whether one can have more',
  responses: {
    200: z.object({
      items: z.array(Passkey),
      /** Why no passkey counts here; null where they do. */
      unavailable: z.enum(['PASSKEYS_UNAVAILABLE', 'PASSKEYS_AT_PROVIDER']).nullable(),
    }),
  },
});
export const beginPasskey = defineOperation({
  id: 'beginPasskey',
  method: 'POST',
  path: '/api/auth/passkeys/start',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Begin to register a passkey',
  responses: { 200: PasskeyCreation },
  errors: ['PROOF_REQUIRED', 'PASSKEYS_UNAVAILABLE', 'PASSKEYS_AT_PROVIDER', 'PASSKEYS_FULL'],
});
export const addPasskey = defineOperation({
  id: 'addPasskey',
  method: 'POST',
  path: '/api/auth/passkeys',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Register a passkey; recovery codes come with one’s first factor, in this answer only',
  body: z.strictObject({ name: PasskeyName, passkey: PasskeyAttestation }),
  responses: { 201: FirstCodes.extend({ passkey: Passkey }) },
  errors: [
    'PROOF_REQUIRED',
    'PASSKEY_REFUSED',
    'PASSKEY_OVER',
    'PASSKEY_KNOWN',
    'PASSKEYS_UNAVAILABLE',
    'PASSKEYS_AT_PROVIDER',
    'PASSKEYS_FULL',
    'RATE_LIMITED',
  ],
});
export const renamePasskey = defineOperation({
  id: 'renamePasskey',
  method: 'PATCH',
  path: '/api/auth/passkeys/{id}',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Name a passkey',
  params: IdParams,
  body: z.strictObject({ name: PasskeyName }),
  responses: { 200: Passkey },
});
export const removePasskey = defineOperation({
  id: 'removePasskey',
  method: 'DELETE',
  path: '/api/auth/passkeys/{id}',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Remove a passkey; neither the last way in nor the last factor that one’s role asks for',
  params: IdParams,
  responses: { 204: null },
  errors: ['PROOF_REQUIRED', 'LAST_WAY_IN', 'LAST_FACTOR'],
});
export const passkeyOperations = [
  beginPasskeySignIn,
  passkeySignIn,
  beginSecondPasskey,
  beginPasskeyProof,
  listPasskeys,
  beginPasskey,
  addPasskey,
  renamePasskey,
  removePasskey,
] as const;

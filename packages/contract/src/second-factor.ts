import { z } from 'zod';
import { Password } from './auth.ts';
import { IdParams, Instant } from './common.ts';
import { defineOperation } from './operation.ts';
import { PasskeyAssertion } from './passkeys.ts';
import { SignedIn } from './signed-in.ts';

/** Six digits of an application (RFC 6238), or a recovery code. */
const Code = z.string().trim().min(6).max(40);
/** A code, or a passkey: one of them. */
const ShownFactor = { code: Code.optional(), passkey: PasskeyAssertion.optional() };
const showsOne = ({ code, passkey }: { code?: string | undefined; passkey?: PasskeyAssertion | undefined }): boolean =>
  (code === undefined) !== (passkey === undefined);
/** What an application is to be given; `token` comes back with the first code, and counts for ten minutes. */
const NewFactor = z.object({ secret: z.string(), uri: z.string(), token: z.string() });
export type NewFactor = z.infer<typeof NewFactor>;
const Confirmation = z.strictObject({ token: z.string().max(2000), code: Code });
const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });

export const proveSecondFactor = defineOperation({
  id: 'proveSecondFactor',
  method: 'POST',
  path: '/api/auth/second',
  tag: 'auth',
  permission: 'public',
  summary: 'The second step of signing in, within five minutes of the right password',
  body: z.strictObject({ ...ShownFactor, newPassword: Password.optional() }).refine(showsOne),
  responses: { 200: SignedIn },
  errors: [
    'SECOND_FACTOR_WRONG',
    'SECOND_FACTOR_LOST',
    'SECOND_FACTOR_OVER',
    'PASSKEY_REFUSED',
    'PASSKEY_OVER',
    'PASSKEYS_UNAVAILABLE',
    'RATE_LIMITED',
    'PASSWORD_CHANGE_REQUIRED',
    'WEAK_PASSWORD',
    'PASSWORD_TOO_LONG',
  ],
});
export const beginRequiredFactor = defineOperation({
  id: 'beginRequiredFactor',
  method: 'POST',
  path: '/api/auth/second/setup',
  tag: 'auth',
  permission: 'public',
  summary: 'Set up a second factor that one’s role asks for, before anything is opened',
  responses: { 200: NewFactor },
  errors: ['SECOND_FACTOR_OVER'],
});
export const confirmRequiredFactor = defineOperation({
  id: 'confirmRequiredFactor',
  method: 'POST',
  path: '/api/auth/second/confirm',
  tag: 'auth',
  permission: 'public',
  summary: 'Confirm it by a first code, and sign in; the recovery codes are in this answer only',
  body: Confirmation.extend({ newPassword: Password.optional() }),
  responses: { 200: SignedIn.extend(RecoveryCodes.shape) },
  errors: [
    'SECOND_FACTOR_WRONG',
    'SECOND_FACTOR_OVER',
    'RATE_LIMITED',
    'PASSWORD_CHANGE_REQUIRED',
    'WEAK_PASSWORD',
    'PASSWORD_TOO_LONG',
  ],
});
export const ownFactor = defineOperation({
  id: 'ownFactor',
  method: 'GET',
  path: '/api/auth/factor',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'One’s second factor, and how one proves who one is again',
  responses: {
    200: z.object({
      /** Of the application; null without one. */
      since: Instant.nullable(),
      recoveryCodesLeft: z.number().int(),
      /** One’s role asks for it: it can be replaced, not taken off. */
      isRequired: z.boolean(),
      /** When an administrator took one off, until another is set up. */
      resetAt: Instant.nullable(),
      passkeys: z.number().int(),
      /** How one may prove again who one is, the easiest first; none: by signing in anew. */
      proofs: z.array(z.enum(['PASSKEY', 'CODE', 'PASSWORD'])),
    }),
  },
});
export const beginFactor = defineOperation({
  id: 'beginFactor',
  method: 'POST',
  path: '/api/auth/factor',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Begin to set up a second factor, or another in its place',
  responses: { 200: NewFactor },
  errors: ['PROOF_REQUIRED'],
});
export const confirmFactor = defineOperation({
  id: 'confirmFactor',
  method: 'POST',
  path: '/api/auth/factor/confirm',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Confirm it by a first code; the recovery codes are in this answer only',
  body: Confirmation,
  responses: { 200: RecoveryCodes },
  errors: ['PROOF_REQUIRED', 'SECOND_FACTOR_WRONG', 'SECOND_FACTOR_OVER', 'RATE_LIMITED'],
});
export const removeFactor = defineOperation({
  id: 'removeFactor',
  method: 'DELETE',
  path: '/api/auth/factor',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Take one’s application off; not the last factor where one’s role asks for one',
  responses: { 204: null },
  errors: ['PROOF_REQUIRED', 'LAST_FACTOR'],
});
export const renewRecoveryCodes = defineOperation({
  id: 'renewRecoveryCodes',
  method: 'POST',
  path: '/api/auth/factor/recovery-codes',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Ten new recovery codes in place of what is left; they are in this answer only',
  responses: { 200: RecoveryCodes },
  errors: ['PROOF_REQUIRED', 'CONFLICT'],
});
export const proveAgain = defineOperation({
  id: 'proveAgain',
  method: 'POST',
  path: '/api/auth/proof',
  tag: 'auth',
  permission: 'signed-in',
  summary: 'Prove again who one is, by passkey, code or password, for what is grave',
  body: z.strictObject({ ...ShownFactor, password: Password.optional() }),
  responses: { 204: null },
  errors: [
    'SECOND_FACTOR_WRONG',
    'SECOND_FACTOR_LOST',
    'WRONG_CURRENT_PASSWORD',
    'PASSKEY_REFUSED',
    'PASSKEY_OVER',
    'PASSKEYS_UNAVAILABLE',
    'RATE_LIMITED',
  ],
});
export const resetFactor = defineOperation({
  id: 'resetFactor',
  method: 'DELETE',
  path: '/api/users/{id}/factor',
  tag: 'users',
  permission: 'users.manage',
  summary: 'Take a person’s second factors off, passkeys too; their sessions end, and they are told',
  params: IdParams,
  responses: { 204: null },
  errors: ['PROOF_REQUIRED'],
});
export const secondFactorOperations = [
  proveSecondFactor,
  beginRequiredFactor,
  confirmRequiredFactor,
  ownFactor,
  beginFactor,
  confirmFactor,
  removeFactor,
  renewRecoveryCodes,
  proveAgain,
  resetFactor,
] as const;

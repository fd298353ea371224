import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { PasskeyAssertion, PasskeyAttestation, PasskeyCreation, PasskeyRequest } from '@negatoscope/contract';

/** What an authenticator, or the page around it, does otherwise than it should. */
export interface Deviation {
  readonly origin?: string;
  readonly crossOrigin?: boolean;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  /** Without a finger, a face or a PIN. */
  readonly isUnverified?: boolean;
  readonly counter?: number;
  readonly userHandle?: string;
  readonly signWith?: KeyObject;
  /** CBOR of what it says of its maker, and in which format. */
  readonly maker?: { readonly format: string; readonly statement: Buffer };
}

interface Credential {
  readonly id: Buffer;
  readonly userHandle: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  counter: number;
}

const sha256 = (data: Buffer | string): Buffer => createHash('sha256').update(data).digest();
/** CBOR (RFC 8949 3.1) of a byte string of 256 bytes or more, or fewer than 256. */
const cborBytes = (data: Buffer): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(data.length);
  return Buffer.concat([Buffer.of(0x59), length, data]);
};
/** And of a text of fewer than 24 letters. */
const cborText = (text: string): Buffer => Buffer.concat([Buffer.of(0x60 + text.length), Buffer.from(text)]);
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED = 0x40;

/** A COSE key of P-256 (RFC 9053 7.1). */
function coseOf(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const [head, between] = [Buffer.from('a5010203262001215820', 'hex'), Buffer.from('225820', 'hex')];
  return Buffer.concat([head, Buffer.from(x, 'base64url'), between, Buffer.from(y, 'base64url')]);
}

/** An authenticator in software: ES256, discoverable, with a counter (W3C Web Authentication 6). */
export function createAuthenticator(origin: string) {
  const credentials: Credential[] = [];
  const clientData = (type: string, challenge: string, told: Deviation): Buffer =>
    Buffer.from(
      JSON.stringify({
        ...{ type: told.type ?? type, challenge: told.challenge ?? challenge },
        ...{ origin: told.origin ?? origin, crossOrigin: told.crossOrigin ?? false },
      }),
    );
  const authData = (rpId: string, flags: number, counter: number, attested = Buffer.alloc(0)): Buffer => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(rpId), Buffer.of(flags), count, attested]);
  };
  const flagsOf = ({ isUnverified = false }: Deviation): number => USER_PRESENT | (isUnverified ? 0 : USER_VERIFIED);

  return {
    credentials,
    create(options: PasskeyCreation, told: Deviation = {}): PasskeyAttestation {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const made = { id: randomBytes(32), userHandle: options.user.id, privateKey, publicKey, counter: told.counter ?? 1 };
      credentials.push(made);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(made.id.length);
      const attested = Buffer.concat([Buffer.alloc(16), length, made.id, coseOf(publicKey)]);
      const data = authData(told.rpId ?? options.rp.id, flagsOf(told) | ATTESTED, made.counter, attested);
      const { format, statement } = told.maker ?? { format: 'none', statement: Buffer.of(0xa0) };
      // { "fmt": format, "attStmt": statement, "authData": … }
      const head = Buffer.concat([
        ...[Buffer.of(0xa3), cborText('fmt'), cborText(format)],
        ...[cborText('attStmt'), statement, cborText('authData')],
      ]);
      return {
        id: made.id.toString('base64url'),
        clientDataJSON: clientData('webauthn.create', options.challenge, told).toString('base64url'),
        attestationObject: Buffer.concat([head, cborBytes(data)]).toString('base64url'),
        transports: ['internal'],
      };
    },
    /** By the last credential, unless another is given. */
    get(options: PasskeyRequest, told: Deviation = {}, credential = credentials.at(-1)): PasskeyAssertion {
      if (credential === undefined) throw new Error('This authenticator has no credential.');
      credential.counter = told.counter ?? credential.counter + 1;
      const data = authData(told.rpId ?? options.rpId, flagsOf(told), credential.counter);
      const client = clientData('webauthn.get', options.challenge, told);
      return {
        id: credential.id.toString('base64url'),
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', Buffer.concat([data, sha256(client)]), told.signWith ?? credential.privateKey).toString(
          'base64url',
        ),
        userHandle: told.userHandle ?? credential.userHandle,
      };
    },
  };
}
export type Authenticator = ReturnType<typeof createAuthenticator>;

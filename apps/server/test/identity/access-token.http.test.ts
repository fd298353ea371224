import { createHmac, createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSecrets } from '../../src/config/secrets.ts';
import { deriveKeys, type IdentityKeys } from '../../src/features/identity/keys.ts';
import { type Browser, createFakeClock, createTestApp, type FakeClock, type TestApp } from '../support/app.ts';

let server: TestApp;
let browser: Browser;
let keys: IdentityKeys;
let clock: FakeClock;
const logLines: string[] = [];
beforeAll(async () => {
  clock = createFakeClock();
  server = await createTestApp({ clock, logLines });
  browser = await server.login('ADMIN');
  keys = deriveKeys(Buffer.from(loadSecrets(server.settings).sessionSecret));
});
afterAll(() => server.close());

const text = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const parts = (): [string, string, string] => {
  const [header = '', payload = '', signature = ''] = (browser.cookies.negatoscope_access ?? '').split('.');
  return [header, payload, signature];
};
const claims = (): Record<string, unknown> => JSON.parse(Buffer.from(parts()[1], 'base64url').toString('utf8'));
const hmac = (key: string | Buffer, signed: string, hash = 'sha256'): string =>
  createHmac(hash, key).update(signed).digest('base64url');
const raw = (header: unknown, payload: unknown, key: Buffer): string => {
  const signed = `${text(header)}.${text(payload)}`;
  return `${signed}.${hmac(key, signed)}`;
};
/** A token that is right but for what is changed. */
const like = (changes: Record<string, unknown>, header: Record<string, unknown> = {}, key = keys.access): Promise<string> => {
  const payload = { ...claims(), ...changes };
  for (const [name, value] of Object.entries(payload)) if (value === undefined) delete payload[name as keyof typeof payload];
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...header }).sign(key);
};
const statusOf = async (token: string): Promise<number> =>
  (await server.app.inject({ url: '/api/auth/me', headers: { cookie: `negatoscope_access=${token}` } })).statusCode;

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const { privateKey: edKey } = generateKeyPairSync('ed25519');
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const jwk = { kty: 'oct', k: randomBytes(32).toString('base64url') };
const secretOf = (key: string): Buffer => Buffer.from(key, 'base64url');
const seconds = (): number => Math.floor(clock.now().getTime() / 1000);
const ours = (): Buffer => keys.access.export();
const good = { alg: 'HS256', typ: 'at+jwt' };

/** Tokens that must count for nothing (reliability.md S27), by what is wrong with each. */
const CORPUS: Readonly<Record<string, () => string | Promise<string>>> = {
  'alg none, no signature': () => `${text({ ...good, alg: 'none' })}.${parts()[1]}.`,
  'alg None': () => `${text({ ...good, alg: 'None' })}.${parts()[1]}.`,
  'alg NONE': () => `${text({ ...good, alg: 'NONE' })}.${parts()[1]}.`,
  'alg nOnE with the old signature': () => `${text({ ...good, alg: 'nOnE' })}.${parts()[1]}.${parts()[2]}`,
  'alg empty': () => raw({ ...good, alg: '' }, claims(), ours()),
  'alg missing': () => raw({ typ: 'at+jwt' }, claims(), ours()),
  'alg null': () => raw({ ...good, alg: null }, claims(), ours()),
  'alg as an array': () => raw({ ...good, alg: ['HS256'] }, claims(), ours()),
  'alg lower case': () => raw({ ...good, alg: 'hs256' }, claims(), ours()),
  'alg HS384 with our key': () => {
    const signed = `${text({ ...good, alg: 'HS384' })}.${parts()[1]}`;
    return `${signed}.${hmac(ours(), signed, 'sha384')}`;
  },
  'alg HS512 with our key': () => {
    const signed = `${text({ ...good, alg: 'HS512' })}.${parts()[1]}`;
    return `${signed}.${hmac(ours(), signed, 'sha512')}`;
  },
  'alg RS256 with a key of the attacker': () =>
    new SignJWT(claims()).setProtectedHeader({ ...good, alg: 'RS256' }).sign(privateKey),
  'alg EdDSA with a key of the attacker': () => new SignJWT(claims()).setProtectedHeader({ ...good, alg: 'EdDSA' }).sign(edKey),
  'HMAC with a public key': () => raw(good, claims(), Buffer.from(pem)),
  'HMAC with a public key after a space': () => raw(good, claims(), Buffer.from(` ${pem}`)),
  'HMAC with a public key after a line feed': () => raw(good, claims(), Buffer.from(`\n${pem}`)),
  'HMAC with an empty key': () => raw(good, claims(), Buffer.alloc(0)),
  'HMAC with the word secret': () => raw(good, claims(), Buffer.from('secret')),
  'HMAC with the session secret itself': () => raw(good, claims(), Buffer.from(loadSecrets(server.settings).sessionSecret)),
  'HMAC with the refresh key': () => like({}, {}, keys.refresh),
  'HMAC with the CSRF key': () => like({}, {}, keys.csrf),
  'HMAC with a random key': () => like({}, {}, createSecretKey(randomBytes(32))),
  'jwk of the attacker in the header': () => raw({ ...good, jwk }, claims(), secretOf(jwk.k)),
  'jku of the attacker in the header': () => raw({ ...good, jku: 'https://evil.example/jwks.json' }, claims(), secretOf(jwk.k)),
  'x5u of the attacker in the header': () => raw({ ...good, x5u: 'https://evil.example/cert.pem' }, claims(), secretOf(jwk.k)),
  'x5c of the attacker in the header': () => raw({ ...good, x5c: ['MIIB'] }, claims(), secretOf(jwk.k)),
  'kid that names a file': () => raw({ ...good, kid: '../../../../dev/null' }, claims(), Buffer.alloc(0)),
  'kid that injects SQL': () => raw({ ...good, kid: "' UNION SELECT 'key" }, claims(), Buffer.from('key')),
  'crit that nobody understands': () => raw({ ...good, crit: ['x'], x: 1 }, claims(), ours()),
  'b64 false': () => raw({ ...good, crit: ['b64'], b64: false }, claims(), ours()),
  'no typ': () => like({}, { typ: undefined }),
  'typ JWT': () => like({}, { typ: 'JWT' }),
  'typ of an id token': () => like({}, { typ: 'id+jwt' }),
  'another audience': () => like({ aud: 'somebody-else' }),
  'no audience': () => like({ aud: undefined }),
  'audience like ours': () => like({ aud: 'negatoscope-api ' }),
  'another issuer': () => like({ iss: 'https://evil.example' }),
  'no issuer': () => like({ iss: undefined }),
  'issuer as an array': () => like({ iss: ['negatoscope'] }),
  'expired a second ago': () => like({ exp: seconds() - 1, iat: seconds() - 900 }),
  'expires now': () => like({ exp: seconds(), iat: seconds() - 900 }),
  'expired long ago': () => like({ exp: 1, iat: 0 }),
  'no expiry': () => like({ exp: undefined }),
  'expiry as text': () => like({ exp: '9999999999' }),
  'expiry null': () => like({ exp: null }),
  'older than an access token gets, expiry far away': () => like({ iat: seconds() - 3600, exp: seconds() + 3600 }),
  'issued in the future': () => like({ iat: seconds() + 3600, exp: seconds() + 7200 }),
  'not before in the future': () => like({ nbf: seconds() + 3600 }),
  'no issue time': () => like({ iat: undefined }),
  'no subject': () => like({ sub: undefined }),
  'subject that is no id': () => like({ sub: 'admin' }),
  'no session': () => like({ sid: undefined }),
  'session that is no id': () => like({ sid: '1 OR 1=1' }),
  'session that does not exist': () => like({ sid: '00000000-0000-7000-8000-000000000000' }),
  'payload changed under the old signature': () => `${parts()[0]}.${text({ ...claims(), sub: UNKNOWN })}.${parts()[2]}`,
  'signature cut by one character': () => `${parts()[0]}.${parts()[1]}.${parts()[2].slice(0, -2)}`,
  'signature of another token': async () => `${parts()[0]}.${parts()[1]}.${(await like({ exp: seconds() + 1 })).split('.')[2]}`,
  'no signature': () => `${parts()[0]}.${parts()[1]}`,
  'four parts': () => `${parts().join('.')}.x`,
  'encrypted (five parts)': () => `${parts().join('.')}.x.y`,
  'payload that is an array': () => raw(good, [claims()], ours()),
  'payload that is no JSON': () => {
    const signed = `${text(good)}.${Buffer.from('sub=admin').toString('base64url')}`;
    return `${signed}.${hmac(ours(), signed)}`;
  },
  'refresh token as access token': () => browser.cookies.negatoscope_refresh ?? '',
  'CSRF value as access token': () => browser.csrf,
  'huge and rightly signed': () => like({ pad: 'x'.repeat(4_000) }),
  empty: () => '',
  dots: () => '..',
};
const UNKNOWN = '00000000-0000-7000-8000-000000000000';

describe('access tokens (RFC 7519, RFC 8725)', () => {
  test('the token that signing in gave is accepted', async () => {
    expect(await statusOf(browser.cookies.negatoscope_access ?? '')).toBe(200);
    expect(await statusOf(await like({}))).toBe(200);
  });

  test('the corpus has at least 60 tokens', () => {
    expect(Object.keys(CORPUS).length).toBeGreaterThanOrEqual(60);
  });

  test.each(Object.keys(CORPUS))('refuses a token with: %s', async (name) => {
    const make = CORPUS[name];
    expect(await statusOf((await make?.()) ?? '')).toBe(401);
  });

  test('refused tokens are logged without their text', () => {
    const refusals = logLines.filter((line) => line.includes('access token refused'));
    expect(refusals.length).toBeGreaterThan(40);
    expect(logLines.join('')).not.toContain(parts()[1].slice(0, 40));
  });

  test('an access token is no refresh token and no personal token', async () => {
    const access = browser.cookies.negatoscope_access ?? '';
    const refresh = await server.app.inject({
      method: 'POST',
      url: '/api/auth/refresh',
      headers: { cookie: `negatoscope_refresh=${access}` },
    });
    expect(refresh.json()).toMatchObject({ code: 'SESSION_EXPIRED' });
    const bearer = await server.app.inject({ url: '/api/auth/me', headers: { authorization: `Bearer ${access}` } });
    expect(bearer.json()).toMatchObject({ code: 'NOT_AUTHENTICATED' });
  });

  test('an access token ends after 15 minutes', async () => {
    clock.advance(15 * 60_000 - 2_000);
    expect(await statusOf(browser.cookies.negatoscope_access ?? '')).toBe(200);
    clock.advance(2_000);
    expect(await statusOf(browser.cookies.negatoscope_access ?? '')).toBe(401);
  });
});

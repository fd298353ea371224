import { copyFileSync } from 'node:fs';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redis as redisFinding } from '../../src/cli/doctor-redis.ts';
import { checkRedisCa } from '../../src/config/redis-settings.ts';
import { loadSecrets } from '../../src/config/secrets.ts';
import { type Settings, validateSettings } from '../../src/config/settings.ts';
import { type Db, openDatabase } from '../../src/platform/db/database.ts';
import { createMetrics } from '../../src/platform/metrics/index.ts';
import type { SharedState } from '../../src/platform/shared-state/index.ts';
import { openSharedState } from '../../src/shared-state.ts';
import { type Certificates, openCertificates } from '../support/certificates.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { hasRedis, openRedis, type Redis } from '../support/redis.ts';

const POLL = { timeout: 15_000, interval: 20 };
const USER = 'negatoscope';
const SECRET = 'of/this:user@only';

describe.runIf(hasRedis)('Redis by TLS', () => {
  let certificates: Certificates;
  let redis: Redis;
  let database: TestDatabase;
  let db: Db;
  const states: SharedState[] = [];
  beforeAll(async () => {
    certificates = openCertificates();
    for (const name of ['site', 'other']) certificates.authority(name);
    certificates.issue('redis', 'site');
    const { at } = certificates;
    redis = await openRedis({ cert: at('redis.crt'), key: at('redis.key'), ca: at('site.crt') });
    database = await createTestDatabase();
    db = openDatabase({ connection: database.appConfig, poolSize: 4 });
    await redis.say(`ACL SETUSER ${USER} on ">${SECRET}" ~* &* +@all`);
  });
  afterAll(async () => {
    for (const state of states) await state.close();
    await db.close();
    await database.drop();
    await redis.stop();
    certificates.remove();
  });

  const settingsWith = (url: string, ca?: string): Settings =>
    validateSettings({ REDIS_URL: url, ...(ca === undefined ? {} : { REDIS_CA: certificates.at(ca) }) });
  async function open(settings: Settings) {
    const lines: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    const metrics = createMetrics();
    const secrets = loadSecrets({ dataDir: certificates.at('data'), sessionSecret: undefined });
    const options = { settings, secrets, log, metrics, database: { connection: database.appConfig } };
    const state = await openSharedState(options, { db, onError: () => undefined });
    states.push(state);
    const gauge = async (): Promise<string | undefined> => /^negatoscope_redis_up.* (\d)$/m.exec(await metrics.text())?.[1];
    return { state, gauge, lines };
  }
  const byUser = (): string => redis.url.replace(/:\/\/.*@/, `://${USER}:${encodeURIComponent(SECRET)}@`);

  test('with the authority of the site it is used, as the user of the URL, whatever its password is made of', async () => {
    const { state, gauge } = await open(settingsWith(byUser(), 'site.crt'));
    await expect.poll(() => state.redis(), POLL).toBe('OK');
    expect(await state.counters('tls', 1, 600).take('key')).toBe(0);
    expect(await redis.say('CLIENT LIST')).toContain(`user=${USER}`);
    await expect.poll(gauge, POLL).toBe('1');
  });

  test('one that no known authority vouches for is refused: it is said which setting, nothing is sent to it, and the database carries on', async () => {
    for (const ca of ['other.crt', undefined]) {
      const { state, gauge, lines } = await open(settingsWith(byUser(), ca));
      await expect.poll(() => lines.length, POLL).toBe(1);
      expect(lines[0]).toMatch(/"reason":"(SELF_SIGNED_|UNABLE_TO_|DEPTH_ZERO_)[A-Z_]+"/);
      expect(lines[0]).toContain('no authority that REDIS_CA names vouches for its certificate');
      expect(lines[0]).not.toMatch(/of%2Fthis|of\/this|127\.0\.0\.1/);
      expect([state.redis(), await gauge()]).toEqual(['UNAVAILABLE', '0']);
      expect(await state.counters('refused', 1, 600).take(`${ca}`)).toBe(0);
    }
  });

  test('a certificate of another name, and a wrong password, are each told as what they are', async () => {
    // The whole of 127/8 is this machine, and the certificate is of its first address.
    const named = await open(settingsWith(redis.url.replace('127.0.0.1', '127.0.0.2'), 'site.crt'));
    await expect.poll(() => named.lines.join(), POLL).toContain('its certificate is not of the name in REDIS_URL');
    const unknown = await open(settingsWith(byUser().replace(USER, 'stranger'), 'site.crt'));
    await expect.poll(() => unknown.lines.join(), POLL).toContain('Redis refuses the name or password in REDIS_URL');
  });

  test('authorities that are renewed on the disk count for the next connection', async () => {
    const file = certificates.at('renewed.crt');
    copyFileSync(certificates.at('other.crt'), file);
    const { state, lines } = await open(settingsWith(redis.url, 'renewed.crt'));
    await expect.poll(() => lines.length, POLL).toBe(1);
    copyFileSync(certificates.at('site.crt'), file);
    await expect.poll(() => state.redis(), POLL).toBe('OK');
  });

  test('the doctor says how it stands, and shows neither address nor password', async () => {
    const good = await redisFinding(settingsWith(byUser(), 'site.crt'));
    expect(good).toEqual({ what: 'Redis', found: 'answers, by TLS' });
    const bad = await redisFinding(settingsWith(byUser(), 'other.crt'));
    expect(bad.advice).toContain('no authority that REDIS_CA names vouches for its certificate: correct it');
    expect(JSON.stringify(bad)).not.toMatch(/of%2Fthis|of\/this|127\.0\.0\.1/);
    await expect(redisFinding(settingsWith(byUser(), 'redis.key'))).rejects.toThrow(/REDIS_CA: /);
    expect((await redisFinding(validateSettings({}))).found).toContain('not used');
  });

  test('before the start a file that is none is named, and one without rediss: is of no use', () => {
    const { at } = certificates;
    checkRedisCa({ url: redis.url, ca: at('site.crt') });
    expect(() => checkRedisCa({ url: redis.url, ca: at('redis.key') })).toThrow(/REDIS_CA: .*holds no certificate/);
    expect(() => checkRedisCa({ url: redis.url, ca: at('nowhere') })).toThrow(/REDIS_CA: .*can not be read/);
    expect(() => settingsWith('redis://localhost', 'site.crt')).toThrow(/REDIS_CA is of use with/);
    expect(() => validateSettings({ REDIS_CA: at('site.crt') })).toThrow(/REDIS_CA is of use with/);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readSettings, type SettingName, settingNames } from '../../src/config/read.ts';
import { validateSettings } from '../../src/config/settings.ts';
import { describedSettings, envExample, settingsTable } from '../../src/config/settings-texts.ts';

const root = path.resolve(import.meta.dirname, '..', '..', '..', '..');
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');

const service = z.object({
  image: z.string().optional(),
  profiles: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  networks: z.record(z.string(), z.unknown()).default({}),
  user: z.string().optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.unknown()).default({}),
});
const composeFile = z.object({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.unknown()),
  networks: z.record(z.string(), z.unknown()),
});
const compose = composeFile.parse(parse(read('deploy/compose.yaml')));
const several = composeFile.parse(parse(read('deploy/compose.several.yaml'), { merge: true }));

/** As compose fills `${NAME}`, `${NAME:-else}` and `${NAME:?why}` in. */
const filled = (text: string, env: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind: string | undefined, rest: string | undefined) => {
    const value = env[name];
    if (value !== undefined) return value;
    if (kind === '-') return rest ?? '';
    throw new Error(`${name} is not given: ${rest ?? ''}`);
  });

describe('what is told of settings', () => {
  test('docs/operations.md and deploy/.env.example are made of their descriptions (node scripts/settings-texts.mjs)', () => {
    expect(read('deploy/.env.example')).toBe(envExample());
    expect(read('docs/operations.md')).toContain(settingsTable());
  });

  test('every setting is described once, or nothing uses it yet, which docs/operations.md says', () => {
    const described = describedSettings.map(({ name }) => name);
    expect(new Set(described).size).toBe(described.length);
    const unused = settingNames.filter((name) => !described.includes(name));
    const [said = ''] = /^Accepted but not used yet: .*$/m.exec(read('docs/operations.md')) ?? [];
    expect(unused.filter((name) => !said.includes(`\`${name}\``) && !said.includes(`\`${name.split('_')[0]}_*\``))).toEqual([]);
  });

  test('every example is a value that the settings take, all of them together', () => {
    const env = Object.fromEntries(describedSettings.map(({ name, example }) => [name, example]));
    // The one file that is read with the settings.
    const providers = path.join(mkdtempSync(path.join(os.tmpdir(), 'negatoscope-deploy-')), 'providers.json');
    writeFileSync(providers, '[]');
    expect(() => validateSettings(readSettings({ ...env, OIDC_PROVIDERS_FILE: providers }))).not.toThrow();
    rmSync(path.dirname(providers), { recursive: true });
    // As a reader of the file takes it, who removes every #.
    const lines = [...envExample().matchAll(/^#([A-Z0-9_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]);
    expect(Object.fromEntries(lines)).toEqual({ ...env, POSTGRES_PASSWORD: 'letters-and-digits' });
  });

  test.each(['PORT', 'HOST', 'DATA_DIR', 'DICOM_PORT', 'DICOM_AET', 'SCRUB_DAYS', 'LOG_LEVEL', 'INSTALLATION_NAME'] as const)(
    'the default that is told of %s is what counts without it',
    (name) => {
      const told = describedSettings.find((described) => described.name === name)?.default ?? '';
      expect(validateSettings({ [name]: told } satisfies Partial<Record<SettingName, string>>)).toEqual(validateSettings({}));
    },
  );
});

describe('deploy/compose.yaml', () => {
  const env = { PUBLIC_URL: 'https://images.hospital.example', POSTGRES_PASSWORD: 'abc123', ORTHANC_PASSWORD: 'def456' };
  const { negatoscope, ...others } = compose.services;

  test('sets what the settings know, to what they take', () => {
    const given = Object.entries(negatoscope?.environment ?? {}).map(([name, value]) => [name, filled(value, env)]);
    expect(given.map(([name]) => name).filter((name) => !settingNames.some((known) => known === name))).toEqual([]);
    const settings = validateSettings(readSettings(Object.fromEntries(given)));
    expect(settings).toMatchObject({ host: '0.0.0.0', dataDir: '/data', publicUrl: env.PUBLIC_URL, dicom: { port: 11_112 } });
    expect(settings.databaseUrl).toBe('postgres://negatoscope:abc123@postgres:5432/negatoscope');
  });

  test('does not start without a password of the database and the address that users type', () => {
    for (const missing of ['PUBLIC_URL', 'POSTGRES_PASSWORD'] as const) {
      const { [missing]: _, ...rest } = env;
      expect(() => Object.values(negatoscope?.environment ?? {}).map((value) => filled(value, rest))).toThrow(missing);
    }
  });

  test('the proxy whose forwarding headers count has that one address', () => {
    expect(others.nginx?.networks.front).toEqual({ ipv4_address: negatoscope?.environment.TRUST_PROXY });
    expect(compose.networks.front).toMatchObject({ ipam: { config: [{ subnet: '172.30.57.0/24' }] } });
    // Who is not behind the proxy can't reach what trusts it: the database, Orthanc and Adminer have a network of their own.
    expect(Object.entries(others).flatMap(([name, { networks }]) => ('front' in networks ? [name] : []))).toEqual(['nginx']);
  });

  test('opens to the network nginx and DICOM alone, and the database to nobody', () => {
    const open = Object.entries(compose.services).flatMap(([name, { ports }]) =>
      ports.map((port) => `${name} ${filled(port, {})}`).filter((port) => !port.includes('127.0.0.1:')),
    );
    expect(open).toEqual(['nginx 80:80', 'nginx 443:443', 'negatoscope 11112:11112', 'orthanc 4242:4242']);
  });

  test('the server is nobody in particular, on a file system that it can not write, but for its data', () => {
    expect(negatoscope).toMatchObject({ user: '10001:10001', read_only: true, cap_drop: ['ALL'], volumes: ['data:/data'] });
    const dockerfile = read('deploy/Dockerfile');
    expect(dockerfile).toMatch(/^USER 10001:10001$/m);
    const [, names = ''] = /^ENV (.*)$/m.exec(dockerfile) ?? [];
    const set = names.split(' ').map((pair) => pair.split('=')[0]);
    expect(set.filter((name) => !settingNames.some((known) => known === name))).toEqual([]);
  });

  test('every volume and network that is used is declared, and each that is declared is used', () => {
    const used = Object.values(compose.services).flatMap(({ volumes }) =>
      volumes.map((volume) => volume.split(':')[0] ?? '').filter((volume) => !volume.startsWith('.')),
    );
    expect(new Set(used)).toEqual(new Set(Object.keys(compose.volumes)));
    const networks = Object.values(compose.services).flatMap((each) => Object.keys(each.networks));
    expect(new Set(networks)).toEqual(new Set(Object.keys(compose.networks)));
    expect(Object.values(compose.services).flatMap((each) => Object.keys(each.depends_on))).toEqual(['negatoscope', 'postgres']);
  });
});

describe('deploy/compose.several.yaml', () => {
  const env = {
    ...{ PUBLIC_URL: 'https://images.hospital.example', POSTGRES_PASSWORD: 'abc123', S3_SECRET_ACCESS_KEY: 'def45678' },
    SESSION_SECRET: 'at-least-thirty-two-characters-of-chance',
  };
  const NODES = ['web', 'worker', 'dimse'] as const;
  const settingsOf = (name: string) => {
    const given = Object.entries(several.services[name]?.environment ?? {}).map(([key, value]) => [key, filled(value, env)]);
    expect(given.map(([key]) => key).filter((key) => !settingNames.some((known) => known === key))).toEqual([]);
    return validateSettings(readSettings(Object.fromEntries(given)));
  };

  test('each node has its role, and what all share is the same', () => {
    const all = NODES.map((name) => settingsOf(name));
    expect(all.map(({ roles }) => roles)).toEqual([['web'], ['worker'], ['dimse']]);
    const shared = all.map(({ databaseUrl, redis, s3, objectStore, sessionSecret, publicUrl, dataDir }) =>
      JSON.stringify({ databaseUrl, redis, s3, objectStore, sessionSecret, publicUrl, dataDir }),
    );
    expect(new Set(shared).size).toBe(1);
    expect(all[0]).toMatchObject({ objectStore: 's3', host: '0.0.0.0', redis: { url: 'redis://redis:6379' } });
  });

  test('a node keeps its DATA_DIR for itself, but for secrets, models and the heads of the journal', () => {
    const volumes = ['/data', 'secrets:/data/secrets', 'models:/data/models', 'audit:/data/audit'];
    for (const name of NODES)
      expect(several.services[name]).toMatchObject({ volumes, user: '10001:10001', read_only: true, cap_drop: ['ALL'] });
    const used = Object.values(several.services).flatMap((each) => each.volumes.map((volume) => volume.split(':')[0] ?? ''));
    expect(new Set(used.filter((name) => !/^[./]/.test(name)))).toEqual(new Set(Object.keys(several.volumes)));
  });

  test('nginx reaches the web nodes by the name of its upstream, and opens with DICOM alone', () => {
    expect(several.services.web?.networks.front).toEqual({ aliases: ['negatoscope'] });
    expect(read('deploy/nginx/negatoscope.conf')).toContain('server negatoscope:3000;');
    expect(several.services.nginx?.networks.front).toEqual({ ipv4_address: several.services.web?.environment.TRUST_PROXY });
    const open = Object.entries(several.services).flatMap(([name, { ports }]) =>
      ports.map((port) => `${name} ${filled(port, {})}`),
    );
    expect(open).toEqual(['nginx 80:80', 'nginx 443:443', 'dimse 11112:11112']);
  });

  test.each(Object.keys(env))('does not start without %s', (missing) => {
    const rest = Object.fromEntries(Object.entries(env).filter(([name]) => name !== missing));
    const values = Object.values(several.services).flatMap(({ environment }) => Object.values(environment));
    expect(() => values.map((value) => filled(value, rest))).toThrow(missing);
  });
});

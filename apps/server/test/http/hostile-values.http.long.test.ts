import { OPERATIONS } from '@negatoscope/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '../../src/kernel/ids.ts';
import { composed } from '../../src/platform/db/statements.ts';
import { type Browser, createTestApp, type TestApp } from '../support/app.ts';

let server: TestApp;
let admin: Browser;
const [patient, study] = [newId(), newId()];
beforeAll(async () => {
  server = await createTestApp();
  admin = await server.login('ADMIN');
  const put = (text: string, values: string[]) => server.db.withSystem((tx) => tx.run(composed({ text, values })));
  await put("INSERT INTO patients (id, family_name) VALUES ($1, 'Sow')", [patient]);
  await put("INSERT INTO studies (id, patient_id, study_instance_uid, modalities) VALUES ($1, $2, '2.25.81', '{CT}')", [
    study,
    patient,
  ]);
});
afterAll(() => server.close());

interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly minimum?: number;
}

/** A value that a schema may have; what its pattern wants is guessed. */
function sample(schema: Schema): unknown {
  const [one] = schema.anyOf ?? schema.oneOf ?? [];
  if (one !== undefined) return sample(one);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.properties !== undefined)
    return Object.fromEntries(Object.entries(schema.properties).map(([key, of]) => [key, sample(of)]));
  if (typeof schema.additionalProperties === 'object') return { q: sample(schema.additionalProperties) };
  switch (schema.type) {
    case 'array':
      return schema.items === undefined ? [] : [sample(schema.items)];
    case 'string':
      return textFor(schema);
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1);
    case 'boolean':
      return false;
    default:
      return null;
  }
}
function textFor({ format, pattern = '', minLength = 1 }: Schema): string {
  if (format === 'uuid' || pattern.includes('-fA-F]{8}')) return newId();
  if (format === 'date-time') return '2026-02-03T04:05:06.000Z';
  if (format === 'date' || pattern.includes('\\d{4}-')) return '2026-02-03';
  if (format === 'email') return 'a@example.org';
  return pattern.includes('0-9') ? '1.2.3' : 'x'.repeat(Math.max(12, minLength));
}

const HOSTILE: readonly unknown[] = [
  'a\ud800',
  '\udc00b',
  'a\0',
  '0000-01-01',
  '2026-99-99',
  5_000_000_000,
  -5_000_000_000,
  2 ** 53 - 1,
];

/** The value with one of its leaves replaced by each hostile one of its type. */
function* spoiled(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [at, one] of value.entries()) for (const bad of spoiled(one)) yield value.with(at, bad);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) for (const bad of spoiled(one)) yield { ...value, [key]: bad };
  } else for (const bad of HOSTILE) if (typeof bad === typeof value) yield bad;
}

const schemaOf = (of: z.ZodType): Schema => z.toJSONSchema(of, { unrepresentable: 'any', io: 'input' }) as Schema; // What zod says of itself.
const addressOf = (path: string): string =>
  path
    .replace(/^\/api\/patients\/\{\w+\}/, `/api/patients/${patient}`)
    .replace(/^\/api\/studies\/\{\w+\}/, `/api/studies/${study}`)
    .replaceAll(/\{\w+\}/g, () => newId());
/** What ends this session, the database's rows of it, or asks a machine. */
const LEFT_ALONE = /^\/api\/(auth|system|account|orthanc)/;

const BODIES = OPERATIONS.filter((one) => 'body' in one && one.body !== undefined && !LEFT_ALONE.test(one.path));
test('no value of a body that the database can’t hold is a failure of the server', { timeout: 120_000 }, async () => {
  const failed: string[] = [];
  for (const operation of BODIES) {
    if (!('body' in operation) || operation.body === undefined) continue;
    const { id, method, path } = operation;
    for (const payload of spoiled(sample(schemaOf(operation.body)))) {
      const answer = await server.app.inject({
        method,
        url: addressOf(path),
        headers: admin.headers,
        payload: payload as object,
      });
      if (answer.statusCode >= 500) failed.push(`${id} ${JSON.stringify(payload)} ${answer.body}`);
      if (answer.statusCode === 401) throw new Error(`${id} ended the session`);
    }
  }
  expect(failed).toEqual([]);
});

test('nor is one of a query', { timeout: 120_000 }, async () => {
  const failed: string[] = [];
  for (const operation of OPERATIONS) {
    if (operation.method !== 'GET' || !('query' in operation) || LEFT_ALONE.test(operation.path)) continue;
    for (const key of Object.keys(schemaOf(operation.query).properties ?? {}))
      for (const bad of HOSTILE) {
        const url = `${addressOf(operation.path)}?${key}=${encodeURIComponent(String(bad).toWellFormed())}`;
        // A stream that breaks off has no status.
        const answer = await server.app.inject({ url, headers: { cookie: admin.cookie } }).catch((error: Error) => error);
        if (answer instanceof Error) failed.push(`${url} ${answer.message}`);
        else if (answer.statusCode >= 500) failed.push(`${url} ${answer.body}`);
      }
  }
  expect(failed).toEqual([]);
});

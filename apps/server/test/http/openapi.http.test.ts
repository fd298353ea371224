import { ERROR_CODES, OPERATIONS, type Operation } from '@negatoscope/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenApiDocument } from '../../src/http/openapi.ts';
import { createTestApp, type TestApp } from '../support/app.ts';

const operations: readonly Operation[] = OPERATIONS;
let server: TestApp;
let document: OpenApiDocument;
beforeAll(async () => {
  server = await createTestApp();
  document = (await server.app.inject({ url: '/api/openapi.json' })).json();
});
afterAll(() => server.close());

/** Every `METHOD /path` that Fastify knows, in OpenAPI's spelling. */
function routesOf({ app }: TestApp): string[] {
  const routes: string[] = [];
  const parents: string[] = [];
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', path = '', methods = ''] = /^([│ ]*(?:├── |└── ))(.+?) \(([A-Z, ]+)\)/.exec(line) ?? [];
    if (indent === '') continue;
    const depth = indent.length / 4;
    parents.length = depth - 1;
    parents.push(path);
    for (const method of methods.split(', ')) routes.push(`${method} ${parents.join('').replaceAll(/:(\w+)/g, '{$1}')}`);
  }
  return routes;
}

/** Every `$ref` of a value. */
function referencesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : referencesOf(inner),
  );
}

describe('the running server', () => {
  test('has the routes of the contract under /api and /fhir, no more and no less', () => {
    const found = routesOf(server).filter((route) => / \/(?:api|fhir)/.test(route) && !/^(HEAD|OPTIONS) /.test(route));
    expect(found.sort()).toEqual(operations.map(({ method, path }) => `${method} ${path}`).sort());
  });

  test('has beside these only DICOMweb and pages that are the same for everyone', () => {
    const others = routesOf(server).filter((route) => !/ \/(?:api|fhir)/.test(route));
    const unexpected = others.filter((route) => !/ \/dicom-web/.test(route) && !/^(GET|HEAD) \//.test(route));
    expect(unexpected).toEqual([]);
  });
});

describe('the OpenAPI document', () => {
  test('is version 3.1, served to everyone, and names every operation with its permissions', async () => {
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) =>
          `${operation.operationId} ${method.toUpperCase()} ${path} ${operation['x-permission']} ${JSON.stringify(operation['x-identity'])}`,
      ),
    );
    expect(described.sort()).toEqual(
      operations
        .map(({ id, method, path, permission, identity }) => `${id} ${method} ${path} ${permission} ${JSON.stringify(identity)}`)
        .sort(),
    );
    const page = await server.app.inject({ url: '/api/docs', headers: { 'accept-language': 'en' } });
    const [moved] = /<section id="updateStudy">.*?<h4>/s.exec(page.body) ?? [];
    expect(moved).toContain(
      '<code>studies.write</code>, <code>patients.identity</code> (unless the body has nothing but <code>status</code>)',
    );
  });

  test('has a declared parameter for each name in a path', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
      for (const operation of Object.values(methods)) {
        const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
        expect(declared.map(({ name, required }) => [name, required]).sort()).toEqual(inPath.map((name) => [name, true]));
      }
    }
  });

  test('refers only to what it holds, and holds no other dialect', () => {
    const references = new Set(referencesOf(document));
    expect(references.size).toBeGreaterThan(5);
    for (const reference of references) {
      const name = reference.replace('#/components/schemas/', '');
      expect(document.components.schemas).toHaveProperty([name]);
    }
    expect(JSON.stringify(document)).not.toMatch(/\$defs|\$schema|definitions/);
  });

  test('refuses unknown fields in every body, and keeps server-given ones out of them', () => {
    for (const methods of Object.values(document.paths)) {
      for (const operation of Object.values(methods)) {
        const content = operation.requestBody?.content as Record<string, { schema?: Record<string, unknown> }> | undefined;
        const schema = content?.['application/json']?.schema;
        if (schema === undefined) continue;
        // Of a body of several forms, each.
        for (const form of (schema.anyOf as Record<string, unknown>[] | undefined) ?? [schema]) {
          expect([operation.operationId, form.additionalProperties]).toEqual([operation.operationId, false]);
          for (const field of ['id', 'createdAt', 'ownerId', 'isAdmin']) expect(form.properties ?? {}).not.toHaveProperty(field);
        }
      }
    }
  });

  test('describes signing in, its cookies and its errors', () => {
    const login = document.paths['/api/auth/login']?.post;
    expect(login).toMatchObject({
      security: [],
      requestBody: { content: { 'application/json': { schema: { required: ['email', 'password'] } } } },
      responses: {
        200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/SignedIn' } } } },
        401: {},
        429: {},
      },
    });
    expect(document.components.schemas.SignedIn).toMatchObject({ properties: { user: { $ref: '#/components/schemas/User' } } });
    expect(document.paths['/api/users']?.post?.security).toEqual([{ cookie: [], csrf: [] }, { bearer: [] }]);
    expect(document.paths['/api/users']?.get?.parameters?.find(({ name }) => name === 'limit')).toMatchObject({
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 200, default: 25 },
    });
  });
});

describe('the page of the API', () => {
  test('has an anchor for each operation and error, no script and nothing from elsewhere', async () => {
    const response = await server.app.inject({ url: '/api/docs' });
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    for (const { id } of operations) expect([id, response.body.includes(`<section id="${id}">`)]).toEqual([id, true]);
    for (const code of ERROR_CODES) expect([code, response.body.includes(`id="error-${code}"`)]).toEqual([code, true]);
    const forbidden = response.body.match(/<script|javascript:| on\w+="|<link|@import| src=/i);
    expect(forbidden).toBeNull();
  });

  test('speaks French to who asks for it', async () => {
    const response = await server.app.inject({ url: '/api/docs', headers: { 'accept-language': 'fr-FR,fr;q=0.9' } });
    expect(response.body.slice(0, 60)).toContain('<html lang="fr">');
    expect(response.body.includes('Connectez-vous pour continuer.')).toBe(true);
  });
});

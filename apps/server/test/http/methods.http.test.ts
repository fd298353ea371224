import { OPERATIONS } from '@negatoscope/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_CAPABILITIES } from '../../src/features/dicomweb/capabilities.ts';
import { createTestApp, type TestApp } from '../support/app.ts';

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
const METHODS: readonly Method[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

describe('another method on a known path (RFC 9110 15.5.6)', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
  });
  afterAll(() => server.close());

  const ask = (method: Method, url: string) =>
    server.app.inject({ method, url, ...(method === 'POST' || method === 'PUT' ? { payload: '{' } : {}) });

  const routes: { path: string; method: Method }[] = [
    ...OPERATIONS.map(({ path, method }) => ({ path, method })),
    ...ALL_CAPABILITIES.flatMap(({ path, method }) => [
      { path: `/dicom-web${path}`, method },
      { path: `/dicom-web/groups/{group}${path}`, method },
    ]),
  ];
  /** What a path allows, also by a route whose parameter takes its last word. */
  const allowedOn = (path: string): Set<Method> => {
    const fits = routes.filter((route) =>
      new RegExp(`^${route.path.replaceAll('$', '\\$').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
    );
    return new Set(fits.flatMap(({ method }): Method[] => (method === 'GET' ? ['GET', 'HEAD'] : [method])));
  };

  test('answers 405 with what is allowed, on every path of the contract and of DICOMweb, to anybody', async () => {
    const wrong: string[] = [];
    const paths = new Set(routes.map(({ path }) => path.replaceAll(/\{\w+\}/g, '1')));
    for (const path of paths) {
      const allowed = allowedOn(path);
      for (const method of METHODS.filter((one) => !allowed.has(one))) {
        const { statusCode, headers } = await ask(method, path);
        const isTold = METHODS.filter((one) => allowed.has(one)).join(', ') === headers.allow;
        if (statusCode !== 405 || !isTold) wrong.push(`${method} ${path} ${statusCode} ${headers.allow}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(paths.size).toBeGreaterThan(80);
  });

  test('is a problem with its code; a path that nobody has stays 404', async () => {
    const response = await ask('DELETE', '/dicom-web/studies');
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(response.json()).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
    expect(response.headers['x-content-type-options']).toBe('nosniff');
    for (const method of METHODS) expect((await server.app.inject({ method, url: '/api/nothing' })).statusCode).toBe(404);
    expect((await server.app.inject({ method: 'PUT', url: '/dicom-web/nothing/at/all' })).statusCode).toBe(404);
  });
});

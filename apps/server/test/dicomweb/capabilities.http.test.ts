import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_CAPABILITIES } from '../../src/features/dicomweb/capabilities.ts';
import { conformanceMarkdown } from '../../src/features/dicomweb/conformance.ts';
import type { Browser } from '../support/app.ts';
import { type DicomwebServer, openDicomweb } from './support.ts';

describe('capabilities (PS3.18 8.9)', () => {
  let server: DicomwebServer;
  let admin: Browser;
  const ask = (method: 'GET' | 'OPTIONS', accept?: string, url = '/dicom-web/') =>
    server.app.inject({ method, url, headers: { ...admin.headers, ...(accept === undefined ? {} : { accept }) } });

  beforeAll(async () => {
    server = await openDicomweb();
    admin = await server.login('STAFF');
  });
  afterAll(() => server.close());

  test.each(['GET', 'OPTIONS'] as const)('%s answers WADL, JSON to whom prefers it, 406 to the rest', async (method) => {
    const wadl = await ask(method);
    expect(wadl.headers['content-type']).toMatch(/^application\/vnd.sun.wadl\+xml/);
    for (const { id } of ALL_CAPABILITIES) expect(wadl.body).toContain(`id="${id}"`);
    const json = await ask(method, 'application/json', '/dicom-web');
    expect(json.json().transactions.map(({ id }: { id: string }) => id)).toEqual(ALL_CAPABILITIES.map(({ id }) => id));
    expect((await ask(method, 'image/png')).statusCode).toBe(406);
  });

  test('each capability is a route of the server', () => {
    for (const { method, path } of ALL_CAPABILITIES)
      for (const prefix of ['/dicom-web', '/dicom-web/groups/:group'])
        expect(server.app.hasRoute({ method, url: prefix + path.replaceAll(/\{(\w+)\}/g, ':$1') }), path).toBe(true);
  });

  test('docs/conformance.md is what the table says, and each test that it names is there', () => {
    const folder = new URL('../../', import.meta.url);
    expect(readFileSync(new URL('../../docs/conformance.md', folder), 'utf8')).toBe(conformanceMarkdown());
    for (const [, name = ''] of conformanceMarkdown().matchAll(/`((?:src|test)\/[^`]+\.test\.ts)`/g))
      expect(existsSync(new URL(name, folder)), name).toBe(true);
  });
});

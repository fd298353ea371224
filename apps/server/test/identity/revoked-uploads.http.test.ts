import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, createTestApp, type TestApp } from '../support/app.ts';

const BOUNDARY = 'part';
const part = (bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`), bytes, Buffer.from('\r\n')]);

describe('an upload goes on as long as the rights that it was begun with', () => {
  let server: TestApp;
  let admin: Browser;
  let port: number;
  beforeAll(async () => {
    server = await createTestApp();
    admin = await server.login('ADMIN');
    await server.app.listen({ port: 0, host: '127.0.0.1' });
    port = (server.app.server.address() as AddressInfo).port; // Listens on TCP.
  });
  afterAll(() => server.close());

  /** Sends one instance, does `meanwhile`, sends the other and the end. */
  async function upload(seed: string, headers: Readonly<Record<string, string>>, meanwhile: () => Promise<unknown>) {
    const [first, second] = [...ctVolume({ seed, slices: 2, rows: 32, columns: 32 })];
    if (first === undefined || second === undefined) throw new Error('two slices were asked for');
    const sent = request({
      port,
      host: '127.0.0.1',
      path: '/dicom-web/studies',
      method: 'POST',
      headers: { ...headers, 'content-type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}` },
    });
    const answer = new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      sent.once('error', reject);
      sent.once('response', (response) => {
        text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
      });
    });
    sent.write(part(first.bytes));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await meanwhile();
    sent.end(Buffer.concat([part(second.bytes), Buffer.from(`--${BOUNDARY}--\r\n`)]));
    const stored = async (): Promise<number> => {
      const row = await server.db.withSystem((tx) =>
        tx.first(
          'SELECT count(*) AS count FROM instances i JOIN series s ON s.id = i.series_id JOIN studies t ON t.id = s.study_id WHERE t.study_instance_uid = $1',
          [first.studyInstanceUid],
        ),
      );
      return row?.count ?? -1;
    };
    return { ...(await answer), stored: await stored() };
  }

  const change = (userId: string, payload: object) =>
    server.app.inject({ method: 'PATCH', url: `/api/users/${userId}`, headers: { ...admin.headers }, payload });

  test('with unchanged rights everything is stored', async () => {
    const { headers } = await server.login('PHYSICIAN');
    expect(await upload('unchanged', headers, async () => undefined)).toMatchObject({ status: 200, stored: 2 });
  });

  test('a sender who was suspended meanwhile is answered 401, and nothing more is stored', async () => {
    const { user, headers } = await server.login('PHYSICIAN');
    const outcome = await upload('suspended', headers, () => change(user.id, { status: 'SUSPENDED' }));
    expect(outcome).toMatchObject({ status: 401, stored: 0 });
    expect(JSON.parse(outcome.body)).toMatchObject({ code: 'NOT_AUTHENTICATED' });
  });

  test('a sender who was moved to another group meanwhile is answered 403: the old group gets nothing more', async () => {
    const { user, headers } = await server.login(await server.makeUser({ groupId: await server.makeGroup() }));
    const other = await server.makeGroup();
    expect(await upload('moved', headers, () => change(user.id, { groupId: other }))).toMatchObject({ status: 403, stored: 0 });
  });

  test('a token that was revoked meanwhile stores nothing more', async () => {
    const { headers } = await server.login('PHYSICIAN');
    const made = await server.app.inject({
      method: 'POST',
      url: '/api/tokens',
      headers,
      payload: { name: 'upload', permissions: ['imports.create'], expiresInDays: 1 },
    });
    const { id, secret } = made.json<{ id: string; secret: string }>();
    const revoke = () => server.app.inject({ method: 'DELETE', url: `/api/tokens/${id}`, headers });
    expect(await upload('revoked', { authorization: `Bearer ${secret}` }, revoke)).toMatchObject({ status: 401, stored: 0 });
  });
});

import { get, type IncomingMessage } from 'node:http';
import { smallDataset, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DicomwebServer, openDicomweb } from '../dicomweb/support.ts';
import type { Browser } from '../support/app.ts';

/** Long past what the buffers between server and client hold, so that the answer waits for its reader. */
const ROWS = 2816;
const FILE_BYTES = ROWS * ROWS * 2;
const FILES = 2;

/** An answer whose reader has stopped reading after its first bytes. */
interface OpenAnswer {
  readonly response: IncomingMessage;
  /** Reads on; how much came in all and whether the answer was whole. */
  rest(): Promise<{ bytes: number; isWhole: boolean }>;
  /** Whether the server has cut it, without anything being read. */
  readonly ended: Promise<void>;
}

describe('an answer that goes on ends with the rights that it was begun with', () => {
  let server: DicomwebServer;
  let admin: Browser;
  let baseUrl: string;
  let importId: string;
  const logLines: string[] = [];
  const study = String(smallDataset('long download').StudyInstanceUID);

  const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, who: Browser, payload?: object) =>
    server.app.inject({ method, url, headers: { ...who.headers }, ...(payload === undefined ? {} : { payload }) });

  function open(url: string, headers: Readonly<Record<string, string>>): Promise<OpenAnswer> {
    return new Promise((resolve, reject) => {
      get(`${baseUrl}${url}`, { headers, agent: false }, (response) => {
        if (response.statusCode !== 200) return reject(new Error(`${url} answered ${response.statusCode}`));
        let bytes = 0;
        response.on('error', () => undefined);
        const ended = new Promise<void>((done) => response.socket.once('close', () => done()));
        const closed = new Promise<void>((done) => response.once('close', () => done()));
        response.once('data', (first: Buffer) => {
          bytes += first.length;
          response.pause();
          const rest = async () => {
            response.on('data', (chunk: Buffer) => {
              bytes += chunk.length;
            });
            response.resume();
            await closed;
            return { bytes, isWhole: response.complete };
          };
          resolve({ response, rest, ended });
        });
        return undefined;
      }).on('error', reject);
    });
  }
  const download = (headers: Readonly<Record<string, string>>): Promise<OpenAnswer> =>
    open(`/dicom-web/studies/${study}`, { ...headers, accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' });
  const events = (who: Browser, id = importId): Promise<OpenAnswer> => open(`/api/imports/${id}/events`, { cookie: who.cookie });
  const newImport = async (who: Browser): Promise<string> =>
    (await call('POST', '/api/imports', who, {})).json<{ id: string }>().id;

  beforeAll(async () => {
    server = await openDicomweb({ logLines });
    admin = await server.login('ADMIN');
    baseUrl = await server.app.listen({ host: '127.0.0.1', port: 0 });
    for (let number = 1; number <= FILES; number += 1) {
      const dataset = {
        ...smallDataset('long download'),
        SOPInstanceUID: `2.25.77${number}`,
        InstanceNumber: number,
        Rows: ROWS,
        Columns: ROWS,
        BitsAllocated: 16,
        BitsStored: 16,
        HighBit: 15,
        PixelData: { vr: 'OW' as const, value: new Uint8Array(FILE_BYTES) },
      };
      const file = writePart10(dataset, { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian });
      expect((await server.store(admin, [Buffer.from(file)])).statusCode).toBe(200);
    }
    importId = await newImport(admin);
  });
  afterAll(() => server.close());

  test('signing out: a download is cut, a stream of events ends, other people’s go on', async () => {
    const user = await server.makeUser({ role: 'PHYSICIAN' });
    const [mine, other] = [await server.login(user), await server.login(user)];
    const own = await newImport(mine);
    const [file, stream, others, admins] = [
      await download({ cookie: mine.cookie }),
      await events(mine, own),
      await download({ cookie: other.cookie }),
      await events(admin),
    ];
    expect((await call('POST', '/api/auth/logout', mine)).statusCode).toBe(204);
    expect((await stream.rest()).isWhole).toBe(false);
    const cut = await file.rest();
    expect([cut.isWhole, cut.bytes < FILES * FILE_BYTES]).toEqual([false, true]);
    const whole = await others.rest();
    expect([whole.isWhole, whole.bytes > FILES * FILE_BYTES]).toEqual([true, true]);
    expect(admins.response.destroyed).toBe(false);
    admins.response.destroy();
  });

  test('an answer that is cut, and one whose listener goes, are no failures of the server', async () => {
    const mine = await server.login('PHYSICIAN');
    const own = await newImport(mine);
    const [cut, left] = [await events(mine, own), await events(mine, own)];
    logLines.length = 0;
    left.response.destroy();
    expect((await call('POST', '/api/auth/logout', mine)).statusCode).toBe(204);
    await cut.ended;
    await expect
      .poll(() => logLines.filter((line) => line.includes('request completed') || line.includes('answer ended')).length)
      .toBeGreaterThan(0);
    // A turn for what would be written after the end.
    await server.db.withSystem((tx) => tx.run('SELECT 1', []));
    const bad = logLines.filter((line) => (JSON.parse(line) as { level: number }).level >= 40);
    expect(bad).toEqual([]);
  });

  test.each([
    ['a suspended account', { status: 'SUSPENDED' }],
    ['another role', { role: 'RESEARCHER' }],
    ['a lower level', { level: 'READ' }],
  ])('%s', async (_what, change) => {
    const user = await server.makeUser({ role: 'PHYSICIAN' });
    const file = await download({ cookie: (await server.login(user)).cookie });
    expect((await call('PATCH', `/api/users/${user.id}`, admin, change)).statusCode).toBe(200);
    expect((await file.rest()).isWhole).toBe(false);
  });

  test('the end of a personal token, and the session that made it goes on', async () => {
    const browser = await server.login('PHYSICIAN');
    const payload = { name: 'script', permissions: ['studies.read', 'patients.identity'] };
    const { id, secret } = (await call('POST', '/api/tokens', browser, payload)).json<{ id: string; secret: string }>();
    const [byToken, bySession] = [
      await download({ authorization: `Bearer ${secret}` }),
      await download({ cookie: browser.cookie }),
    ];
    expect((await call('DELETE', `/api/tokens/${id}`, browser)).statusCode).toBe(204);
    expect((await byToken.rest()).isWhole).toBe(false);
    expect((await bySession.rest()).isWhole).toBe(true);
  });

  test('what another process or a person at psql takes away', async () => {
    const browser = await server.login('PHYSICIAN');
    const stream = await events(browser, await newImport(browser));
    await server.db.withSystem((tx) =>
      tx.run('UPDATE user_sessions SET revoked_at = now() WHERE user_id = $1', [browser.user.id]),
    );
    await stream.ended;
  });

  test('a change of name cuts nothing', async () => {
    const user = await server.makeUser({ role: 'PHYSICIAN' });
    const file = await download({ cookie: (await server.login(user)).cookie });
    expect((await call('PATCH', `/api/users/${user.id}`, admin, { firstName: 'Autre' })).statusCode).toBe(200);
    expect((await file.rest()).isWhole).toBe(true);
  });
});

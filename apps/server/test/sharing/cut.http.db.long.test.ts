import { type IncomingMessage, request } from 'node:http';
import { smallDataset, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { openSharing, type SharingServer } from './support.ts';

/** Long past what the buffers between server and client hold, so that the answer waits for its reader. */
const SIDE = 4608;
const STUDY = '2.25.901';

let server: SharingServer;
let author: Browser;
let group: string;
let studyId: string;
let patientId: string;
let address: string;
beforeAll(async () => {
  server = await openSharing();
  group = await server.makeGroup();
  author = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: group }));
  address = await server.app.listen({ host: '127.0.0.1', port: 0 });
  for (const number of [1, 2]) {
    const dataset = {
      ...smallDataset('cut share'),
      ...{
        StudyInstanceUID: STUDY,
        SeriesInstanceUID: `${STUDY}.1`,
        SOPInstanceUID: `${STUDY}.1.${number}`,
        InstanceNumber: number,
      },
      ...{
        Rows: SIDE,
        Columns: SIDE,
        BitsAllocated: 16,
        BitsStored: 16,
        HighBit: 15,
        BurnedInAnnotation: 'NO',
        ConversionType: undefined,
      },
      ...{ SOPClassUID: '1.2.840.10008.5.1.4.1.1.2', Modality: 'CT' },
      PixelData: { vr: 'OW' as const, value: new Uint8Array(SIDE * SIDE * 2) },
    };
    const file = writePart10(dataset, { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian });
    expect((await server.store(author, [Buffer.from(file)])).statusCode).toBe(200);
  }
  const [row] = await server.db.withSystem((tx) =>
    tx.rows('SELECT id, patient_id FROM studies WHERE study_instance_uid = $1', [STUDY]),
  );
  [studyId, patientId] = [row?.id ?? '', row?.patient_id ?? ''];
}, 120_000);
afterAll(() => server.close());

/** A download whose reader has stopped after its first bytes; then the rest, and whether it was whole. */
function begin(cookie: string): Promise<() => Promise<boolean>> {
  return new Promise((resolve, reject) => {
    const { host } = new URL(server.settings.publicUrl);
    const headers = { cookie, host };
    const sent = request(
      `${address}/api/shared/studies/${studyId}/archive`,
      { headers, agent: false },
      (answer: IncomingMessage) => {
        if (answer.statusCode !== 200) return reject(new Error(String(answer.statusCode)));
        answer.on('error', () => undefined);
        const closed = new Promise<void>((done) => answer.once('close', () => done()));
        answer.once('data', () => {
          answer.pause();
          resolve(async () => {
            answer.resume();
            await closed;
            return answer.complete;
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

const LOSSES: readonly (readonly [what: string, lose: (share: string) => Promise<void>])[] = [
  ['goes on while nothing changes', async () => undefined],
  ['is cut when the share is withdrawn', async (share) => void (await server.call(author, 'DELETE', `/api/shares/${share}`))],
  [
    'is cut when its author is suspended',
    async () => {
      await server.db.withSystem((tx) => tx.run("UPDATE users SET status = 'SUSPENDED' WHERE id = $1", [author.user.id]));
    },
  ],
];

test.each(LOSSES)('an answer that runs %s', { timeout: 120_000 }, async (what, lose) => {
  const { id, secret } = await server.share(author, { studyIds: [studyId], mayDownload: true });
  const rest = await begin((await server.visit(secret)).cookie);
  await lose(id);
  await new Promise((done) => setTimeout(done, 2000));
  expect(await rest()).toBe(what.startsWith('goes on'));
  await server.db.withSystem((tx) => tx.run("UPDATE users SET status = 'ACTIVE' WHERE id = $1", [author.user.id]));
  author = await server.login(author.user);
});

test('an answer that runs is cut when its visit is over by its time, and when the study goes to a group that its author does not see', {
  timeout: 120_000,
}, async () => {
  const { secret } = await server.share(author, { studyIds: [studyId], mayDownload: true });
  const timed = await begin((await server.visit(secret)).cookie);
  server.clock.advance(8 * 3_600_000);
  await new Promise((done) => setTimeout(done, 3000));
  expect(await timed()).toBe(false);
  author = await server.login(author.user);
  const moved = await begin((await server.visit(secret)).cookie);
  const admin = await server.login('ADMIN');
  const { updatedAt } = (await server.call(admin, 'GET', `/api/patients/${patientId}`)).json<{ updatedAt: string }>();
  const went = await server.call(admin, 'PATCH', `/api/patients/${patientId}`, { groupId: await server.makeGroup(), updatedAt });
  expect(went.statusCode).toBe(200);
  await new Promise((done) => setTimeout(done, 3000));
  expect(await moved()).toBe(false);
});

import { gunzipSync } from 'node:zlib';
import type { OpeningLine } from '@negatoscope/contract';
import { ctVolume, secondaryCapture } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { type DicomwebServer, openDicomweb } from './support.ts';

function partsOf(bytes: Buffer): { readonly line: OpeningLine; readonly body: Buffer }[] {
  const parts: { line: OpeningLine; body: Buffer }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\n', at);
    const line = JSON.parse(bytes.toString('utf8', at, end)) as OpeningLine; // Written by the server under test.
    const body = bytes.subarray(end + 1, end + 1 + line.length);
    parts.push({ line, body: line.isPacked ? gunzipSync(body) : body });
    at = end + 1 + line.length;
  }
  return parts;
}

describe('an opening tells nobody more than the addresses of its parts do', () => {
  const NAME = 'CACHEE^Opening';
  const of = { seed: 'opening limits', dataset: { PatientName: NAME, PatientID: 'CACHE-OP' } };
  const [slice] = ctVolume({ ...of, slices: 1, rows: 128, columns: 128 });
  const [capture] = secondaryCapture({ ...of, rows: 64, columns: 80 });
  if (slice === undefined || capture === undefined) throw new Error('no phantoms');
  let server: DicomwebServer;
  let groupId: string;
  let member: Browser;
  let researcher: Browser;

  beforeAll(async () => {
    server = await openDicomweb();
    groupId = await server.makeGroup();
    member = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId }));
    researcher = await server.login(await server.makeUser({ role: 'RESEARCHER', groupId }));
    const files = [Buffer.from(slice.bytes), Buffer.from(capture.bytes)];
    expect((await server.store(member, files)).statusCode).toBe(200);
  });
  afterAll(() => server.close());

  const open = (who: Browser, uid: string, prefix = '') => server.get(who, `${prefix}/studies/${uid}/opening?form=stored`);

  test('who sees pseudonyms gets the pseudonymised metadata, the frames that leave, and none of what is held back', async () => {
    for (const [one, hasFrame] of [
      [slice, true],
      [capture, false],
    ] as const) {
      const { studyInstanceUid: study, seriesInstanceUid: series } = one;
      const answer = await open(researcher, study);
      expect(answer.statusCode).toBe(200);
      const [list, metadata, frame] = partsOf(answer.rawPayload);
      expect(JSON.parse(String(list?.body))).toEqual((await server.get(researcher, `/studies/${study}/series`)).json());
      const alone = (await server.get(researcher, `/studies/${study}/series/${series}/metadata`)).rawPayload;
      expect(metadata?.body.equals(alone)).toBe(true);
      expect(frame !== undefined).toBe(hasFrame);
      for (const { body } of partsOf(answer.rawPayload)) expect(body.includes('CACHE')).toBe(false);
      // Who sees names is given what was put together for them, in whatever order the two asked.
      expect(String(partsOf((await open(member, study)).rawPayload)[1]?.body)).toContain('CACHEE');
    }
  });

  test('what is in the trash, or went to another group, is opened by nobody who does not see it', async () => {
    const { studyInstanceUid: study } = slice;
    const empty = (await open(member, '1.2.3')).rawPayload;
    expect((await open(member, study, `/groups/${await server.makeGroup()}`)).rawPayload.equals(empty)).toBe(true);
    const other = await server.makeGroup();
    const admin = await server.login('ADMIN');
    const [row] = await server.db.withSystem((tx) =>
      tx.rows('SELECT patient_id FROM studies WHERE study_instance_uid = $1', [study]),
    );
    const url = `/api/patients/${row?.patient_id}`;
    const { updatedAt } = (await server.app.inject({ url, headers: { cookie: admin.cookie } })).json();
    const moved = await server.app.inject({
      ...{ method: 'PATCH', url, headers: admin.headers, payload: { groupId: other, updatedAt } },
    });
    expect(moved.statusCode, moved.body).toBe(200);
    expect((await open(member, study)).rawPayload.equals(empty)).toBe(true);
    expect((await open(researcher, study)).rawPayload.equals(empty)).toBe(true);
    const gone = await server.app.inject({ method: 'DELETE', url: `/api/studies/${study}`, headers: admin.headers });
    expect(gone.statusCode, gone.body).toBe(204);
    expect((await open(admin, study)).rawPayload.equals(empty)).toBe(true);
  });
});

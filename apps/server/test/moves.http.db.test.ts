import { chestXray, type Dataset } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UNGROUPED } from '../src/access/scope.ts';
import { createAudit } from '../src/features/audit/index.ts';
import { purgeTrash } from '../src/features/patients/index.ts';
import { composed } from '../src/platform/db/statements.ts';
import { DiskStore } from '../src/platform/objects/disk/disk-store.ts';
import { nodeSyncFs } from '../src/platform/objects/disk/sync-fs.ts';
import { InlineWriter } from '../src/platform/objects/disk/writer-threads.ts';
import { ROW_KINDS } from '../src/row-kinds.ts';
import { type DicomwebServer, firstValue, type Json, openDicomweb } from './dicomweb/support.ts';
import { type Browser, createFakeClock } from './support/app.ts';
import { UPKEEP } from './support/upkeep.ts';

const clock = createFakeClock();
let server: DicomwebServer;
let admin: Browser;
let staff: Browser;
let physician: Browser;
beforeAll(async () => {
  server = await openDicomweb({ clock });
  admin = await server.login('ADMIN');
  staff = await server.login('STAFF');
  physician = await server.login('PHYSICIAN');
});
afterAll(() => server.close());

const ANA = { PatientID: 'ANA', PatientName: 'Martin^Ana', PatientBirthDate: '19700203' };
const LUC = { PatientID: 'LUC', PatientName: 'Petit^Luc', PatientBirthDate: '19410506' };
const REASON = 'Vérifié avec la patiente';
let uids = 0;
const nextUid = (): string => `2.25.77${String(uids++).padStart(6, '0')}`;

function xray(dataset: Dataset): Buffer {
  for (const { bytes } of chestXray({ seed: 'move', rows: 16, columns: 16, dataset })) return Buffer.from(bytes);
  throw new Error('The phantom has no instance.');
}

const ask = async (
  who: Browser,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  body?: object,
): Promise<{ status: number; json: Json }> => {
  const answer = await server.app.inject({ method, url, headers: who.headers, ...(body === undefined ? {} : { payload: body }) });
  return { status: answer.statusCode, json: answer.body === '' ? undefined : answer.json() };
};
const one = async (sql: string, values: string[]): Promise<Json> =>
  (await server.db.withSystem((tx) => tx.first(composed({ text: sql, values })))) ?? {};

interface Walk {
  readonly uid: string;
  readonly from: string;
  readonly to: string;
}
/** Ana's and Luc's records, and a study that carries `identity`, which the index has under Ana. */
async function walk(seed: string, identity: Dataset = ANA, who: Browser = physician): Promise<Walk> {
  const uid = nextUid();
  const named = (person: Dataset): Dataset => ({ ...person, PatientID: `${seed} ${String(person.PatientID)}` });
  const study = (person: Dataset, studyUid: string) =>
    server.store(who, [
      xray({ ...named(person), StudyInstanceUID: studyUid, SeriesInstanceUID: nextUid(), SOPInstanceUID: nextUid() }),
    ]);
  const [anaUid, lucUid] = [nextUid(), nextUid()];
  await study(ANA, anaUid);
  await study(LUC, lucUid);
  await study(identity, uid);
  const ownerOf = async (studyUid: string): Promise<string> =>
    (await one('SELECT patient_id FROM studies WHERE study_instance_uid = $1 ORDER BY id DESC', [studyUid])).patient_id;
  return { uid, from: await ownerOf(anaUid), to: await ownerOf(lucUid) };
}
const accept = { acceptMismatch: true, mismatchReason: REASON };
const move = (who: Browser, { uid }: Walk, patientId: string, more: object = {}) =>
  ask(who, 'PATCH', `/api/studies/${uid}`, { patientId, ...more });
const movesOf = async (who: Browser, { uid }: Walk): Promise<Json[]> =>
  (await ask(who, 'GET', `/api/studies/${uid}/moves`)).json.items;
const undo = async (who: Browser, at: Walk) => ask(who, 'POST', `/api/study-moves/${(await movesOf(who, at))[0]?.id}/undo`);
const countsOf = async (id: string): Promise<Json> =>
  one('SELECT study_count, modalities, last_study_at::text, status FROM patients WHERE id = $1', [id]);

describe('moving a study to another patient', () => {
  test('who contradicts its images needs the permission and a reason, and marks it; going to its owner takes the mark away', async () => {
    const at = await walk('mark');
    expect((await move(staff, at, at.to)).json).toMatchObject({ code: 'IDENTITY_MISMATCH' });
    expect((await move(staff, at, at.to, accept)).json).toMatchObject({ code: 'FORBIDDEN' });
    expect((await move(physician, at, at.to, { acceptMismatch: true })).json).toMatchObject({ code: 'IDENTITY_MISMATCH' });
    expect((await move(physician, at, at.to, accept)).json).toMatchObject({
      patient: { id: at.to },
      identityMismatch: { receivedName: 'MARTIN Ana', receivedBirthDate: '1970-02-03', reason: REASON, by: 'PERSON Test' },
    });
    const listed = await ask(staff, 'GET', '/api/studies?q=martin');
    expect(listed.json.items.find((study: Json) => study.studyInstanceUid === at.uid)?.patient.id).toBe(at.to);
    expect((await move(staff, at, at.from)).json).toMatchObject({ patient: { id: at.from }, identityMismatch: null });
  });

  test('is undone exactly: patient, mark, counters, search, metadata and the journal follow', async () => {
    const at = await walk('exact', LUC);
    await server.db.withSystem((tx) => tx.run("UPDATE studies SET status = 'VALIDATED' WHERE study_instance_uid = $1", [at.uid]));
    expect((await move(physician, at, at.from, accept)).status).toBe(200);
    const before = await one(
      'SELECT patient_id, group_id, identity_mismatch, received_identity, search_text, status FROM studies WHERE study_instance_uid = $1',
      [at.uid],
    );
    const counts = [await countsOf(at.from), await countsOf(at.to)];
    const metadata = async () =>
      firstValue((await server.json(physician, `/studies/${at.uid}/metadata`))[0], '00100010')?.Alphabetic;
    expect(await metadata()).toBe('Martin^Ana');
    expect((await move(staff, at, at.to)).status).toBe(200);
    expect(await metadata()).toBe('Petit^Luc');
    expect((await countsOf(at.from)).study_count).toBe(1);
    expect((await undo(staff, at)).json).toMatchObject({ patient: { id: at.from }, identityMismatch: { reason: REASON } });
    expect(
      await one(
        'SELECT patient_id, group_id, identity_mismatch, received_identity, search_text, status FROM studies WHERE study_instance_uid = $1',
        [at.uid],
      ),
    ).toEqual(before);
    expect([await countsOf(at.from), await countsOf(at.to)]).toEqual(counts);
    expect(await metadata()).toBe('Martin^Ana');
    const { id } = await one('SELECT id FROM studies WHERE study_instance_uid = $1', [at.uid]);
    const events = await server.db.withSystem((tx) =>
      tx.rows(
        "SELECT action, patient_id, details->>'fromPatientId' AS \"from\" FROM audit_events WHERE entity_id = $1 AND action LIKE 'study.move%' ORDER BY id",
        [id],
      ),
    );
    expect(events).toEqual([
      { action: 'study.moved', patient_id: at.from, from: at.to },
      { action: 'study.moved', patient_id: at.to, from: at.from },
      { action: 'study.move-undone', patient_id: at.from, from: at.to },
    ]);
  });

  test('out of scope answers like unknown, for the patient, the study and the move', async () => {
    const groupId = await server.makeGroup();
    const member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
    const theirs = await walk('scope', ANA, member);
    const ours = await walk('scope ours');
    const unknown = await move(physician, ours, '019a0000-0000-7000-a000-000000000000');
    expect(unknown.status).toBe(404);
    expect(await move(physician, ours, theirs.to)).toEqual(unknown);
    expect((await move(member, theirs, theirs.to, accept)).status).toBe(200);
    const [{ id }] = (await movesOf(member, theirs)) as [Json];
    const answer = await ask(physician, 'POST', `/api/study-moves/${id}/undo`);
    expect(answer).toEqual(await ask(physician, 'POST', '/api/study-moves/019a0000-0000-7000-a000-000000000000/undo'));
    expect(answer.status).toBe(404);
    expect((await ask(physician, 'GET', `/api/studies/${theirs.uid}/moves`)).status).toBe(404);
    const rows = await server.db.withScope([UNGROUPED], (tx) => tx.rows('SELECT id FROM study_moves WHERE id = $1', [id]));
    expect(rows).toEqual([]);
  });

  test('across groups only for administrators; the rows of the move go with the study, and come back', async () => {
    const groupId = await server.makeGroup();
    const member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
    const there = await walk('across', ANA, member);
    const here = await walk('across');
    expect((await move(member, there, here.from)).status).toBe(403);
    expect((await move(admin, there, here.from)).json).toMatchObject({ groupId: null });
    expect((await ask(member, 'GET', `/api/studies/${there.uid}`)).status).toBe(200);
    expect((await undo(physician, there)).status).toBe(403);
    expect((await undo(admin, there)).json).toMatchObject({ groupId, patient: { id: there.from } });
    expect(await movesOf(member, there)).toHaveLength(1);
  });

  test('two at once: one is done, the other told', async () => {
    const at = await walk('race');
    const other = await walk('race other');
    const seen = { ...accept, fromPatientId: at.from };
    const answers = await Promise.all([move(physician, at, at.to, seen), move(admin, at, other.to, seen)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await movesOf(physician, at)).toHaveLength(1);
    const [first, second] = await Promise.all([undo(physician, at), undo(admin, at)]);
    expect([first.status, second.status].sort()).toEqual([200, 409]);
  });

  test('while its images come: every image is in the study, counted once, and the study where it was moved', async () => {
    const at = await walk('during');
    const file = () =>
      xray({
        ...ANA,
        PatientID: 'during ANA',
        StudyInstanceUID: at.uid,
        SeriesInstanceUID: `${at.uid}.1`,
        SOPInstanceUID: nextUid(),
      });
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () => server.store(physician, [file()])),
      move(physician, at, at.to, accept),
    ]);
    expect(answers.map((answer) => ('statusCode' in answer ? answer.statusCode : answer.status))).toEqual(
      Array.from({ length: 7 }, () => 200),
    );
    expect(await one('SELECT patient_id, instance_count FROM studies WHERE study_instance_uid = $1', [at.uid])).toEqual({
      patient_id: at.to,
      instance_count: 7,
    });
    expect((await countsOf(at.to)).study_count).toBe(2);
  });
});

describe('undoing a move', () => {
  test('ends after 30 days', async () => {
    const at = await walk('late');
    await move(physician, at, at.to, accept);
    const [moved] = await movesOf(physician, at);
    expect(Date.parse(moved.undoUntil) - Date.parse(moved.movedAt)).toBe(30 * 86_400_000);
    await server.db.withSystem((tx) =>
      tx.run("UPDATE study_moves SET moved_at = moved_at - interval '30 days' WHERE id = $1", [moved.id]),
    );
    expect((await movesOf(physician, at))[0].undoUntil).toBeNull();
    expect((await undo(physician, at)).json.code).toBe('UNDO_EXPIRED');
  });

  test('is refused with a code of its own: after another move, after new images, to a record in the trash, merged or erased', async () => {
    const at = await walk('refused');
    await move(physician, at, at.to, accept);
    const [first] = await movesOf(physician, at);
    const again = () => ask(physician, 'POST', `/api/study-moves/${first.id}/undo`);
    await move(physician, at, at.from);
    expect((await again()).json.code).toBe('UNDO_SUPERSEDED');
    expect((await undo(physician, at)).status).toBe(200);
    expect((await ask(physician, 'GET', `/api/studies/${at.uid}`)).json.patient.id).toBe(at.to);

    await server.store(physician, [
      xray({
        ...ANA,
        PatientID: 'refused ANA',
        StudyInstanceUID: at.uid,
        SeriesInstanceUID: nextUid(),
        SOPInstanceUID: nextUid(),
      }),
    ]);
    expect((await again()).json.code).toBe('UNDO_CHANGED');

    const trashed = await walk('trashed');
    await move(physician, trashed, trashed.to, accept);
    expect((await ask(admin, 'DELETE', `/api/patients/${trashed.from}?cascade=true`)).status).toBe(204);
    expect((await undo(physician, trashed)).json.code).toBe('UNDO_TARGET_GONE');
    const objects = await DiskStore.open({
      root: `${server.settings.dataDir}/objects`,
      writers: () => new InlineWriter(nodeSyncFs),
    });
    const later = { now: () => new Date(clock.now().getTime() + 31 * 86_400_000) };
    await purgeTrash(
      { db: server.db, by: UPKEEP, audit: createAudit({ db: server.db, clock }), clock: later, objects, kinds: ROW_KINDS },
      { olderThanDays: 30 },
    );
    await objects.close();
    expect(await one('SELECT count(*)::int AS n FROM patients WHERE id = $1', [trashed.from])).toEqual({ n: 0 });
    expect((await undo(physician, trashed)).json.code).toBe('UNDO_TARGET_GONE');

    const merged = await walk('merged');
    await move(physician, merged, merged.to, accept);
    await server.db.withSystem((tx) =>
      tx.run('UPDATE patients SET merged_into = $2, deleted_at = now() WHERE id = $1', [merged.from, merged.to]),
    );
    expect((await undo(physician, merged)).json.code).toBe('UNDO_TARGET_GONE');
  });

  test('needs the permission to write studies', async () => {
    const at = await walk('reader');
    await move(physician, at, at.to, accept);
    const reader = await server.login(await server.makeUser({ role: 'RADIOLOGIST', level: 'READ' }));
    const [{ id }] = (await movesOf(physician, at)) as [Json];
    expect((await ask(reader, 'POST', `/api/study-moves/${id}/undo`)).status).toBe(403);
    expect((await ask(reader, 'GET', `/api/studies/${at.uid}/moves`)).status).toBe(403);
  });
});

import { smallPicture } from '@negatoscope/testkit';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { service } from '../../src/access/index.ts';
import { createAudit } from '../../src/features/audit/index.ts';
import { createHeavyWork } from '../../src/features/dicomweb/index.ts';
import { orthancCopies, orthancErasing, orthancSending, queueForOrthanc } from '../../src/features/orthanc/index.ts';
import { keyOf, marksOf } from '../../src/features/privacy/erasure/marks.ts';
import { askAgain, eraseAsked, privacyJobs } from '../../src/features/privacy/index.ts';
import { newId } from '../../src/kernel/ids.ts';
import { composed } from '../../src/platform/db/statements.ts';
import type { JobRun } from '../../src/platform/queue/job.ts';
import { ROW_KINDS, ROWS_BY_TEXT, ROWS_BY_UID } from '../../src/row-kinds.ts';
import type { Json } from '../dicomweb/support.ts';
import { freePort, hasOrthanc, type Orthanc, startOrthanc } from '../support/orthanc.ts';
import { createFeedFixture, type FeedFixture } from './support.ts';

const PASSWORD = 'Lanterne-Marbre-42';
const AUDIT_KEY = Buffer.alloc(32, 7);

describe.skipIf(!hasOrthanc)('an erasure reaches the Orthanc beside the server', () => {
  let fixture: FeedFixture;
  let orthanc: Orthanc;
  const place = { url: '', username: 'server', password: PASSWORD };
  const signal = new AbortController().signal;
  const by = service('erase-patients', ['trash.purge']);

  beforeAll(async () => {
    fixture = await createFeedFixture({
      stored: async (tx, entrance, ids) => (entrance === 'ORTHANC' ? undefined : queueForOrthanc(tx, ids)),
    });
    place.url = `http://127.0.0.1:${await freePort()}`;
  });
  afterAll(async () => {
    await orthanc?.stop();
    await fixture.close();
  });

  const picture = (patient: string, uid: string, number = 1, series = 1): { name: string; bytes: Uint8Array } => ({
    name: `${uid}.${number}.dcm`,
    bytes: smallPicture({
      ...{ seed: `${uid}.${number}`, columns: 2, frames: 1, cells: new Uint16Array(4), modality: 'CT' },
      dataset: {
        ...{ PatientID: patient, PatientName: `${patient}^Ada`, PatientBirthDate: '19610412', StudyDate: '20260301' },
        ...{ StudyInstanceUID: uid, SeriesInstanceUID: `${uid}.${series}`, SOPInstanceUID: `${uid}.${series}.${number}` },
      },
    }).bytes,
  });
  const rows = (text: string, values: readonly unknown[] = []): Promise<Json[]> =>
    fixture.db.withSystem((tx) => tx.rows(composed({ text, values: values as never })));
  const deps = () => ({
    ...{ db: fixture.db, clock: fixture.clock, audit: createAudit(fixture), objects: fixture.guarded, dataDir: fixture.folder },
    rows: { kinds: ROW_KINDS, byUid: ROWS_BY_UID, byText: ROWS_BY_TEXT },
    ...{ elsewhere: orthancCopies(place), keepBeside: async () => 0, endEmergencies: async () => undefined },
  });
  const log = pino({ level: 'silent' });
  const eraseThere = async (password = PASSWORD): Promise<void> => {
    const ports = { db: fixture.db, audit: createAudit(fixture), clock: fixture.clock, log };
    const patience = { idleMs: 5_000, answerMs: 5_000 };
    await orthancErasing({ ...ports, patience, place: { ...place, password } }).step(signal);
    fixture.clock.advance(60_000);
  };
  const sendThere = async (): Promise<void> => {
    const tools = {
      db: fixture.db,
      clock: fixture.clock,
      objects: fixture.guarded,
      scratch: fixture.scratch,
      heavy: createHeavyWork(),
    };
    await orthancSending({ ...tools, audit: createAudit(fixture), log, place }).step(signal);
  };
  /** Gives the erasure's id, of whoever has this study. */
  const erase = async (studyUid: string, group: string | null = null): Promise<string> => {
    const [study] = await rows(
      'SELECT id, patient_id FROM studies WHERE study_instance_uid = $1 AND group_id IS NOT DISTINCT FROM $2',
      [studyUid, group],
    );
    const id = newId();
    const marks = marksOf(keyOf(AUDIT_KEY), { identifiers: [], names: [], studyInstanceUids: [studyUid] });
    const entry = {
      id,
      records: [String(study?.patient_id)],
      studies: [String(study?.id)],
      marks: marks.map((mark) => mark.toString('base64')),
      reason: 'PATIENT' as const,
    };
    await askAgain({ db: fixture.db, by }, [{ ...entry, askedAt: fixture.clock.now().toISOString() }]);
    await eraseAsked({ ...deps(), by });
    return id;
  };
  const stateOf = async (id: string) => (await fixture.db.withSystem((tx) => orthancCopies(place).find(tx, [id]))).get(id);
  const there = async (): Promise<string[]> => {
    const studies = await orthanc.get<string[]>('/studies');
    const uids: string[] = [];
    for (const id of studies)
      uids.push(
        (await orthanc.get<{ MainDicomTags: { StudyInstanceUID: string } }>(`/studies/${id}`)).MainDicomTags.StudyInstanceUID,
      );
    return uids.sort();
  };
  const studiesHere = async (): Promise<unknown[]> =>
    (await rows('SELECT study_instance_uid AS uid FROM studies ORDER BY 1')).map(({ uid }) => uid);
  const put = async (...files: { bytes: Uint8Array }[]): Promise<void> => {
    for (const { bytes } of files) await orthanc.post('/instances', Buffer.from(bytes));
  };
  const events = async (action: string) =>
    rows('SELECT outcome, patient_id, details FROM audit_events WHERE action = $1 ORDER BY occurred_at', [action]);

  test('what came from there and what was sent goes, is told while Orthanc is away, and the neighbours stay', async () => {
    // Sent while nobody is there, and erased before it could leave: nothing of it will.
    await fixture.send([picture('GONE', '2.25.810')]);
    const early = await erase('2.25.810');
    await eraseThere();
    expect(await stateOf(early)).toMatchObject({ state: 'FAILED', failure: 'UNREACHABLE', studies: 0 });
    orthanc = await startOrthanc({}, { port: Number(new URL(place.url).port), users: { server: PASSWORD } });
    await eraseThere();
    expect(await stateOf(early)).toMatchObject({ state: 'DONE', failure: null, studies: 0 });

    await put(picture('CAME', '2.25.811'), picture('CAME', '2.25.811', 2), picture('OTHER', '2.25.812'));
    await fixture.follow(place);
    await fixture.send([picture('SENT', '2.25.813'), picture('SENT', '2.25.814')]);
    await sendThere();
    expect(await there()).toEqual(['2.25.811', '2.25.812', '2.25.813', '2.25.814']);

    const came = await erase('2.25.811');
    const sent = await erase('2.25.813');
    expect(await stateOf(came)).toMatchObject({ state: 'PENDING', failure: null });
    await eraseThere('wrong');
    expect(await stateOf(came)).toMatchObject({ state: 'FAILED', failure: 'NOT_ALLOWED' });
    // What is new of them there meanwhile is not taken over: they are erased.
    await put(picture('CAME', '2.25.811', 3));
    await fixture.follow(place);
    expect(await studiesHere()).toEqual(['2.25.812']);
    await eraseThere();
    expect(await stateOf(came)).toMatchObject({ state: 'DONE', studies: 1, shared: 0 });
    expect(await stateOf(sent)).toMatchObject({ state: 'DONE', studies: 2 });
    expect(await there()).toEqual(['2.25.812']);
  });

  test('the journal has each end and each reason once, and by what it was looked for is forgotten', async () => {
    expect(await events('patient.erasure-in-orthanc-failed')).toHaveLength(3);
    const done = await events('patient.erased-in-orthanc');
    expect(done.map(({ outcome }) => outcome)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
    expect(done.every(({ patient_id }) => patient_id !== null)).toBe(true);
    expect(await rows("SELECT 1 FROM orthanc_erasures WHERE studies <> '{}' OR instances <> '{}'")).toEqual([]);
    // A deletion of ours is none that somebody has to explain.
    expect(await rows("SELECT 1 FROM orthanc_instances WHERE missing IN ('told', 'held')")).toEqual([]);
  });

  test('who comes back by the feed afterwards comes as new, and is told of', async () => {
    await put(picture('CAME', '2.25.811'));
    await fixture.follow(place);
    // The very bytes that were erased here are not taken again.
    expect(await studiesHere()).toEqual(['2.25.812']);
    const found = async (): Promise<unknown> =>
      privacyJobs({ ...deps(), auditKey: AUDIT_KEY })
        .find(({ kind }) => kind.name === 'find-returned')
        ?.run({}, { signal } as JobRun);
    expect(await found()).toMatchObject({ found: 0 });
    await put(picture('CAME', '2.25.811', 4));
    await fixture.follow(place);
    expect(await studiesHere()).toEqual(['2.25.811', '2.25.812']);
    expect(await found()).toMatchObject({ found: 1 });
    expect(await events('patient.came-back')).toHaveLength(1);
  });

  test('a study that somebody else has here under its UID stays there', async () => {
    const group = await fixture.group('Imagerie');
    const member = await fixture.actor('PHYSICIAN', group);
    await fixture.send([picture('OTHER', '2.25.812')], { actor: member, target: { groupId: group } });
    const shared = await erase('2.25.812');
    await eraseThere();
    expect(await stateOf(shared)).toMatchObject({ state: 'DONE', studies: 0, shared: 1 });
    expect(await there()).toContain('2.25.812');
  });
});

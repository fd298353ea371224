import type { Dataset } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { isLong } from '../support/sample.ts';
import { ENTRANCES, fileOf, lookAround, newUid, told } from './blind-imports-support.ts';
import { type DicomwebServer, type Json, openDicomweb } from './support.ts';

const KNOWN = { PatientID: 'H123', PatientName: 'Durand^Paul', PatientBirthDate: '19500505' };
const UIDS = { StudyInstanceUID: newUid(), SeriesInstanceUID: newUid(), SOPInstanceUID: newUid() };
const TRASHED = { StudyInstanceUID: newUid(), SeriesInstanceUID: newUid(), SOPInstanceUID: newUid() };
const stored = fileOf({ ...KNOWN, ...UIDS });
const trashed = fileOf({ ...KNOWN, ...TRASHED });

/** What a researcher may guess right, and the same guessed wrong. */
const GUESSES: Readonly<Record<string, Dataset | Buffer>> = {
  'the hospital number alone': { PatientID: KNOWN.PatientID },
  'the hospital number and the name': { PatientID: KNOWN.PatientID, PatientName: KNOWN.PatientName },
  'the hospital number and the birth date': { PatientID: KNOWN.PatientID, PatientBirthDate: KNOWN.PatientBirthDate },
  'the whole identity': KNOWN,
  'the study, of another person': { StudyInstanceUID: UIDS.StudyInstanceUID },
  'the study and the whole identity': { ...KNOWN, StudyInstanceUID: UIDS.StudyInstanceUID },
  'the study and the birth date': { StudyInstanceUID: UIDS.StudyInstanceUID, PatientBirthDate: KNOWN.PatientBirthDate },
  'the series': { ...KNOWN, StudyInstanceUID: UIDS.StudyInstanceUID, SeriesInstanceUID: UIDS.SeriesInstanceUID },
  'the instance, with other bytes': { ...KNOWN, ...UIDS, StudyID: '2' },
  'the instance in another study': { SOPInstanceUID: UIDS.SOPInstanceUID },
  'the very file': stored,
  'a study in the trash': { ...KNOWN, StudyInstanceUID: TRASHED.StudyInstanceUID },
  'a file in the trash': trashed,
};

/** Each guess by one of three entrances; all by all six in the long run. */
const guessesAt = (entrance: string): string[] =>
  Object.keys(GUESSES).filter((_guess, index) => isLong || (index + Object.keys(ENTRANCES).indexOf(entrance)) % 6 < 2);

describe('importing without seeing identities', () => {
  let server: DicomwebServer;
  let groupId: string;
  let member: Browser;
  let admin: Browser;

  let people = 0;
  /** Each from an address of their own: many people sign in here. */
  const person = async (role: 'PHYSICIAN' | 'RESEARCHER' | 'STAFF', group: string | null = groupId): Promise<Browser> => {
    people += 1;
    return server.login(await server.makeUser({ role, groupId: group }), { ip: `10.0.${people >> 8}.${people & 255}` });
  };
  const api = (who: Browser, url: string) => server.app.inject({ method: 'GET', url, headers: { cookie: who.cookie } });
  const reviews = async (who: Browser): Promise<Json[]> => (await api(who, '/api/identity-review?limit=100')).json<Json>().items;
  const decide = async (who: Browser, id: string, body: object): Promise<number> =>
    (await server.app.inject({ method: 'POST', url: `/api/identity-review/${id}/decision`, headers: who.headers, payload: body }))
      .statusCode;
  const countOf = async (who: Browser): Promise<[number, number]> => {
    const { items } = (await api(who, '/api/patients?limit=100')).json<Json>();
    const known = items.find((one: Json) => one.externalId === KNOWN.PatientID && one.lastName === 'Durand');
    const list = (await api(who, `/api/studies?patientId=${known.id}`)).json<Json>().items;
    return [list.length, list.reduce((sum: number, one: Json) => sum + one.instanceCount, 0)];
  };
  /** All rows of the group, as one hash. */
  const rowsOfGroup = async (): Promise<unknown> =>
    server.db.withSystem(async (tx) => {
      const tables = ['patients', 'patient_identifiers', 'studies', 'series', 'instances', 'conflicts'] as const;
      return Promise.all(
        tables.map((table) =>
          tx.first(
            `SELECT count(*) AS n, md5(string_agg(t::text, '|' ORDER BY t::text)) AS hash FROM ${table} t WHERE group_id = $1`,
            [groupId],
          ),
        ),
      );
    });

  beforeAll(async () => {
    server = await openDicomweb();
    groupId = await server.makeGroup();
    member = await person('PHYSICIAN');
    admin = await server.login('ADMIN');
    expect((await server.store(member, [stored, trashed])).statusCode).toBe(200);
    const gone = await server.app.inject({
      method: 'DELETE',
      url: `/api/studies/${TRASHED.StudyInstanceUID}`,
      headers: admin.headers,
    });
    expect(gone.statusCode).toBe(204);
  });
  afterAll(() => server.close());

  /** Imports twice what was guessed, as a new researcher, and tells all that can be seen of it. */
  async function play(entrance: keyof typeof ENTRANCES, guess: Dataset | Buffer): Promise<unknown[]> {
    const who = await person('RESEARCHER');
    const seen = (await api(who, '/api/patients')).json<Json>().items.map((one: Json) => one.recordNumber);
    const files = [Buffer.isBuffer(guess) ? guess : fileOf(guess)];
    const enter = ENTRANCES[entrance];
    if (enter === undefined) throw new Error('no such entrance');
    const first = await enter(server, who, files);
    const file = files[0]?.toString('latin1') ?? '';
    const study = /UI..(1\.2\.826\.0\.1\.900\.\d+)/.exec(file.slice(file.indexOf('\x20\x00\x0d\x00')))?.[1] ?? '';
    const around = await lookAround(server, who, study, seen);
    const again = await enter(server, who, files);
    return [...first.map(told), ...around, ...again.map(told), ...(await lookAround(server, who, study, seen))];
  }

  describe.each(Object.keys(ENTRANCES).filter((_one, place) => isLong || place % 2 === 0))('by %s', (entrance) => {
    test('a right guess is answered, reported and listed as a wrong one, the first time and again, and touches no row of the group', {
      timeout: 120_000,
    }, async () => {
      const before = await rowsOfGroup();
      const wrong = await play(entrance, {});
      for (const guess of guessesAt(entrance)) {
        const right = await play(entrance, GUESSES[guess] ?? {});
        expect(right, guess).toEqual(wrong);
      }
      expect(JSON.stringify(wrong)).toContain(entrance.startsWith('STOW-RS') ? '00081190' : 'stored');
      expect(await rowsOfGroup()).toEqual(before);
    });
  });

  test('no patient can be named, known or unknown', async () => {
    const known = (await api(member, '/api/patients')).json<Json>().items[0].id;
    const who = await person('RESEARCHER');
    const answers: unknown[] = [];
    for (const patientId of [known, '019a0000-0000-7000-8000-000000000000'])
      for (const entrance of ['one request', 'batches of an open import', 'an archive for later (202)'] as const) {
        const [answer] = (await ENTRANCES[entrance]?.(server, who, [fileOf({})], { patientId })) ?? [];
        expect(answer?.json<Json>()).toMatchObject({ status: 403, code: 'FORBIDDEN' });
        if (answer !== undefined) answers.push(told(answer));
      }
    expect(answers.slice(0, 3)).toEqual(answers.slice(3));
  });

  test('one’s own files of one study stay one study, however they come', async () => {
    const who = await person('RESEARCHER');
    const study = { StudyInstanceUID: newUid(), SeriesInstanceUID: newUid(), PatientID: 'OWN1' };
    for (const entrance of Object.values(ENTRANCES)) await entrance(server, who, [fileOf(study), fileOf(study)]);
    const list = (await api(who, '/api/studies'))
      .json<Json>()
      .items.filter((one: Json) => one.studyInstanceUid === study.StudyInstanceUID);
    expect(list).toMatchObject([{ instanceCount: 2 * Object.keys(ENTRANCES).length, seriesCount: 1 }]);
    expect((await server.get(who, `/studies/${study.StudyInstanceUID}/instances`)).json()).toHaveLength(
      2 * Object.keys(ENTRANCES).length,
    );
    // A colleague without identities, and a physician, have it in none of their lists.
    for (const other of [await person('RESEARCHER'), member])
      expect((await server.get(other, `/studies?StudyInstanceUID=${study.StudyInstanceUID}`)).json()).toEqual([]);
  });

  test('what waits is seen and decided by who sees identities and the importer’s group, and by nobody else', async () => {
    const who = await person('RESEARCHER');
    await ENTRANCES['one request']?.(server, who, [fileOf({ ...KNOWN, StudyInstanceUID: UIDS.StudyInstanceUID })]);
    const [review] = await reviews(member);
    expect(review).toMatchObject({
      reason: 'HELD',
      patient: { lastName: 'Durand' },
      suspect: { lastName: 'Durand', externalId: 'H123' },
    });
    const stranger = await person('PHYSICIAN', await server.makeGroup());
    const ungrouped = await person('PHYSICIAN', null);
    for (const other of [stranger, ungrouped]) {
      expect(await reviews(other)).toEqual([]);
      expect(await decide(other, review.id, { decision: 'same' })).toBe(404);
    }
    expect(await decide(who, review.id, { decision: 'same' })).toBe(403);
    expect(await decide(await person('STAFF'), review.id, { decision: 'same' })).toBe(403);
    expect((await reviews(admin)).map(({ id }) => id)).toContain(review.id);
    // An administrator's look at the study of that UID is not made ambiguous by it.
    expect((await api(admin, `/api/studies/${UIDS.StudyInstanceUID}`)).json<Json>()).toMatchObject({ groupId });
    expect((await server.get(admin, `/studies/${UIDS.StudyInstanceUID}/metadata`)).statusCode).toBe(200);
    expect(await decide(member, review.id, { decision: 'discard' })).toBe(204);
  });

  test('filing into the record adds what is new, drops what is there, and keeps what contradicts as a conflict', async () => {
    const who = await person('RESEARCHER');
    const [studies, instances] = await countOf(member);
    const more = fileOf({ ...KNOWN, ...UIDS, SOPInstanceUID: newUid(), InstanceNumber: 2 });
    const other = fileOf({ ...KNOWN, ...UIDS, InstanceNumber: 9 });
    await ENTRANCES['STOW-RS']?.(server, who, [stored, more, fileOf(KNOWN)]);
    const [review] = await reviews(member);
    expect(await decide(member, review.id, { decision: 'same' })).toBe(204);
    expect(await countOf(member)).toEqual([studies + 1, instances + 2]);
    expect(await decide(member, review.id, { decision: 'same' })).toBe(404);
    await ENTRANCES['STOW-RS']?.(server, who, [other]);
    const [next] = await reviews(member);
    const open = async (): Promise<Json[]> => (await api(member, '/api/conflicts')).json<Json>().items;
    const conflicts = (await open()).length;
    expect(await decide(member, next.id, { decision: 'same' })).toBe(204);
    expect(await open()).toHaveLength(conflicts + 1);
    expect(await countOf(member)).toEqual([studies + 1, instances + 2]);
    // Every object that was acknowledged is there, byte for byte.
    const file = await server.get(member, `/studies/${UIDS.StudyInstanceUID}/series/${UIDS.SeriesInstanceUID}`, {
      accept: 'application/zip',
    });
    expect(file.statusCode).toBe(200);
    const [kept] = await open();
    expect(
      (
        await server.app.inject({
          method: 'POST',
          url: `/api/conflicts/${kept.id}/decision`,
          headers: member.headers,
          payload: { decision: 'replace' },
        })
      ).statusCode,
    ).toBe(200);
  });

  test('kept apart it becomes a patient of its own in the group, and discarded it is in the trash', async () => {
    const who = await person('RESEARCHER');
    const apart = fileOf({ PatientID: 'APART' });
    await ENTRANCES['STOW-RS']?.(server, who, [apart]);
    const [first] = await reviews(member);
    expect(first).toMatchObject({ suspect: null, reason: 'HELD' });
    expect(await decide(member, first.id, { decision: 'same' })).toBe(422);
    expect(await decide(member, first.id, { decision: 'different' })).toBe(204);
    expect((await api(member, `/api/patients/${first.id}`)).json<Json>()).toMatchObject({
      groupId,
      externalId: 'APART',
      studyCount: 1,
      identityStatus: 'CONFIRMED',
    });
    await ENTRANCES['STOW-RS']?.(server, who, [fileOf({ PatientID: 'TRASH' })]);
    const [second] = await reviews(member);
    expect(await decide(member, second.id, { decision: 'discard' })).toBe(204);
    expect((await reviews(member)).map(({ id }) => id)).not.toContain(second.id);
    expect((await api(admin, '/api/trash')).json<Json>().items.map((one: Json) => one.id)).toContain(second.id);
    const [plain] = (await reviews(member)).filter(({ reason }) => reason !== 'HELD');
    expect(plain).toBeUndefined();
  });

  test('no group is shown, named or joined that is somebody’s own partition', async () => {
    const who = await person('RESEARCHER');
    await ENTRANCES['STOW-RS']?.(server, who, [fileOf({})]);
    const { id } = who.user;
    expect((await api(admin, '/api/groups?limit=100')).json<Json>().items.map((group: Json) => group.id)).not.toContain(id);
    const answers = await Promise.all([
      ENTRANCES['batches of an open import']?.(server, admin, [], { groupId: id }),
      server.app.inject({ method: 'PATCH', url: `/api/groups/${id}`, headers: admin.headers, payload: { name: 'Mine' } }),
      server.app.inject({ method: 'DELETE', url: `/api/groups/${id}`, headers: admin.headers }),
    ]);
    expect(answers.flat().map((answer) => answer?.statusCode)).toEqual([404, 404, 404, 404]);
  });
});

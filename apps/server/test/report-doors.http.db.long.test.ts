import { randomUUID } from 'node:crypto';
import { smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composed } from '../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import { type MatrixActor, makeActors, makeTarget, requestOf, routesOf, type Target } from './support/access-matrix.ts';
import type { Browser } from './support/app.ts';
import { unzip } from './support/unzip.ts';

const MARK = 'ZZBROUILLONZZ';
/** Where a draft is meant to be read, by who may write reports. */
const OPEN_TO_AUTHORS = new Set(['getReport', 'listReportEdits']);
/** What ends the session, or streams for ever. */
const NOT_ASKED = /events|logout/i;

let server: DicomwebServer;
let group: string;
let target: Target;
let author: Browser;
let physician: Browser;
let actors: readonly MatrixActor[];
beforeAll(async () => {
  server = await openDicomweb();
  group = await server.makeGroup();
  target = await makeTarget(server, { uid: '2.25.1701', group });
  author = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: group }));
  physician = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: group }));
  actors = (await makeActors(server, group)).filter(({ name }) => !/expired|suspended|nobody/.test(name));
}, 120_000);
afterAll(() => server.close());

const rows = (text: string, values: string[] = []): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text, values })));
/** A stored study with nothing else to it. */
async function study(uid: string): Promise<Pick<Target, 'uid' | 'ids'>> {
  const { bytes } = smallPicture({
    ...{ seed: uid, columns: 2, frames: 1, cells: new Uint16Array(4), modality: 'CT' },
    dataset: {
      ...{ PatientID: uid, PatientName: `Rédigé^${uid}`, PatientBirthDate: '19700101', StudyDate: '20260301' },
      ...{
        StudyInstanceUID: uid,
        SeriesInstanceUID: `${uid}.1`,
        SOPInstanceUID: `${uid}.1.1`,
        SpecificCharacterSet: 'ISO_IR 192',
      },
    },
  });
  const stored = await server.store(author, [Buffer.from(bytes)], `/groups/${group}/studies`);
  expect(stored.statusCode, stored.body).toBe(200);
  const [row] = await rows('SELECT id, patient_id FROM studies WHERE study_instance_uid = $1', [uid]);
  return { uid, ids: { ...target.ids, study: row.id, patient: row.patient_id } };
}
type At = Awaited<ReturnType<typeof study>>;
const url = (at: At, more = ''): string => `/api/studies/${at.uid}/report${more}`;
const sectionsOf = (impression: string) => ({ history: '', technique: '', comparison: '', findings: MARK, impression });
const ask = (
  who: { readonly headers: Readonly<Record<string, string>> },
  method: 'GET' | 'PUT' | 'POST' | 'PATCH',
  path: string,
  payload?: object,
) => server.app.inject({ method, url: path, headers: who.headers, ...(payload === undefined ? {} : { payload }) });
const write = (who: Browser, at: At, baseVersion: number, impression: string, amends = 0) =>
  ask(who, 'PUT', url(at, '/draft'), {
    ...{ editId: randomUUID(), authorId: who.user.id, baseVersion, amends, patientId: at.ids.patient },
    ...{ language: 'fr', template: null, sections: sectionsOf(impression) },
  });
const sign = (who: Browser, at: At, version: number) =>
  ask(who, 'POST', url(at, '/sign'), { version, patientId: at.ids.patient, areValuesLossless: true });

/** All that an answer says, archives opened. */
async function told(answer: { readonly rawPayload: Buffer; readonly headers: object }): Promise<Buffer> {
  const { rawPayload } = answer;
  if (rawPayload.subarray(0, 2).toString() !== 'PK')
    return Buffer.concat([rawPayload, Buffer.from(JSON.stringify(answer.headers))]);
  return Buffer.concat([...(await unzip(rawPayload))].flatMap(([name, bytes]) => [Buffer.from(name), bytes]));
}

describe('a draft', () => {
  test('leaves by no door of the server, for nobody, before it is signed', { timeout: 600_000 }, async () => {
    expect((await write(author, target, 0, `${MARK} conclusion`)).statusCode).toBe(200);
    const routes = routesOf(server).filter(({ id, method }) => method === 'GET' && !NOT_ASKED.test(id));
    expect(routes.length).toBeGreaterThan(150);
    const leaks: string[] = [];
    let heard = 0;
    for (const { name, headers } of actors)
      for (const route of routes) {
        const answer = await server.app.inject({ ...requestOf(route, target), headers: { ...headers } });
        if (answer.statusCode < 300) heard += 1;
        if ((await told(answer)).includes(MARK) && !OPEN_TO_AUTHORS.has(route.id)) leaks.push(`${name} ${route.id}`);
      }
    expect(leaks).toEqual([]);
    expect(heard).toBeGreaterThan(500);
  });

  test('nor by what is given on purpose: hand-over, medium, record, FHIR and searches', { timeout: 120_000 }, async () => {
    const { patient } = target.ids;
    const recipient = 'Le patient';
    const doors: (readonly ['GET' | 'POST', string, object?])[] = [
      ['POST', `/api/patients/${patient}/hand-over`, { recipient }],
      ['POST', `/api/patients/${patient}/medium`, { recipient, form: 'ZIP' }],
      ['POST', `/api/patients/${patient}/medium`, { recipient, form: 'ISO' }],
      ['GET', `/api/patients/${patient}/export`],
      ['GET', `/fhir/DiagnosticReport?patient=${patient}`],
      ['GET', `/fhir/DiagnosticReport?_text=${MARK}`],
      ['GET', `/dicom-web/instances?StudyInstanceUID=${target.uid}&includefield=all`],
      ['GET', `/dicom-web/studies?fuzzymatching=true&PatientName=${MARK}`],
      ['GET', `/api/studies?q=${MARK}`],
      ['GET', url(target, '/versions/1/pdf')],
    ];
    const admin = await server.login('ADMIN');
    const staff = await server.login(await server.makeUser({ role: 'STAFF', groupId: group }));
    const answered = new Set<string>();
    for (const who of [author, physician, staff, admin])
      for (const [method, path, body] of doors) {
        const answer = await ask(who, method, path, body);
        if (answer.statusCode < 300) answered.add(path);
        // The search for it is in the address of its own answer.
        const said = (await told(answer)).toString('latin1').replaceAll(`=${MARK}`, '');
        expect(said.includes(MARK), `${method} ${path}`).toBe(false);
      }
    // All doors but that of what is not there, and of a search that FHIR does not have here, were open.
    expect(answered.size).toBeGreaterThanOrEqual(new Set(doors.map(([, path]) => path)).size - 2);
    // No file has been made of it, and neither the journal nor a notice repeats it.
    expect(await rows('SELECT 1 FROM report_documents WHERE study_id = $1', [target.ids.study])).toEqual([]);
    for (const table of ['audit_events', 'notices'])
      expect(await rows(`SELECT 1 FROM ${table} t WHERE t::text LIKE $1`, [`%${MARK}%`]), table).toEqual([]);
  });

  test('of two authors at the same moment: one is kept, the other told, and both texts are there', async () => {
    const at = await study('2.25.1702');
    for (let round = 0; round < 8; round += 1) {
      const version = round === 0 ? 0 : (await ask(author, 'GET', url(at))).json().draft.version;
      const both = await Promise.all([write(author, at, version, `A${round}`), write(physician, at, version, `B${round}`)]);
      expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
      const { items } = (await ask(author, 'GET', url(at, '/edits'))).json();
      const texts = items.map(({ sections }: Json) => sections.impression);
      expect(texts).toEqual(expect.arrayContaining([`A${round}`, `B${round}`]));
    }
  });
});

describe('what is signed', () => {
  test('while the study moves to another patient is of the one for whom it was written, or is not signed', async () => {
    const other = await study('2.25.1800');
    const outcomes = new Set<string>();
    for (let round = 1; round <= 10; round += 1) {
      const at = await study(`2.25.18${round}9`);
      expect((await write(author, at, 0, 'Rien.')).statusCode).toBe(200);
      const move = () =>
        ask(physician, 'PATCH', `/api/studies/${at.uid}`, {
          ...{ patientId: other.ids.patient, acceptMismatch: true, mismatchReason: 'Vérifié avec le patient' },
        });
      const [signed, moved] = await (round % 2 === 0
        ? Promise.all([sign(author, at, 1), move()])
        : Promise.all([move(), sign(author, at, 1)]).then(([a, b]) => [b, a] as const));
      expect(moved.statusCode, moved.body).toBe(200);
      const report = (await ask(author, 'GET', url(at))).json();
      if (signed.statusCode === 200) {
        outcomes.add('signed');
        expect(signed.json().content.patient.id).toBe(at.ids.patient);
        expect(report).toMatchObject({ draft: null, versions: [{ isOfOtherPatient: true }] });
      } else {
        outcomes.add(signed.json().code);
        // Nothing that was written is lost.
        expect(report).toMatchObject({ versions: [], draft: { isOfOtherPatient: true, sections: sectionsOf('Rien.') } });
      }
      expect(signed.statusCode < 500).toBe(true);
    }
    expect(
      [...outcomes].every((one) => ['signed', 'REPORT_OF_OTHER_PATIENT', 'STUDY_CHANGED', 'CONFLICT'].includes(one)),
      [...outcomes].join(),
    ).toBe(true);
  });

  test('stays byte for byte, and so do its figures, over three amendments by two hands', async () => {
    const at = await study('2.25.1703');
    await rows("UPDATE studies SET received_at = now() - interval '3 hours' WHERE id = $1", [at.ids.study]);
    expect((await write(author, at, 0, 'Version 1')).statusCode).toBe(200);
    expect((await sign(author, at, 1)).statusCode).toBe(200);
    const kept = () =>
      rows(
        "SELECT number, encode(content, 'hex') AS content, encode(sha256, 'hex') AS sha256 FROM report_versions WHERE study_id = $1 ORDER BY number",
        [at.ids.study],
      );
    const times = () => rows('SELECT reported_at, reported_by FROM studies WHERE id = $1', [at.ids.study]);
    const figures = async () => (await ask(physician, 'GET', '/api/stats/work')).json().turnaround;
    const [first, firstTimes, firstFigures] = [await kept(), await times(), await figures()];
    const pdf = async () => (await ask(author, 'GET', url(at, '/versions/1/pdf'))).rawPayload;
    const firstPdf = await pdf();
    expect((await pdf()).equals(firstPdf)).toBe(true);
    for (const [round, who] of [physician, author, physician].entries()) {
      // As somebody does who opens it again to read it anew.
      await ask(who, 'PATCH', `/api/studies/${at.uid}`, { status: 'IN_PROGRESS' });
      expect((await write(who, at, 0, `Version ${round + 2}`, round + 1)).statusCode).toBe(200);
      expect((await sign(who, at, 1)).statusCode).toBe(200);
    }
    const all = await kept();
    expect([all.length, all[0]]).toEqual([4, first[0]]);
    // The paper of a version that was replaced says so.
    expect((await pdf()).equals(firstPdf)).toBe(false);
    expect(await times()).toEqual(firstTimes);
    expect(await figures()).toEqual(firstFigures);
    const { versions } = (await ask(author, 'GET', url(at))).json();
    expect(versions.map(({ content }: Json) => content.amends?.number ?? null)).toEqual([3, 2, 1, null]);
    for (const { content, sha256 } of versions.slice(0, 3))
      expect([content.amends.sha256, sha256]).toEqual([all[content.number - 2].sha256, all[content.number - 1].sha256]);
  });
});

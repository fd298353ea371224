import { OPERATIONS, type Operation, type Permission, permissionsOf } from '@negatoscope/contract';
import { chestXray } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type DicomwebServer, type Json, openDicomweb } from '../dicomweb/support.ts';
import type { Browser } from '../support/app.ts';

const UNKNOWN_ID = '00000000-0000-7000-8000-000000000000';
const operations: readonly Operation[] = OPERATIONS;

/**
 * The reviewed table of every route that writes. `always`, or the fields that a body may have without `patients.identity`: whatever else compares with
 * who somebody is or with hidden text, or sets these, and its answer tells whether a guess is right. `never` compares with nothing that a client says.
 */
const WRITES: Readonly<Record<string, 'always' | 'never' | readonly string[]>> = {
  createPatient: 'always',
  // A consultation names a person, and its texts say what somebody has.
  registerConsultation: 'always',
  updateConsultation: 'always',
  moveConsultation: 'always',
  attachStudy: 'always',
  detachStudy: 'always',
  orderFilm: 'always',
  moveOrder: 'always',
  predictConsultation: 'always',
  updatePatient: ['updatedAt', 'status'],
  updateStudy: ['status'],
  undoStudyMove: 'always',
  // Without identity it goes into a partition of the importer's own (docs/decisions/0016-pseudonyms.md).
  createImport: ['groupId', 'onMismatch'],
  identifyImport: 'always',
  decideConflict: 'always',
  decideConflicts: 'always',
  reopenConflict: 'always',
  reopenConflicts: 'always',
  decideIdentityReview: 'always',
  undoPatientMerge: 'always',
  importPatients: 'never',
  addImportFiles: 'never',
  knownFiles: 'never',
  finishImport: 'never',
  // What leaves is refused by the export itself; nothing is written but the journal.
  exportPatients: 'never',
  exportAnonymised: 'never',
  createDeidProject: 'always',
  startDeidExport: 'never',
  // Of studies in scope, by their ids; under pseudonyms where who shares sees them.
  createShare: 'never',
  withdrawShare: 'never',
  // A secret that nobody guesses, and a code that is tried ten times.
  openShared: 'never',
  endShared: 'never',
  countDeidExport: 'never',
  cancelDeidExport: 'never',
  decideDeidHeld: 'always',
  resumeDeidExport: 'never',
  previewDeid: 'always',
  askDeidPseudonym: 'always',
  // Held against the version of an annotation alone; labels of others are not shown without identity.
  saveAnnotation: 'never',
  // A model is asked about images of one's own scope; what an upload says of somebody is compared with nothing.
  predict: 'never',
  predictStudy: 'never',
  cancelPrediction: 'never',
  sendOnPrediction: 'never',
  // Held against what was said of the same prediction alone.
  giveOpinion: 'never',
  validatePrediction: 'never',
  saveBlindReading: 'never',
  installModel: 'never',
  removeModel: 'never',
  chooseModel: 'never',
  unchooseModel: 'never',
  // Counts of past cases only, by what this person may see of them.
  setThreshold: 'never',
  // Instances by the moment at which they were found missing in Orthanc, for who administers the server.
  orthancMissing: 'never',
  recalibrateModel: 'never',
  unrecalibrateModel: 'never',
  // Devices and their addresses, by administrators.
  createNode: 'never',
  updateNode: 'never',
  removeNode: 'never',
  restoreNode: 'never',
  tryNode: 'never',
  // Names come from a node, or go there.
  searchNode: 'always',
  studiesHere: 'always',
  retrieveStudies: 'always',
  sendStudies: 'always',
  retryTransfer: 'always',
  cancelTransfer: 'never',
  // What hangs how, and nothing of anybody.
  saveHangingRule: 'never',
  deleteHangingRule: 'never',
  keepDocuments: 'always',
  saveReport: 'always',
  signReport: 'always',
  keepReportDocuments: 'always',
  keepReading: 'never',
  endReading: 'never',
  handOverPatient: 'never',
  makeMedium: 'never',
  // A label is a text that somebody wrote.
  createLabel: 'always',
  updateLabel: 'always',
  deleteLabel: 'always',
  // Who reads and how soon, by ids; views and notices are one's own.
  changeWork: 'never',
  saveListView: 'never',
  deleteListView: 'never',
  saveReportSite: 'never',
  saveReportTemplate: 'never',
  readReportTemplate: 'never',
  deleteReportTemplate: 'never',
  saveReportPhrase: 'never',
  deleteReportPhrase: 'never',
  readNotices: 'never',
  acknowledgeAuditWarning: 'never',
  // As a hand-over: who sees no identity gets no file of it.
  patientRecord: 'never',
  openEmergency: 'always',
  endEmergency: 'never',
  placeHold: 'always',
  liftHold: 'always',
  erasePatient: 'always',
  // By ids alone.
  noteErasedReturn: 'never',
  // Classes of studies and numbers.
  saveRetention: 'never',
  runRetention: 'never',
  deletePatient: 'never',
  deleteStudy: 'never',
  restoreTrash: 'never',
  ...Object.fromEntries(
    'login linkProvider beginLinkPasskey askForPassword readAccountLink setPassword inviteUser proveSecondFactor beginPasskeySignIn passkeySignIn beginSecondPasskey beginPasskeyProof beginPasskey addPasskey renamePasskey removePasskey nameSession beginRequiredFactor confirmRequiredFactor beginFactor confirmFactor removeFactor renewRecoveryCodes proveAgain resetFactor refresh logout endSession endOtherSessions createToken revokeToken updateProfile createUser updateUser deleteUser joinUser createGroup updateGroup deleteGroup loadDemo'
      .split(' ')
      .map((id) => [id, 'never'] as const),
  ),
};

let server: DicomwebServer;
let admin: Browser;
let radiologist: Browser;
beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
  radiologist = await server.login('RADIOLOGIST');
});
afterAll(() => server.close());

type Ask = (method: Operation['method'], url: string, payload?: object) => Promise<{ status: number; json: Json }>;

/** A token with all that its person may, but `patients.identity`. */
async function blindToken(browser: Browser): Promise<Ask> {
  const { role, level } = browser.user;
  const permissions: Permission[] = [...permissionsOf(role, level)].filter((one) => one !== 'patients.identity');
  const made = await server.app.inject({
    method: 'POST',
    url: '/api/tokens',
    headers: browser.headers,
    payload: { name: 'blind', permissions, expiresInDays: 1 },
  });
  const authorization = `Bearer ${made.json<{ secret: string }>().secret}`;
  return async (method, url, payload) => {
    const answer = await server.app.inject({
      method,
      url,
      headers: { authorization },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, json: answer.body === '' ? undefined : answer.json() };
  };
}

const urlOf = ({ path }: Operation): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name.endsWith('Uid') ? '1.2.3' : UNKNOWN_ID));
const fieldsOf = ({ body }: Operation): string[] => (body instanceof z.ZodObject ? Object.keys(body.shape) : []);

describe('writes with a token that does not see identities', () => {
  test('every route that writes has its row in the reviewed table, which is the contract’s', () => {
    const writes = operations.filter(({ method }) => method !== 'GET');
    expect(Object.keys(WRITES).sort()).toEqual(writes.map(({ id }) => id).sort());
    const said = writes.map(({ id, identity }) => [
      id,
      identity === undefined ? 'never' : identity === 'always' ? 'always' : identity.unlessOnly,
    ]);
    expect(Object.fromEntries(said)).toEqual(WRITES);
  });

  test('are refused by every route, and by every field, that compares or sets who somebody is or hidden text', async () => {
    const answers: string[] = [];
    for (const browser of [admin, radiologist]) {
      const ask = await blindToken(browser);
      for (const operation of operations) {
        const row = operation.method === 'GET' ? 'never' : (WRITES[operation.id] ?? 'always');
        if (row === 'never') continue;
        const fields = row === 'always' ? [undefined] : fieldsOf(operation).filter((field) => !row.includes(field));
        expect(fields.length, operation.id).toBeGreaterThan(0);
        for (const field of fields) {
          const payload = field === undefined ? { anything: 1 } : { [field]: null };
          const { status, json } = await ask(operation.method, urlOf(operation), payload);
          if (status !== 403 || json.code !== 'FORBIDDEN')
            answers.push(`${operation.id} ${field ?? ''}: ${status} ${json?.code}`);
        }
      }
    }
    expect(answers).toEqual([]);
  });

  test('leave the others as they are: a status is set, an import opened', async () => {
    const ask = await blindToken(radiologist);
    const made = await server.app.inject({
      method: 'POST',
      url: '/api/patients',
      headers: radiologist.headers,
      payload: { lastName: 'Martin', birthDate: '1970-02-03' },
    });
    const { id, updatedAt } = made.json<Json>();
    expect(await ask('PATCH', `/api/patients/${id}`, { updatedAt, status: 'ARCHIVED' })).toMatchObject({
      status: 200,
      json: { status: 'ARCHIVED', birthDate: null },
    });
    expect((await ask('POST', '/api/imports', {})).status).toBe(201);
    expect((await ask('PATCH', '/api/studies/1.2.3', { status: 'TO_READ' })).json.code).toBe('NOT_FOUND');
  });

  test('can’t try out a name and a birth date: neither by a new record and a move, nor by an edit that changes nothing', async () => {
    const ask = await blindToken(radiologist);
    for (const { bytes } of chestXray({
      seed: 'blind writes',
      rows: 16,
      columns: 16,
      dataset: { PatientID: 'SECRET', PatientName: 'Dupont^Jean', PatientBirthDate: '19700203', StudyInstanceUID: '2.25.4711' },
    }))
      expect((await server.store(radiologist, [Buffer.from(bytes)])).statusCode).toBe(200);
    const before = (await ask('GET', '/api/studies/2.25.4711')).json;
    const patient = (await ask('GET', `/api/patients/${before.patient.id}`)).json;
    for (const birthDate of ['1970-02-03', '1970-02-04']) {
      const guess = { lastName: 'Dupont', firstName: 'Jean', birthDate };
      expect((await ask('POST', '/api/patients', guess)).json).toMatchObject({ code: 'FORBIDDEN' });
      // A record that the person themselves made, by hand.
      const target = await server.app.inject({
        method: 'POST',
        url: '/api/patients',
        headers: radiologist.headers,
        payload: guess,
      });
      const moved = await ask('PATCH', '/api/studies/2.25.4711', { patientId: target.json<Json>().id });
      expect(moved.json).toMatchObject({ code: 'FORBIDDEN' });
      const edited = await ask('PATCH', `/api/patients/${patient.id}`, { updatedAt: patient.updatedAt, birthDate });
      expect(edited.json).toMatchObject({ code: 'FORBIDDEN' });
      const described = await ask('PATCH', '/api/studies/2.25.4711', { description: 'Dupont' });
      expect(described.json).toMatchObject({ code: 'FORBIDDEN' });
    }
    expect((await ask('GET', '/api/studies/2.25.4711')).json).toEqual(before);
    expect((await ask('GET', `/api/patients/${patient.id}`)).json).toEqual(patient);
  });
});

import {
  LEVELS,
  type Level,
  OPERATIONS,
  type Operation,
  PERMISSIONS,
  permissionsOf,
  ROLES,
  type Role,
} from '@negatoscope/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, createTestApp, type TestApp } from '../support/app.ts';
import { isLong } from '../support/sample.ts';

/**
 * The reviewed table. One sign for each role in the order of ROLES (administrator, radiologist, physician, staff, researcher): the lowest
 * level that has the permission (R read, W write, A administration), or `-` for none.
 */
const PERMISSION_TABLE: Readonly<Record<string, string>> = {
  'patients.read': 'RRRRR',
  'patients.identity': 'RRRR-',
  'patients.write': 'WWWW-',
  'identity-review.decide': 'WWW--',
  'identity-review.propose': 'WWWW-',
  'patients.emergency': '-RR--',
  'conflicts.read': 'RRRR-',
  'conflicts.decide': 'WWW--',
  'studies.read': 'RRRRR',
  'studies.write': 'WWWW-',
  'studies.validate': '-WW--',
  'annotations.read': 'RRRRR',
  'annotations.write': 'WWW-W',
  'imports.create': 'WWWWW',
  'exports.create': 'RRR--',
  'exports.anonymised': 'RRR-R',
  'exports.hand-over': 'WWWW-',
  'exports.record': 'A----',
  'holds.manage': 'A----',
  'patients.erase': 'A----',
  'retention.manage': 'A----',
  'nodes.query': 'RRR--',
  'studies.send': 'WWW--',
  'trash.move': 'W----',
  'trash.purge': 'A----',
  'consultations.read': 'RRRR-',
  'consultations.register': 'W-WW-',
  'consultations.conduct': '--W--',
  'predictions.read': 'RRRRR',
  'predictions.run': 'WWW-W',
  'predictions.validate': '-WW--',
  'statistics.read': 'RRRRR',
  'reports.read': 'RRRR-',
  'reports.write': '-WW--',
  'studies.share': 'WWW-W',
  'users.manage': 'A----',
  'groups.manage': 'A----',
  'system.manage': 'A----',
  'audit.read': 'A----',
  'audit.own-patients': 'RRR--',
};

const OPERATION_TABLE: Readonly<Record<string, string>> = {
  login: 'public',
  refresh: 'public',
  waysIn: 'public',
  startAtProvider: 'public',
  returnFromProvider: 'public',
  leaveProvider: 'public',
  linkProvider: 'public',
  beginLinkPasskey: 'public',
  askForPassword: 'public',
  readAccountLink: 'public',
  setPassword: 'public',
  proveSecondFactor: 'public',
  beginRequiredFactor: 'public',
  confirmRequiredFactor: 'public',
  beginPasskeySignIn: 'public',
  passkeySignIn: 'public',
  beginSecondPasskey: 'public',
  beginPasskeyProof: 'RRRRR',
  listPasskeys: 'RRRRR',
  beginPasskey: 'RRRRR',
  addPasskey: 'RRRRR',
  renamePasskey: 'RRRRR',
  removePasskey: 'RRRRR',
  ownFactor: 'RRRRR',
  beginFactor: 'RRRRR',
  confirmFactor: 'RRRRR',
  removeFactor: 'RRRRR',
  renewRecoveryCodes: 'RRRRR',
  proveAgain: 'RRRRR',
  resetFactor: 'A----',
  inviteUser: 'A----',
  logout: 'RRRRR',
  me: 'RRRRR',
  listSessions: 'RRRRR',
  endSession: 'RRRRR',
  nameSession: 'RRRRR',
  endOtherSessions: 'RRRRR',
  createToken: 'RRRRR',
  listTokens: 'RRRRR',
  revokeToken: 'RRRRR',
  updateProfile: 'RRRRR',
  listUsers: 'A----',
  createUser: 'A----',
  getUser: 'A----',
  updateUser: 'A----',
  deleteUser: 'A----',
  listUserEvents: 'A----',
  joinUser: 'A----',
  readAccessReview: 'A----',
  exportAccessReview: 'A----',
  previewPatientMove: 'A----',
  listOwnEmergencies: 'RRRRR',
  openEmergency: '-RR--',
  endEmergency: 'RRRRR',
  listEmergencies: 'A----',
  listGroups: 'RRRRR',
  createGroup: 'A----',
  updateGroup: 'A----',
  deleteGroup: 'A----',
  listPatients: 'RRRRR',
  createPatient: 'WWWW-',
  getPatient: 'RRRRR',
  updatePatient: 'WWWW-',
  deletePatient: 'W----',
  checkExport: 'RRR--',
  exportPatient: 'RRR--',
  exportPatients: 'RRR--',
  exportAnonymised: 'RRR-R',
  listDeidProjects: 'RRR-R',
  createDeidProject: 'RRR--',
  askDeidPseudonym: 'A----',
  listDeidExports: 'RRR-R',
  startDeidExport: 'RRR-R',
  countDeidExport: 'RRR-R',
  getDeidExport: 'RRR-R',
  cancelDeidExport: 'RRR-R',
  downloadDeidExport: 'RRR-R',
  listDeidHeld: 'RRR--',
  listDeidHeldFiles: 'RRR--',
  findDeidText: 'RRR--',
  decideDeidHeld: 'RRR--',
  resumeDeidExport: 'RRR-R',
  previewDeid: 'RRR--',
  handOverPatient: 'WWWW-',
  makeMedium: 'WWWW-',
  patientRecord: 'A----',
  listHolds: 'RRRRR',
  placeHold: 'A----',
  liftHold: 'A----',
  erasePatient: 'A----',
  listErasures: 'A----',
  noteErasedReturn: 'A----',
  getRetention: 'A----',
  saveRetention: 'A----',
  previewRetention: 'A----',
  runRetention: 'A----',
  listPatientExports: 'RRR--',
  getStoredInstance: 'RRR--',
  listStudies: 'RRRRR',
  listModalities: 'RRRRR',
  getStudy: 'RRRRR',
  createShare: 'WWW-W',
  listShares: 'WWW-W',
  getShare: 'WWW-W',
  withdrawShare: 'WWW-W',
  openShared: 'public',
  getShared: 'public',
  getSharedSeries: 'public',
  downloadShared: 'public',
  endShared: 'public',
  listPriors: 'RRRRR',
  getReading: 'RRRRR',
  keepReading: '-WW--',
  endReading: '-WW--',
  updateStudy: 'WWWW-',
  listStudyMoves: 'WWWW-',
  undoStudyMove: 'WWWW-',
  deleteStudy: 'W----',
  getSeriesDisplay: 'RRRRR',
  getWaveform: 'RRRRR',
  listAnnotations: 'RRRRR',
  annotationEvents: 'RRRRR',
  saveAnnotation: 'WWW-W',
  annotationHistory: 'RRRRR',
  listHangingRules: 'RRRRR',
  saveHangingRule: 'RRRRR',
  deleteHangingRule: 'RRRRR',
  listKeptDocuments: 'RRRRR',
  keepDocuments: '-WW--',
  getReport: 'RRRR-',
  saveReport: '-WW--',
  signReport: '-WW--',
  listReportEdits: '-WW--',
  keepReportDocuments: '-WW--',
  reportPdf: 'RRRR-',
  listConsultations: 'RRRR-',
  consultationEvents: 'RRRR-',
  listPhysicians: 'W-WW-',
  getConsultation: 'RRRR-',
  registerConsultation: 'W-WW-',
  updateConsultation: 'W-WW-',
  moveConsultation: 'W-WW-',
  attachStudy: 'W-WW-',
  detachStudy: 'W-WW-',
  orderFilm: '--W--',
  moveOrder: '--W--',
  predictConsultation: 'WWW--',
  predict: 'WWW-W',
  predictStudy: 'WWW-W',
  listPredictions: 'RRRRR',
  getPrediction: 'RRRRR',
  predictionEvents: 'RRRRR',
  predictionHeatmap: 'RRRRR',
  cancelPrediction: 'WWW-W',
  sendOnPrediction: '-WW--',
  giveOpinion: '-WW--',
  validatePrediction: '-WW--',
  listSaid: 'RRRRR',
  listBlindReading: 'RRRRR',
  saveBlindReading: 'A----',
  listModels: 'RRRRR',
  installModel: 'A----',
  removeModel: 'A----',
  chooseModel: 'A----',
  unchooseModel: 'A----',
  setThreshold: 'A----',
  previewThreshold: 'A----',
  previewRecalibration: 'A----',
  recalibrateModel: 'A----',
  unrecalibrateModel: 'A----',
  arrivalStatistics: 'RRRRR',
  exportArrivalStatistics: 'RRRRR',
  delayStatistics: 'RRRRR',
  exportDelayStatistics: 'RRRRR',
  storageStatistics: 'RRRRR',
  exportStorageStatistics: 'RRRRR',
  agreementStatistics: 'RRRRR',
  exportAgreementStatistics: 'RRRRR',
  peopleStatistics: 'A----',
  exportPeopleStatistics: 'A----',
  screeningStatistics: 'RRRRR',
  exportScreeningStatistics: 'RRRRR',
  scoreDrift: 'RRRRR',
  monthlyTable: 'RRRRR',
  monthlyTableCsv: 'RRRRR',
  monthlyTablePdf: 'RRRRR',
  fhirMetadata: 'RRRRR',
  fhirSearchPatient: 'RRRRR',
  fhirReadPatient: 'RRRRR',
  fhirSearchEncounter: 'RRRR-',
  fhirReadEncounter: 'RRRR-',
  fhirSearchServiceRequest: 'RRRR-',
  fhirReadServiceRequest: 'RRRR-',
  fhirSearchImagingStudy: 'RRRRR',
  fhirReadImagingStudy: 'RRRRR',
  fhirSearchObservation: 'RRRRR',
  fhirReadObservation: 'RRRRR',
  fhirSearchRiskAssessment: 'RRRRR',
  fhirReadRiskAssessment: 'RRRRR',
  fhirSearchDiagnosticReport: 'RRRRR',
  fhirReadDiagnosticReport: 'RRRRR',
  fhirSearchDevice: 'RRRRR',
  fhirReadDevice: 'RRRRR',
  fhirSearchAuditEvent: 'A----',
  fhirReadAuditEvent: 'A----',
  fhirPatientEverything: 'RRRRR',
  fhirEncounterEverything: 'RRRR-',
  search: 'RRRRR',
  listTrash: 'W----',
  restoreTrash: 'W----',
  importPatients: 'WWWWW',
  createImport: 'WWWWW',
  identifyImport: 'WWWW-',
  addImportFiles: 'WWWWW',
  knownFiles: 'WWWWW',
  finishImport: 'WWWWW',
  listImports: 'WWWWW',
  getImport: 'WWWWW',
  importEvents: 'WWWWW',
  listConflicts: 'RRRR-',
  getConflict: 'RRRR-',
  decideConflict: 'WWW--',
  decideConflicts: 'WWW--',
  reopenConflict: 'WWW--',
  reopenConflicts: 'WWW--',
  conflictImage: 'RRRR-',
  listIdentityReviews: 'WWWW-',
  decideIdentityReview: 'WWW--',
  listPatientMerges: 'WWW--',
  undoPatientMerge: 'WWW--',
  health: 'public',
  openapi: 'public',
  apiDocs: 'public',
  loadDemo: 'A----',
  objectCare: 'A----',
  jobCare: 'A----',
  backupCare: 'A----',
  keyCare: 'A----',
  auditCare: 'A----',
  listAuditWarnings: 'A----',
  acknowledgeAuditWarning: 'A----',
  listAuditReports: 'A----',
  auditReportPdf: 'A----',
  auditReportCsv: 'A----',
  orthancStatus: 'A----',
  orthancMissing: 'A----',
  listNodes: 'A----',
  createNode: 'A----',
  updateNode: 'A----',
  removeNode: 'A----',
  restoreNode: 'A----',
  tryNode: 'A----',
  listNodeLog: 'A----',
  listCallers: 'A----',
  listNodeFigures: 'A----',
  listUsableNodes: 'RRRRR',
  searchNode: 'RRR--',
  studiesHere: 'RRR--',
  retrieveStudies: 'RRR--',
  sendStudies: 'WWW--',
  listTransfers: 'RRRRR',
  getTransfer: 'RRRRR',
  cancelTransfer: 'RRRRR',
  retryTransfer: 'RRRR-',
  overview: 'RRRRR',
  listAudit: 'A----',
  exportAudit: 'A----',
  printAudit: 'A----',
  verifyAudit: 'A----',
  changeWork: 'WWWW-',
  createLabel: 'WWWW-',
  updateLabel: 'WWWW-',
  deleteLabel: 'WWWW-',
  listReaders: 'WWWW-',
  listLabels: 'RRRR-',
  listListViews: 'RRRRR',
  saveListView: 'RRRRR',
  deleteListView: 'RRRRR',
  listReportTexts: 'RRRR-',
  getReportSite: 'A----',
  saveReportSite: 'A----',
  saveReportTemplate: 'RRRR-',
  readReportTemplate: 'RRRR-',
  deleteReportTemplate: 'RRRR-',
  saveReportPhrase: 'RRRR-',
  deleteReportPhrase: 'RRRR-',
  listNotices: 'RRRRR',
  readNotices: 'RRRRR',
  noticeEvents: 'RRRRR',
  studyEvents: 'RRRRR',
  workFigures: 'RRRRR',
  diskCare: 'A----',
};

const LOWEST: Readonly<Record<string, number>> = { R: 0, W: 1, A: 2, '-': 3 };
function isAllowed(cells: string, role: Role, level: Level): boolean {
  return LEVELS.indexOf(level) >= (LOWEST[cells[ROLES.indexOf(role)] ?? '-'] ?? 3);
}

/** Levels on both sides of the lowest that may; all of them in the long run. */
function isTried(cells: string, role: Role, level: Level): boolean {
  const fromHere = LEVELS.indexOf(level) - (LOWEST[cells[ROLES.indexOf(role)] ?? '-'] ?? 3);
  return isLong || fromHere === 0 || fromHere === -1;
}

/** Allowed calls of these would do something, or never end: their refusals are tried only. */
const NOT_CALLED = new Set([
  'logout',
  'loadDemo',
  'createImport',
  'predictionEvents',
  'consultationEvents',
  'studyEvents',
  'noticeEvents',
]);
const UNKNOWN_ID = '00000000-0000-7000-8000-000000000000';
const operations: readonly Operation[] = OPERATIONS;
const people = ROLES.flatMap((role) => LEVELS.map((level) => ({ role, level })));

function requestOf(operation: Operation) {
  const url = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name.endsWith('Uid') ? '1.2.3' : UNKNOWN_ID));
  // Nothing that a schema accepts: an allowed call gets as far as the body and changes nothing.
  const payload = operation.body === undefined ? {} : { payload: { unexpected: true } };
  return { method: operation.method, url, ...payload };
}

/** The code of a refusal; FHIR tells it as an OperationOutcome. */
const codeOf = (response: { json<T>(): T }): string => {
  const { code, issue } = response.json<{ code?: string; issue?: { details: { coding: { code: string }[] } }[] }>();
  return code ?? issue?.[0]?.details.coding[0]?.code ?? '';
};

describe('permission × role × level', () => {
  test('every permission has its row in the reviewed table', () => {
    expect(Object.keys(PERMISSION_TABLE).sort()).toEqual([...PERMISSIONS].sort());
  });
  test.each(people)('$role at level $level has exactly the permissions of the table', ({ role, level }) => {
    const has = permissionsOf(role, level);
    const expected = PERMISSIONS.filter((permission) => isAllowed(PERMISSION_TABLE[permission] ?? '', role, level));
    expect([...has].sort()).toEqual(expected.sort());
  });
});

describe('operation × role × level', () => {
  let server: TestApp;
  const browsers = new Map<string, Browser>();
  beforeAll(async () => {
    server = await createTestApp();
    for (const { role, level } of people) {
      browsers.set(`${role} ${level}`, await server.login(await server.makeUser({ role, level })));
    }
  });
  afterAll(() => server.close());

  test('every operation has its row in the reviewed table', () => {
    expect(Object.keys(OPERATION_TABLE).sort()).toEqual(operations.map(({ id }) => id).sort());
  });

  test.each(operations.map((operation) => ({ id: operation.id, operation })))(
    '$id answers each role and level as the table says',
    async ({ id, operation }) => {
      const cells = OPERATION_TABLE[id] ?? '';
      if (cells === 'public') return expect(operation.permission).toBe('public');
      const answers: Record<string, string> = {};
      const expected: Record<string, string> = {};
      for (const { role, level } of people) {
        const allowed = isAllowed(cells, role, level);
        if (!isTried(cells, role, level) || (allowed && NOT_CALLED.has(id))) continue;
        const browser = browsers.get(`${role} ${level}`);
        const response = await server.app.inject({ ...requestOf(operation), headers: { ...browser?.headers } });
        const isRefused = response.statusCode === 401 || response.statusCode === 403;
        answers[`${role} ${level}`] = isRefused ? `refused ${codeOf(response)}` : 'answered';
        expected[`${role} ${level}`] = allowed ? 'answered' : 'refused FORBIDDEN';
        const told = operation.tag === 'fhir' ? ['issue', 'resourceType'] : ['code', 'status', 'title', 'type'];
        if (isRefused) expect(Object.keys(response.json<object>()).sort()).toEqual(told);
      }
      return expect(answers).toEqual(expected);
    },
  );

  test('nobody gets anything but NOT_AUTHENTICATED from an operation that is not public', async () => {
    for (const operation of operations.filter(({ permission }) => permission !== 'public')) {
      const response = await server.app.inject(requestOf(operation));
      expect([operation.id, response.statusCode, codeOf(response)]).toEqual([operation.id, 401, 'NOT_AUTHENTICATED']);
    }
  });

  test('suspended and inactive people are nobody, whatever their role', async () => {
    for (const status of ['SUSPENDED', 'INACTIVE'] as const) {
      const user = await server.makeUser({ role: 'ADMIN' });
      const browser = await server.login(user);
      await server.db.withSystem((tx) => tx.run('UPDATE users SET status = $2 WHERE id = $1', [user.id, status]));
      await expect
        .poll(async () => (await server.app.inject({ url: '/api/users', headers: browser.headers })).statusCode)
        .toBe(401);
    }
  });
});

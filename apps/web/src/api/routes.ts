import type { OPERATIONS, Operation, QueryOf, ResultOf } from '@negatoscope/contract';

type AnyOperation = (typeof OPERATIONS)[number];
export type OperationId = AnyOperation['id'];
type OperationOf<I extends OperationId> = Extract<AnyOperation, { id: I }>;

/**
 * The address of each operation. The compiler compares it with the contract, entry by entry, so that the page follows the contract
 * without carrying its schemas.
 */
export const ROUTES: { readonly [I in OperationId]: `${OperationOf<I>['method']} ${OperationOf<I>['path']}` } = {
  login: 'POST /api/auth/login',
  refresh: 'POST /api/auth/refresh',
  logout: 'POST /api/auth/logout',
  waysIn: 'GET /api/auth/ways',
  startAtProvider: 'GET /api/auth/oidc/{provider}/start',
  returnFromProvider: 'GET /api/auth/oidc/{provider}/callback',
  leaveProvider: 'GET /api/auth/oidc/{provider}/sign-out',
  linkProvider: 'POST /api/auth/oidc/link',
  askForPassword: 'POST /api/auth/password/forgotten',
  readAccountLink: 'POST /api/auth/password/link',
  setPassword: 'POST /api/auth/password',
  proveSecondFactor: 'POST /api/auth/second',
  beginRequiredFactor: 'POST /api/auth/second/setup',
  confirmRequiredFactor: 'POST /api/auth/second/confirm',
  ownFactor: 'GET /api/auth/factor',
  beginFactor: 'POST /api/auth/factor',
  confirmFactor: 'POST /api/auth/factor/confirm',
  removeFactor: 'DELETE /api/auth/factor',
  renewRecoveryCodes: 'POST /api/auth/factor/recovery-codes',
  proveAgain: 'POST /api/auth/proof',
  me: 'GET /api/auth/me',
  listSessions: 'GET /api/auth/sessions',
  endSession: 'DELETE /api/auth/sessions/{id}',
  endOtherSessions: 'DELETE /api/auth/sessions',
  createToken: 'POST /api/tokens',
  listTokens: 'GET /api/tokens',
  revokeToken: 'DELETE /api/tokens/{id}',
  updateProfile: 'PUT /api/users/me/profile',
  listUsers: 'GET /api/users',
  createUser: 'POST /api/users',
  getUser: 'GET /api/users/{id}',
  updateUser: 'PATCH /api/users/{id}',
  deleteUser: 'DELETE /api/users/{id}',
  resetFactor: 'DELETE /api/users/{id}/factor',
  inviteUser: 'POST /api/users/{id}/invitation',
  listGroups: 'GET /api/groups',
  createGroup: 'POST /api/groups',
  updateGroup: 'PATCH /api/groups/{id}',
  deleteGroup: 'DELETE /api/groups/{id}',
  listPatients: 'GET /api/patients',
  createPatient: 'POST /api/patients',
  getPatient: 'GET /api/patients/{id}',
  updatePatient: 'PATCH /api/patients/{id}',
  deletePatient: 'DELETE /api/patients/{id}',
  checkExport: 'GET /api/patients/{id}/export/check',
  exportPatient: 'GET /api/patients/{id}/export',
  exportPatients: 'POST /api/patients/export',
  handOverPatient: 'POST /api/patients/{id}/hand-over',
  listPatientExports: 'GET /api/patients/{id}/exports',
  getStoredInstance: 'GET /api/patients/images/{sopInstanceUid}',
  listStudies: 'GET /api/studies',
  listModalities: 'GET /api/studies/modalities',
  getStudy: 'GET /api/studies/{studyInstanceUid}',
  updateStudy: 'PATCH /api/studies/{studyInstanceUid}',
  listPriors: 'GET /api/studies/{studyInstanceUid}/priors',
  getReading: 'GET /api/studies/{studyInstanceUid}/readings',
  keepReading: 'PUT /api/studies/{studyInstanceUid}/readings/{id}',
  endReading: 'DELETE /api/studies/{studyInstanceUid}/readings/{id}',
  listStudyMoves: 'GET /api/studies/{studyInstanceUid}/moves',
  undoStudyMove: 'POST /api/study-moves/{id}/undo',
  deleteStudy: 'DELETE /api/studies/{studyInstanceUid}',
  getSeriesDisplay: 'GET /api/studies/{studyInstanceUid}/series/{seriesInstanceUid}/display',
  listAnnotations: 'GET /api/studies/{studyInstanceUid}/annotations',
  annotationEvents: 'GET /api/studies/{studyInstanceUid}/annotations/events',
  listKeptDocuments: 'GET /api/studies/{studyInstanceUid}/kept-documents',
  keepDocuments: 'POST /api/studies/{studyInstanceUid}/kept-documents',
  saveAnnotation: 'PUT /api/studies/{studyInstanceUid}/annotations/{id}',
  annotationHistory: 'GET /api/studies/{studyInstanceUid}/annotations/{id}/history',
  listHangingRules: 'GET /api/hanging-rules',
  saveHangingRule: 'PUT /api/hanging-rules',
  deleteHangingRule: 'DELETE /api/hanging-rules/{id}',
  search: 'GET /api/search',
  listTrash: 'GET /api/trash',
  restoreTrash: 'POST /api/trash/{id}/restore',
  importPatients: 'POST /api/patients/import',
  createImport: 'POST /api/imports',

  identifyImport: 'POST /api/imports/identify',
  addImportFiles: 'POST /api/imports/{id}/files',
  knownFiles: 'POST /api/imports/{id}/known',
  finishImport: 'POST /api/imports/{id}/finish',
  listImports: 'GET /api/imports',
  getImport: 'GET /api/imports/{id}',
  importEvents: 'GET /api/imports/{id}/events',
  listConflicts: 'GET /api/conflicts',
  getConflict: 'GET /api/conflicts/{id}',
  decideConflict: 'POST /api/conflicts/{id}/decision',

  decideConflicts: 'POST /api/conflicts/decisions',
  reopenConflict: 'POST /api/conflicts/{id}/reopen',
  reopenConflicts: 'POST /api/conflicts/reopenings',
  conflictImage: 'GET /api/conflicts/{id}/image',
  listIdentityReviews: 'GET /api/identity-review',
  decideIdentityReview: 'POST /api/identity-review/{id}/decision',
  listPatientMerges: 'GET /api/patients/{id}/merges',
  undoPatientMerge: 'POST /api/patient-merges/{id}/undo',
  health: 'GET /api/health',
  objectCare: 'GET /api/system/objects',
  jobCare: 'GET /api/system/jobs',
  backupCare: 'GET /api/system/backups',
  orthancStatus: 'GET /api/system/orthanc',
  orthancMissing: 'POST /api/system/orthanc/missing',
  listNodes: 'GET /api/system/nodes',
  createNode: 'POST /api/system/nodes',
  updateNode: 'PUT /api/system/nodes/{id}',
  removeNode: 'DELETE /api/system/nodes/{id}',
  restoreNode: 'POST /api/system/nodes/{id}/restore',
  tryNode: 'POST /api/system/nodes/{id}/echo',
  listNodeLog: 'GET /api/system/nodes/{id}/log',
  listCallers: 'GET /api/system/node-callers',
  listNodeFigures: 'GET /api/system/node-figures',
  listUsableNodes: 'GET /api/nodes',
  searchNode: 'POST /api/nodes/{id}/search',
  studiesHere: 'POST /api/nodes/here',
  retrieveStudies: 'POST /api/nodes/{id}/retrievals',
  sendStudies: 'POST /api/nodes/{id}/sendings',
  listTransfers: 'GET /api/transfers',
  getTransfer: 'GET /api/transfers/{id}',
  cancelTransfer: 'POST /api/transfers/{id}/cancel',
  retryTransfer: 'POST /api/transfers/{id}/retry',
  openapi: 'GET /api/openapi.json',
  apiDocs: 'GET /api/docs',
  loadDemo: 'POST /api/system/demo',
  overview: 'GET /api/stats/overview',
  listAudit: 'GET /api/audit',
  exportAudit: 'GET /api/audit/export',
  verifyAudit: 'GET /api/audit/verify',
  listConsultations: 'GET /api/consultations',
  consultationEvents: 'GET /api/consultations/events',
  listPhysicians: 'GET /api/consultations/physicians',
  getConsultation: 'GET /api/consultations/{id}',
  registerConsultation: 'POST /api/consultations',
  updateConsultation: 'PATCH /api/consultations/{id}',
  moveConsultation: 'POST /api/consultations/{id}/status',
  attachStudy: 'POST /api/consultations/{id}/studies',
  detachStudy: 'DELETE /api/consultations/{id}/studies/{studyId}',
  orderFilm: 'POST /api/consultations/{id}/orders',
  moveOrder: 'POST /api/consultations/{id}/orders/{orderId}/status',
  predictConsultation: 'POST /api/consultations/{id}/predictions',
  predict: 'POST /api/predict',
  predictStudy: 'POST /api/studies/{studyInstanceUid}/predictions',
  listPredictions: 'GET /api/predictions',
  getPrediction: 'GET /api/predictions/{id}',
  predictionEvents: 'GET /api/predictions/events',
  predictionHeatmap: 'GET /api/predictions/{id}/heatmap.png',
  cancelPrediction: 'POST /api/predictions/{id}/cancel',
  sendOnPrediction: 'POST /api/predictions/{id}/send-on',
  giveOpinion: 'POST /api/predictions/{id}/opinions',
  validatePrediction: 'POST /api/predictions/{id}/validations',
  listSaid: 'GET /api/predictions/{id}/validations',
  listBlindReading: 'GET /api/predictions/blind-reading',
  saveBlindReading: 'PUT /api/predictions/blind-reading',
  listModels: 'GET /api/models',
  installModel: 'POST /api/models',
  removeModel: 'DELETE /api/models/{id}',
  chooseModel: 'PUT /api/models/choices',
  unchooseModel: 'DELETE /api/models/choices',
  setThreshold: 'PUT /api/models/thresholds',
  previewThreshold: 'GET /api/models/thresholds/preview',
  previewRecalibration: 'GET /api/models/recalibrations/preview',
  recalibrateModel: 'PUT /api/models/recalibrations',
  unrecalibrateModel: 'DELETE /api/models/recalibrations',
  screeningStatistics: 'GET /api/stats/screening',
  exportScreeningStatistics: 'GET /api/stats/screening/csv',
  scoreDrift: 'GET /api/stats/screening/drift',
  monthlyTable: 'GET /api/stats/screening/monthly',
  monthlyTableCsv: 'GET /api/stats/screening/monthly/csv',
  monthlyTablePdf: 'GET /api/stats/screening/monthly/pdf',
  fhirMetadata: 'GET /fhir/metadata',
  fhirSearchPatient: 'GET /fhir/Patient',
  fhirReadPatient: 'GET /fhir/Patient/{id}',
  fhirSearchEncounter: 'GET /fhir/Encounter',
  fhirReadEncounter: 'GET /fhir/Encounter/{id}',
  fhirSearchServiceRequest: 'GET /fhir/ServiceRequest',
  fhirReadServiceRequest: 'GET /fhir/ServiceRequest/{id}',
  fhirSearchImagingStudy: 'GET /fhir/ImagingStudy',
  fhirReadImagingStudy: 'GET /fhir/ImagingStudy/{id}',
  fhirSearchObservation: 'GET /fhir/Observation',
  fhirReadObservation: 'GET /fhir/Observation/{id}',
  fhirSearchRiskAssessment: 'GET /fhir/RiskAssessment',
  fhirReadRiskAssessment: 'GET /fhir/RiskAssessment/{id}',
  fhirSearchDiagnosticReport: 'GET /fhir/DiagnosticReport',
  fhirReadDiagnosticReport: 'GET /fhir/DiagnosticReport/{id}',
  fhirSearchDevice: 'GET /fhir/Device',
  fhirReadDevice: 'GET /fhir/Device/{id}',
  fhirPatientEverything: 'GET /fhir/Patient/{id}/$everything',
  fhirEncounterEverything: 'GET /fhir/Encounter/{id}/$everything',
};

type PathNames<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | PathNames<Rest> : never;
type Params<I extends OperationId> = [PathNames<OperationOf<I>['path']>] extends [never]
  ? { params?: never }
  : { params: Record<PathNames<OperationOf<I>['path']>, string> };
type Undefinable<T> = { [K in keyof T]?: T[K] | undefined };
export type Query<I extends OperationId> = OperationOf<I> extends Operation ? Undefinable<QueryOf<OperationOf<I>>> : never;
/** Defaults of the body may be left out. */
type Input<T> = T extends { _zod: { input: infer V } } ? V : never;
type Body<I extends OperationId> = OperationOf<I> extends { body: infer B } ? { body: Input<B> } : { body?: never };
export type CallOptions<I extends OperationId> = Params<I> &
  Body<I> & {
    query?: Query<I>;
    form?: FormData;
    signal?: AbortSignal | undefined /** Sent also when the page goes meanwhile. */;
    keepalive?: boolean;
    /** Of an answer that has words for people in it; the browser's own without. */
    language?: 'fr' | 'en';
  };
export type Result<I extends OperationId> = ResultOf<OperationOf<I>>;

/** Path and query of an operation, with every value percent-encoded; undefined and empty query values are left out. */
export function addressOf(
  path: string,
  params: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, unknown>> = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  return text === '' ? filled : `${filled}?${text}`;
}

/** A code of DICOM's controlled terminology (PS3.16 Annex D), scheme DCM. */
export interface DicomCode {
  readonly code: string;
  readonly meaning: string;
}

/** What an event is called by the standard: its EventID (CID 400), its type (CID 401) and what was done: create, read, update, delete or execute (PS3.15 A.5.2). */
export interface StandardEvent {
  readonly event: DicomCode;
  readonly type?: DicomCode;
  readonly done: 'C' | 'R' | 'U' | 'D' | 'E';
}

const EVENT = {
  activity: { code: '110100', meaning: 'Application Activity' },
  logUsed: { code: '110101', meaning: 'Audit Log Used' },
  accessed: { code: '110103', meaning: 'DICOM Instances Accessed' },
  transferred: { code: '110104', meaning: 'DICOM Instances Transferred' },
  studyDeleted: { code: '110105', meaning: 'DICOM Study Deleted' },
  exported: { code: '110106', meaning: 'Export' },
  imported: { code: '110107', meaning: 'Import' },
  order: { code: '110109', meaning: 'Order Record' },
  patient: { code: '110110', meaning: 'Patient Record' },
  procedure: { code: '110111', meaning: 'Procedure Record' },
  query: { code: '110112', meaning: 'Query' },
  alert: { code: '110113', meaning: 'Security Alert' },
  authentication: { code: '110114', meaning: 'User Authentication' },
} as const satisfies Readonly<Record<string, DicomCode>>;

const TYPE = {
  login: { code: '110122', meaning: 'Login' },
  logout: { code: '110123', meaning: 'Logout' },
  emergencyStarted: { code: '110127', meaning: 'Emergency Override Started' },
  network: { code: '110128', meaning: 'Network Configuration' },
  security: { code: '110129', meaning: 'Security Configuration' },
  restricted: { code: '110132', meaning: 'Use of Restricted Function' },
  roles: { code: '110136', meaning: 'Security Roles Changed' },
  emergencyStopped: { code: '110138', meaning: 'Emergency Override Stopped' },
  attributes: { code: '110137', meaning: 'User security Attributes Changed' },
} as const satisfies Readonly<Record<string, DicomCode>>;

const as = (event: DicomCode, done: StandardEvent['done'], type?: DicomCode): StandardEvent =>
  type === undefined ? { event, done } : { event, done, type };

/** Actions whose event is their own; all others go by their first word. */
const BY_ACTION: Readonly<Record<string, StandardEvent>> = {
  'access.denied': as(EVENT.alert, 'E', TYPE.restricted),
  'audit.chain-broken': as(EVENT.alert, 'E'),
  'audit.warned': as(EVENT.alert, 'E'),
  'auth.logout': as(EVENT.authentication, 'E', TYPE.logout),
  'emergency.opened': as(EVENT.alert, 'E', TYPE.emergencyStarted),
  'emergency.ended': as(EVENT.alert, 'E', TYPE.emergencyStopped),
  'emergency.not-found': as(EVENT.alert, 'E', TYPE.restricted),
  'emergency.listed': as(EVENT.query, 'E'),
  'patient.created': as(EVENT.patient, 'C'),
  'patient.exported': as(EVENT.exported, 'R'),
  'patient.handed-over': as(EVENT.exported, 'R'),
  'patient.list': as(EVENT.query, 'E'),
  'patient.purged': as(EVENT.patient, 'D'),
  'patient.read': as(EVENT.patient, 'R'),
  'study.export': as(EVENT.exported, 'R'),
  'study.file': as(EVENT.exported, 'R'),
  'study.import': as(EVENT.imported, 'C'),
  'study.list': as(EVENT.query, 'E'),
  'study.purged': as(EVENT.studyDeleted, 'D'),
  'study.retrieve': as(EVENT.transferred, 'R'),
  'study.send': as(EVENT.transferred, 'R'),
  'study.sent': as(EVENT.transferred, 'R'),
  'study.trashed': as(EVENT.studyDeleted, 'D'),
  'study.updated': as(EVENT.procedure, 'U'),
  'study.moved': as(EVENT.procedure, 'U'),
  'share.created': as(EVENT.exported, 'C'),
  'share.listed': as(EVENT.query, 'E'),
  'share.opened': as(EVENT.accessed, 'R'),
  'share.read': as(EVENT.accessed, 'R'),
  'share.refused': as(EVENT.alert, 'E', TYPE.restricted),
  'fhir.search': as(EVENT.query, 'E'),
  'fhir.everything': as(EVENT.exported, 'R'),
  'dicom-node.query': as(EVENT.query, 'E'),
  'dicom-node.worklist': as(EVENT.query, 'E'),
  'dicom-node.retrieve': as(EVENT.transferred, 'R'),
  'dicom-node.searched': as(EVENT.query, 'E'),
  'consultation.list': as(EVENT.query, 'E'),
  'prediction.list': as(EVENT.query, 'E'),
};

const BY_WORD: Readonly<Record<string, StandardEvent>> = {
  audit: as(EVENT.logUsed, 'R'),
  auth: as(EVENT.authentication, 'E', TYPE.login),
  search: as(EVENT.query, 'E'),
  patient: as(EVENT.patient, 'U'),
  study: as(EVENT.accessed, 'R'),
  annotation: as(EVENT.accessed, 'U'),
  prediction: as(EVENT.accessed, 'R'),
  report: as(EVENT.procedure, 'U'),
  consultation: as(EVENT.procedure, 'U'),
  conflict: as(EVENT.accessed, 'U'),
  instance: as(EVENT.accessed, 'U'),
  fhir: as(EVENT.patient, 'R'),
  user: as(EVENT.alert, 'U', TYPE.attributes),
  group: as(EVENT.alert, 'U', TYPE.roles),
  token: as(EVENT.alert, 'U', TYPE.attributes),
  'dicom-node': as(EVENT.alert, 'U', TYPE.network),
  'dicom-transfer': as(EVENT.transferred, 'E'),
};

/** What the standard calls an action; what it has no name for is an activity of the application. */
export const standardOf = (action: string): StandardEvent =>
  BY_ACTION[action] ?? BY_WORD[action.split('.')[0] ?? ''] ?? as(EVENT.activity, 'E');

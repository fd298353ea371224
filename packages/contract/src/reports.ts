import { z } from 'zod';
import { DicomUid, Instant, LocalDate, Partition, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

const Text = z.string().max(20_000);
/** Plain text; paragraphs are lines. */
export const ReportSections = z.strictObject({
  history: Text,
  technique: Text,
  comparison: Text,
  findings: Text,
  impression: Text,
});
export type ReportSections = z.infer<typeof ReportSections>;

const Language = z.enum(['fr', 'en']);
/** The name of what it was begun with; what it says is the page's. */
const Template = z.string().min(1).max(80).nullable();
const Author = z.object({ id: Uuid, name: z.string() }).nullable();

/** What is being written of a study. */
export const ReportDraft = z.object({
  /** Counts from 1 until it is signed. */
  version: z.int(),
  /** The signed version that it amends; 0 for a first one. */
  amends: z.int(),
  /** The patient whom its author saw. */
  writtenFor: Uuid,
  /** The study has gone to another record since: nothing is signed until it was read again for that one. */
  isOfOtherPatient: z.boolean(),
  language: Language,
  template: Template,
  sections: ReportSections,
  /** Who wrote last; null once the account is gone. */
  author: Author,
  changedAt: Instant,
});
export type ReportDraft = z.infer<typeof ReportDraft>;

/** What was signed: the canonical form of these fields are the bytes of `sha256`. */
export const SignedContent = z.object({
  format: z.literal('negatoscope-report/1'),
  number: z.int(),
  /** The version that this one amends, by its bytes. */
  amends: z.object({ number: z.int(), sha256: z.string() }).nullable(),
  study: z.object({
    studyInstanceUid: z.string(),
    date: LocalDate.nullable(),
    accessionNumber: z.string().nullable(),
    description: z.string().nullable(),
    modalities: z.array(z.string()),
  }),
  patient: z.object({
    id: Uuid,
    recordNumber: z.string(),
    lastName: z.string(),
    firstName: z.string(),
    birthDate: LocalDate.nullable(),
    sex: z.string().nullable(),
  }),
  language: Language,
  template: Template,
  sections: ReportSections,
  signedBy: z.object({ id: Uuid, name: z.string() }),
  signedAt: Instant,
});
export type SignedContent = z.infer<typeof SignedContent>;

/** A signed version. */
export const SignedReport = z.object({
  content: SignedContent,
  /** SHA-256 of the bytes that were signed, in hexadecimal. */
  sha256: z.string(),
  /** The study is in another record than the one that it was signed for. */
  isOfOtherPatient: z.boolean(),
});
export type SignedReport = z.infer<typeof SignedReport>;

export const StudyReport = z.object({
  /** In whose record the study is now: what is written from here on is about them. */
  patientId: Uuid,
  /** Null where nothing is being written, and for who may not write reports. */
  draft: ReportDraft.nullable(),
  /** A colleague’s draft is kept back from who is to say first what they see. */
  isDraftHidden: z.boolean(),
  /** Signed versions, the latest first: it alone counts. */
  versions: z.array(SignedReport),
  /** Whether the site lets who writes dictate by their browser. */
  mayDictate: z.boolean(),
});
export type StudyReport = z.infer<typeof StudyReport>;

/** A text that somebody sent. `version` is null for one that was refused, since another had come before it: it is kept all the same. */
export const ReportEdit = z.object({
  editId: Uuid,
  version: z.int().nullable(),
  amends: z.int(),
  language: Language,
  template: Template,
  sections: ReportSections,
  author: Author,
  at: Instant,
});
export type ReportEdit = z.infer<typeof ReportEdit>;

const StudyParams = z.strictObject({ studyInstanceUid: DicomUid });
const GroupQuery = z.strictObject({ groupId: Partition.optional() });

export const getReport = defineOperation({
  id: 'getReport',
  method: 'GET',
  path: '/api/studies/{studyInstanceUid}/report',
  tag: 'reports',
  permission: 'reports.read',
  identity: 'always',
  summary: 'The report of a study: what was signed, and for who writes reports what is being written',
  params: StudyParams,
  query: GroupQuery,
  responses: { 200: StudyReport },
  errors: ['AMBIGUOUS_UID', 'OBJECT_DAMAGED'],
});
export const saveReport = defineOperation({
  id: 'saveReport',
  method: 'PUT',
  path: '/api/studies/{studyInstanceUid}/report/draft',
  tag: 'reports',
  permission: 'reports.write',
  identity: 'always',
  summary:
    'Keep a report as it is typed; `current` of REPORT_CHANGED is the draft as it stands, null where it was signed meanwhile, and what was sent is kept beside it',
  params: StudyParams,
  query: GroupQuery,
  body: z.strictObject({
    /** Made by the client, one for each text: one that is sent again changes nothing. */
    editId: Uuid,
    /** Who wrote it: refused with OTHER_AUTHOR when somebody else is signed in by the time it is sent. */
    authorId: Uuid,
    /** The version that was changed; 0 for a new draft. */
    baseVersion: z.int().min(0).max(1_000_000),
    /** The latest signed version that its author saw; 0 for none. */
    amends: z.int().min(0).max(1_000_000),
    /** Whom its author took the study to be of. */
    patientId: Uuid,
    language: Language,
    template: Template,
    sections: ReportSections,
  }),
  responses: { 200: ReportDraft },
  errors: [
    'OPEN_FOR_READING',
    'AMBIGUOUS_UID',
    'REPORT_CHANGED',
    'REPORT_OF_OTHER_PATIENT',
    'OTHER_AUTHOR',
    'OPINION_FIRST',
    'CONFLICT',
    'UNPROCESSABLE',
  ],
});
export const signReport = defineOperation({
  id: 'signReport',
  method: 'POST',
  path: '/api/studies/{studyInstanceUid}/report/sign',
  tag: 'reports',
  permission: 'reports.write',
  identity: 'always',
  summary: 'Sign a draft as a version that never changes; the study is validated by it',
  params: StudyParams,
  query: GroupQuery,
  body: z.strictObject({
    /** The draft that its author has before them. */
    version: z.int().min(1).max(1_000_000),
    patientId: Uuid,
    /** Every value that was measured was measured on what is lossless: nothing is signed on less. */
    areValuesLossless: z.literal(true),
  }),
  responses: { 200: SignedReport },
  errors: [
    'OPEN_FOR_READING',
    'AMBIGUOUS_UID',
    'REPORT_CHANGED',
    'REPORT_OF_OTHER_PATIENT',
    'REPORT_EMPTY',
    'OPINION_FIRST',
    'PROOF_REQUIRED',
    'CONFLICT',
  ],
});
export const listReportEdits = defineOperation({
  id: 'listReportEdits',
  method: 'GET',
  path: '/api/studies/{studyInstanceUid}/report/edits',
  tag: 'reports',
  permission: 'reports.write',
  identity: 'always',
  summary: 'The texts that were sent of a report, refused ones too, the latest first, at most 100',
  params: StudyParams,
  query: GroupQuery,
  responses: { 200: z.object({ items: z.array(ReportEdit) }) },
  errors: ['AMBIGUOUS_UID', 'OPINION_FIRST'],
});

export const keepReportDocuments = defineOperation({
  id: 'keepReportDocuments',
  method: 'POST',
  path: '/api/studies/{studyInstanceUid}/report/documents',
  tag: 'reports',
  permission: 'reports.write',
  identity: 'always',
  summary: 'Make instances of the study of what was signed and is none yet: signing does so, and this again where that failed',
  params: StudyParams,
  query: GroupQuery,
  responses: { 200: z.object({ stored: z.int() }) },
  errors: ['AMBIGUOUS_UID', 'CONFLICT', 'OBJECT_DAMAGED'],
});
export const reportPdf = defineOperation({
  id: 'reportPdf',
  method: 'GET',
  path: '/api/studies/{studyInstanceUid}/report/versions/{number}/pdf',
  tag: 'reports',
  permission: 'reports.read',
  identity: 'always',
  summary: 'A signed version as PDF under the letterhead that it was signed under',
  params: StudyParams.extend({ number: z.coerce.number().int().min(1).max(1_000_000) }),
  query: GroupQuery,
  responses: { 200: { stream: 'application/pdf' } },
  errors: ['AMBIGUOUS_UID', 'CONFLICT', 'OBJECT_DAMAGED'],
});

export const reportOperations = [getReport, saveReport, signReport, listReportEdits, keepReportDocuments, reportPdf] as const;

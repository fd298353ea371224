import { z } from 'zod';
import { booleanQuery, IdParams, Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { ReportSections } from './reports.ts';

const Language = z.enum(['fr', 'en']);
const Level = z.enum(['OWN', 'SITE']);
const OfSomebody = {
  id: Uuid,
  /** A person’s own, or that of everybody at a site: of a group, or of the whole installation where `siteId` is null. */
  level: Level,
  siteId: Uuid.nullable(),
  language: Language,
  changedAt: Instant,
};
/** DICOM's code of a modality (PS3.3 C.7.3.1.1.1). */
const Modality = z.string().regex(/^[A-Z0-9_]{1,16}$/);

/** What a report may be begun with, beside what the page brings: plain text. */
export const ReportTemplate = z.object({
  ...OfSomebody,
  name: z.string(),
  /** Of which examinations; null: of any. */
  modality: z.string().nullable(),
  region: z.string().nullable(),
  sections: ReportSections,
});
export type ReportTemplate = z.infer<typeof ReportTemplate>;

/** What an abbreviation stands for. */
export const ReportPhrase = z.object({ ...OfSomebody, short: z.string(), text: z.string() });
export type ReportPhrase = z.infer<typeof ReportPhrase>;

/** What a template had that is not text: something that runs, that leads elsewhere, that is embedded. */
const LeftOut = z.enum(['SCRIPTS', 'LINKS', 'EMBEDDED']);
export type LeftOut = z.infer<typeof LeftOut>;
/** What was read of a file, to be looked at before it is kept. */
export const ReadReportTemplate = z.object({
  /** Empty where the file has none. */
  name: z.string(),
  /** Null where the file says none, or another. */
  language: Language.nullable(),
  sections: ReportSections,
  leftOut: z.array(LeftOut),
});
export type ReadReportTemplate = z.infer<typeof ReadReportTemplate>;

const Whose = { level: Level, siteId: Uuid.nullable() };
const isOfOneLevel = ({ level, siteId }: { level: 'OWN' | 'SITE'; siteId: string | null }): boolean =>
  level === 'SITE' || siteId === null;
const OWN_IS_OF_NO_SITE = { path: ['siteId'], message: 'One’s own is of no site.' };
const Name = z.string().trim().min(1).max(80);
/** Letters, digits and hyphens, beginning with a letter; written in small letters. */
const Short = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^\p{L}[\p{L}\p{N}-]{0,15}$/u);

export const listReportTexts = defineOperation({
  id: 'listReportTexts',
  method: 'GET',
  path: '/api/report-texts',
  tag: 'reports',
  permission: 'reports.read',
  summary:
    'Templates and phrases of reports: one’s own, and those of one’s site and of the installation; of all sites with groups.manage',
  query: z.strictObject({ ofAllSites: booleanQuery.optional() }),
  responses: { 200: z.object({ templates: z.array(ReportTemplate), phrases: z.array(ReportPhrase) }) },
  errors: ['FORBIDDEN'],
});
export const saveReportTemplate = defineOperation({
  id: 'saveReportTemplate',
  method: 'PUT',
  path: '/api/report-templates',
  tag: 'reports',
  permission: 'reports.read',
  summary: 'Keep a template: a new one, or the one that it `replaces`; one’s own with reports.write, a site’s with groups.manage',
  body: z
    .strictObject({
      ...Whose,
      /** Null for a new one. */
      replaces: Uuid.nullable(),
      language: Language,
      name: Name,
      modality: Modality.nullable(),
      region: z.string().trim().min(1).max(40).nullable(),
      sections: ReportSections,
    })
    .refine(isOfOneLevel, OWN_IS_OF_NO_SITE),
  responses: { 200: ReportTemplate },
  errors: ['FORBIDDEN', 'NOT_FOUND', 'NAME_TAKEN', 'UNPROCESSABLE'],
});
export const readReportTemplate = defineOperation({
  id: 'readReportTemplate',
  method: 'POST',
  path: '/api/report-templates/mrrt',
  tag: 'reports',
  permission: 'reports.read',
  summary:
    'Read a template of IHE’s MRRT as plain text, fields as what is to be filled in; nothing is kept until it is saved as a template',
  body: z.strictObject({ html: z.string().min(1) }),
  responses: { 200: ReadReportTemplate },
  errors: ['FORBIDDEN', 'TEMPLATE_UNREADABLE', 'TEMPLATE_TOO_LARGE', 'TEMPLATE_TOO_DEEP'],
});
export const deleteReportTemplate = defineOperation({
  id: 'deleteReportTemplate',
  method: 'DELETE',
  path: '/api/report-templates/{id}',
  tag: 'reports',
  permission: 'reports.read',
  summary: 'Take a template away: one’s own, or with groups.manage a site’s; reports that were begun with it stay',
  params: IdParams,
  responses: { 204: null },
  errors: ['FORBIDDEN'],
});
export const saveReportPhrase = defineOperation({
  id: 'saveReportPhrase',
  method: 'PUT',
  path: '/api/report-phrases',
  tag: 'reports',
  permission: 'reports.read',
  summary: 'Keep a phrase: a new one, or the one that it `replaces`; one’s own with reports.write, a site’s with groups.manage',
  body: z
    .strictObject({
      ...Whose,
      /** Null for a new one. */
      replaces: Uuid.nullable(),
      language: Language,
      short: Short,
      text: z.string().trim().min(1).max(2_000),
    })
    .refine(isOfOneLevel, OWN_IS_OF_NO_SITE),
  responses: { 200: ReportPhrase },
  errors: ['FORBIDDEN', 'NOT_FOUND', 'NAME_TAKEN', 'UNPROCESSABLE'],
});
export const deleteReportPhrase = defineOperation({
  id: 'deleteReportPhrase',
  method: 'DELETE',
  path: '/api/report-phrases/{id}',
  tag: 'reports',
  permission: 'reports.read',
  summary: 'Take a phrase away: one’s own, or with groups.manage a site’s',
  params: IdParams,
  responses: { 204: null },
  errors: ['FORBIDDEN'],
});
export const reportTextOperations = [
  listReportTexts,
  saveReportTemplate,
  readReportTemplate,
  deleteReportTemplate,
  saveReportPhrase,
  deleteReportPhrase,
] as const;

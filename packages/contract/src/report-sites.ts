import { z } from 'zod';
import { Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

const Line = z.string().trim().max(100);
/** What stands above a printed report. */
export const Letterhead = z.strictObject({
  name: Line.min(1),
  /** Address, department: each a line. */
  lines: z.array(Line.min(1)).max(6),
  phone: z.string().trim().min(1).max(40).nullable(),
  /** PNG or JPEG of at most 300 kB, in base64; it is made anew, at most 400 pixels wide and high. */
  logo: z.base64().max(420_000).nullable(),
});
export type Letterhead = z.infer<typeof Letterhead>;

/** What a site says of its reports: a group, or the installation where `siteId` is null. */
export const ReportSite = z.object({
  siteId: Uuid.nullable(),
  /** Null: as the installation, whose reports stand under its name where it has none. */
  letterhead: Letterhead.nullable(),
  /** Whether who writes may dictate by the browser, whose maker may send the sound to its servers. Null: as the installation, where nobody may unless it says so. */
  mayDictate: z.boolean().nullable(),
});
export type ReportSite = z.infer<typeof ReportSite>;

export const getReportSite = defineOperation({
  id: 'getReportSite',
  method: 'GET',
  path: '/api/report-sites',
  tag: 'reports',
  permission: 'groups.manage',
  summary: 'Letterhead and dictation of a site, or of the installation without `siteId`',
  query: z.strictObject({ siteId: Uuid.optional() }),
  responses: { 200: ReportSite },
  errors: ['NOT_FOUND'],
});
export const saveReportSite = defineOperation({
  id: 'saveReportSite',
  method: 'PUT',
  path: '/api/report-sites',
  tag: 'reports',
  permission: 'groups.manage',
  summary:
    'Set letterhead and dictation of a site; reports that are signed stay under the letterhead that they were signed under',
  body: z.strictObject({ siteId: Uuid.nullable(), letterhead: Letterhead.nullable(), mayDictate: z.boolean().nullable() }),
  responses: { 200: ReportSite },
  errors: ['NOT_FOUND', 'LOGO_UNREADABLE'],
});
export const reportSiteOperations = [getReportSite, saveReportSite] as const;

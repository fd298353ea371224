import { getReport, keepReportDocuments, listReportEdits, reportPdf, saveReport, signReport } from '@negatoscope/contract';
import type { Person } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import { type DocumentDeps, keepDocuments } from './documents.ts';
import { registerSites } from './letterhead/index.ts';
import { pdfOf } from './pdf.ts';
import { readerOf } from './reader.ts';
import type { ReportDeps, StudyRef } from './service.ts';
import * as reports from './service.ts';
import { sign } from './sign.ts';
import { signedPdfs } from './signed-pdfs.ts';
import { registerTexts } from './texts/index.ts';

export type { ReportDeps };

const refOf = (params: { studyInstanceUid: string }, { groupId }: { groupId?: string | undefined }): StudyRef => ({
  uid: params.studyInstanceUid,
  groupId,
});

interface Reports extends ReturnType<typeof readerOf> {
  /** Signed versions as files that leave with the patient. */
  pdfs(actor: Person, of: { studyId: string; patientId: string }): ReturnType<typeof signedPdfs>;
}

/** Joins reports to the router; gives what other rooms are told of them. */
export function registerReports(router: Router, deps: DocumentDeps): Reports {
  router.handle(getReport, ({ actor, params, query }) => reports.get(deps, actor, refOf(params, query)));
  router.handle(saveReport, ({ actor, params, query, body }) => reports.save(deps, actor, refOf(params, query), body));
  router.handle(signReport, ({ actor, params, query, body }) => sign(deps, actor, refOf(params, query), body));
  router.handle(listReportEdits, ({ actor, params, query }) => reports.edits(deps, actor, refOf(params, query)));
  router.handle(keepReportDocuments, ({ actor, params, query }) => keepDocuments(deps, actor, refOf(params, query)));
  router.handle(reportPdf, async ({ actor, params, query, reply }) => {
    const pdf = await pdfOf(deps, actor, refOf(params, query), params.number);
    const name = `report-${params.number}.pdf`;
    return reply
      .type('application/pdf')
      .header('content-disposition', `inline; filename="${name}"`)
      .header('cache-control', 'no-store')
      .send(pdf);
  });
  registerTexts(router, deps);
  registerSites(router, deps);
  return { ...readerOf(deps), pdfs: (actor, of) => signedPdfs(deps, actor, of) };
}

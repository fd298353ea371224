import { getReport, listReportEdits, saveReport, signReport } from '@negatoscope/contract';
import type { Router } from '../../access/router.ts';
import { readerOf } from './reader.ts';
import type { ReportDeps, StudyRef } from './service.ts';
import * as reports from './service.ts';
import { sign } from './sign.ts';

export type { ReportDeps };

const refOf = (params: { studyInstanceUid: string }, { groupId }: { groupId?: string | undefined }): StudyRef => ({
  uid: params.studyInstanceUid,
  groupId,
});

/** Joins reports to the router; gives what other rooms are told of them. */
export function registerReports(router: Router, deps: ReportDeps): ReturnType<typeof readerOf> {
  router.handle(getReport, ({ actor, params, query }) => reports.get(deps, actor, refOf(params, query)));
  router.handle(saveReport, ({ actor, params, query, body }) => reports.save(deps, actor, refOf(params, query), body));
  router.handle(signReport, ({ actor, params, query, body }) => sign(deps, actor, refOf(params, query), body));
  router.handle(listReportEdits, ({ actor, params, query }) => reports.edits(deps, actor, refOf(params, query)));
  return readerOf(deps);
}

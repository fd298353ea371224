import {
  deleteReportPhrase,
  deleteReportTemplate,
  listReportTexts,
  readReportTemplate,
  saveReportPhrase,
  saveReportTemplate,
} from '@negatoscope/contract';
import { can } from '../../../access/index.ts';
import type { Router } from '../../../access/router.ts';
import { Failure } from '../../../kernel/failure.ts';
import { readMrrt } from '../mrrt/parse.ts';
import { dropText, type TextDeps } from './keeping.ts';
import * as texts from './service.ts';

/** Joins templates and phrases of people and sites to the router. */
export function registerTexts(router: Router, deps: TextDeps): void {
  router.handle(listReportTexts, ({ actor, query }) => texts.list(deps, actor, query.ofAllSites === true));
  router.handle(saveReportTemplate, ({ actor, body }) => texts.saveTemplate(deps, actor, body));
  router.handle(deleteReportTemplate, ({ actor, params }) => dropText(deps, actor, texts.TEMPLATES, params.id));
  router.handle(readReportTemplate, async ({ actor, body }) => {
    // For who may keep what is read.
    if (!can(actor, 'reports.write') && !can(actor, 'groups.manage')) throw new Failure('FORBIDDEN');
    return readMrrt(body.html);
  });
  router.handle(saveReportPhrase, ({ actor, body }) => texts.savePhrase(deps, actor, body));
  router.handle(deleteReportPhrase, ({ actor, params }) => dropText(deps, actor, texts.PHRASES, params.id));
}

import {
  deleteReportPhrase,
  deleteReportTemplate,
  listReportTexts,
  saveReportPhrase,
  saveReportTemplate,
} from '@negatoscope/contract';
import type { Router } from '../../../access/router.ts';
import { dropText, type TextDeps } from './keeping.ts';
import * as texts from './service.ts';

/** Joins templates and phrases of people and sites to the router. */
export function registerTexts(router: Router, deps: TextDeps): void {
  router.handle(listReportTexts, ({ actor, query }) => texts.list(deps, actor, query.ofAllSites === true));
  router.handle(saveReportTemplate, ({ actor, body }) => texts.saveTemplate(deps, actor, body));
  router.handle(deleteReportTemplate, ({ actor, params }) => dropText(deps, actor, texts.TEMPLATES, params.id));
  router.handle(saveReportPhrase, ({ actor, body }) => texts.savePhrase(deps, actor, body));
  router.handle(deleteReportPhrase, ({ actor, params }) => dropText(deps, actor, texts.PHRASES, params.id));
}

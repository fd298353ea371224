import type {
  BodyOf,
  listReportTexts,
  ReportPhrase,
  ReportTemplate,
  ResultOf,
  saveReportPhrase,
  saveReportTemplate,
} from '@negatoscope/contract';
import { type Person, requirePermission, scopeOf } from '../../../access/index.ts';
import { type Kind, keepText, requireStorable, type TextDeps } from './keeping.ts';
import * as repository from './repository.ts';

export const TEMPLATES: Kind<repository.TemplateRow, BodyOf<typeof saveReportTemplate>> = {
  ...{ what: 'report-template', most: 200, find: repository.findTemplate, count: repository.countTemplates },
  ...{ keep: repository.keepTemplate, delete: repository.deleteTemplate },
};
export const PHRASES: Kind<repository.PhraseRow, BodyOf<typeof saveReportPhrase>> = {
  ...{ what: 'report-phrase', most: 500, find: repository.findPhrase, count: repository.countPhrases },
  ...{ keep: repository.keepPhrase, delete: repository.deletePhrase },
};

const commonOf = (row: repository.TemplateRow | repository.PhraseRow) =>
  ({
    id: row.id,
    level: row.user_id === null ? 'SITE' : 'OWN',
    siteId: row.site_id,
    language: row.language,
    changedAt: row.changed_at.toISOString(),
  }) as const;
export const templateOf = (row: repository.TemplateRow): ReportTemplate => ({
  ...commonOf(row),
  ...{ name: row.name, modality: row.modality, region: row.region, sections: row.sections },
});
const phraseOf = (row: repository.PhraseRow): ReportPhrase => ({ ...commonOf(row), short: row.short, text: row.text });

/** What this person may begin a report with, and what their abbreviations stand for; of all sites, for who manages them: fails with FORBIDDEN for others. */
export async function list({ db }: TextDeps, actor: Person, ofAllSites: boolean): Promise<ResultOf<typeof listReportTexts>> {
  if (ofAllSites) requirePermission(actor, 'groups.manage');
  const { userId, groupIds } = actor;
  const { templates, phrases } = await db.reading(scopeOf(actor), async (tx) =>
    ofAllSites
      ? { templates: await repository.findTemplatesOfSites(tx), phrases: await repository.findPhrasesOfSites(tx) }
      : {
          templates: await repository.findTemplates(tx, userId, groupIds),
          phrases: await repository.findPhrases(tx, userId, groupIds),
        },
  );
  return { templates: templates.map(templateOf), phrases: phrases.map(phraseOf) };
}

/** Keeps a template; see `keepText`. */
export async function saveTemplate(
  deps: TextDeps,
  actor: Person,
  body: BodyOf<typeof saveReportTemplate>,
): Promise<ReportTemplate> {
  const sections = Object.fromEntries(Object.entries(body.sections).map(([name, text]) => [`sections.${name}`, text]));
  requireStorable({ name: body.name, region: body.region, ...sections });
  return templateOf(await keepText(deps, actor, TEMPLATES, body));
}

/** Keeps a phrase; see `keepText`. */
export async function savePhrase(deps: TextDeps, actor: Person, body: BodyOf<typeof saveReportPhrase>): Promise<ReportPhrase> {
  requireStorable({ text: body.text });
  return phraseOf(await keepText(deps, actor, PHRASES, body));
}

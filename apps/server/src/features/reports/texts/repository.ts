import type { BodyOf, saveReportPhrase, saveReportTemplate } from '@negatoscope/contract';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';

/** Whose a text is: a person's, a site's, or of neither the installation's. */
export interface Whose {
  readonly userId: string | null;
  readonly siteId: string | null;
}
const TEMPLATE = 'id, user_id, site_id, language, name, modality, region, sections, changed_at';
const PHRASE = 'id, user_id, site_id, language, short, text, changed_at';

export type TemplateRow = FoundBy<typeof findTemplate>;
export type PhraseRow = FoundBy<typeof findPhrase>;

/** Those of a person, of their groups and of the installation; an administrator sees other people's rows, but is not asked for them. */
export const findTemplates = (tx: ReadTx, userId: string, groupIds: readonly string[]): Promise<TemplateRow[]> =>
  tx.rows(
    `SELECT ${TEMPLATE} FROM report_templates WHERE user_id = $1 OR (user_id IS NULL AND (site_id IS NULL OR site_id = ANY ($2::uuid[])))
     ORDER BY user_id NULLS LAST, site_id NULLS LAST, name, id`,
    [userId, groupIds],
  );
export const findPhrases = (tx: ReadTx, userId: string, groupIds: readonly string[]): Promise<PhraseRow[]> =>
  tx.rows(
    `SELECT ${PHRASE} FROM report_phrases WHERE user_id = $1 OR (user_id IS NULL AND (site_id IS NULL OR site_id = ANY ($2::uuid[])))
     ORDER BY user_id NULLS LAST, site_id NULLS LAST, short, id`,
    [userId, groupIds],
  );

/** Those of every site and of the installation. */
export const findTemplatesOfSites = (tx: ReadTx): Promise<TemplateRow[]> =>
  tx.rows(`SELECT ${TEMPLATE} FROM report_templates WHERE user_id IS NULL ORDER BY site_id NULLS FIRST, name, id`, []);
export const findPhrasesOfSites = (tx: ReadTx): Promise<PhraseRow[]> =>
  tx.rows(`SELECT ${PHRASE} FROM report_phrases WHERE user_id IS NULL ORDER BY site_id NULLS FIRST, short, id`, []);

export const findTemplate = (tx: ReadTx, id: string) => tx.first(`SELECT ${TEMPLATE} FROM report_templates WHERE id = $1`, [id]);
export const findPhrase = (tx: ReadTx, id: string) => tx.first(`SELECT ${PHRASE} FROM report_phrases WHERE id = $1`, [id]);

export const countTemplates = async (tx: ReadTx, { userId, siteId }: Whose): Promise<number> =>
  (
    await tx.first(
      'SELECT count(*)::int AS n FROM report_templates WHERE user_id IS NOT DISTINCT FROM $1::uuid AND site_id IS NOT DISTINCT FROM $2::uuid',
      [userId, siteId],
    )
  )?.n ?? 0;
export const countPhrases = async (tx: ReadTx, { userId, siteId }: Whose): Promise<number> =>
  (
    await tx.first(
      'SELECT count(*)::int AS n FROM report_phrases WHERE user_id IS NOT DISTINCT FROM $1::uuid AND site_id IS NOT DISTINCT FROM $2::uuid',
      [userId, siteId],
    )
  )?.n ?? 0;

interface Keeping extends Whose {
  readonly id: string;
  readonly now: Date;
}
/** Keeps a template in place of the one of its id; fails with UNIQUE_VIOLATION where another has its name. */
export const keepTemplate = (
  tx: Tx,
  { id, userId, siteId, now }: Keeping,
  of: Omit<BodyOf<typeof saveReportTemplate>, 'replaces'>,
) =>
  tx.first(
    `INSERT INTO report_templates (id, user_id, site_id, language, name, modality, region, sections, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)
     ON CONFLICT (id) DO UPDATE SET language = EXCLUDED.language, name = EXCLUDED.name, modality = EXCLUDED.modality,
       region = EXCLUDED.region, sections = EXCLUDED.sections, changed_at = EXCLUDED.changed_at
     RETURNING ${TEMPLATE}`,
    [id, userId, siteId, of.language, of.name, of.modality, of.region, JSON.stringify(of.sections), now],
  );
/** Keeps a phrase in place of the one of its id; fails with UNIQUE_VIOLATION where another has its abbreviation. */
export const keepPhrase = (tx: Tx, { id, userId, siteId, now }: Keeping, of: Omit<BodyOf<typeof saveReportPhrase>, 'replaces'>) =>
  tx.first(
    `INSERT INTO report_phrases (id, user_id, site_id, language, short, text, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (id) DO UPDATE SET language = EXCLUDED.language, short = EXCLUDED.short, text = EXCLUDED.text, changed_at = EXCLUDED.changed_at
     RETURNING ${PHRASE}`,
    [id, userId, siteId, of.language, of.short, of.text, now],
  );

export const deleteTemplate = (tx: Tx, id: string): Promise<number> => tx.run('DELETE FROM report_templates WHERE id = $1', [id]);
export const deletePhrase = (tx: Tx, id: string): Promise<number> => tx.run('DELETE FROM report_phrases WHERE id = $1', [id]);

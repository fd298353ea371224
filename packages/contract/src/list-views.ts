import { z } from 'zod';
import { IdParams, Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

/** What a list shows: its columns in order with their widths in CSS px where somebody set them, its order and its filters by their names. */
export const ListViewContent = z.strictObject({
  columns: z
    .array(z.strictObject({ id: z.string().max(20), width: z.number().int().min(40).max(800).optional() }))
    .max(30)
    .nullable(),
  sort: z.string().max(40).nullable(),
  filters: z.record(z.string().max(20), z.string().max(200)),
});
export type ListViewContent = z.infer<typeof ListViewContent>;
/** A person's own, or that of everybody at a site: of a group, or of the whole installation where that is null. An own one without a name is how they left the list. */
export const ListView = z.object({
  id: Uuid,
  level: z.enum(['OWN', 'SITE']),
  siteId: Uuid.nullable(),
  name: z.string(),
  content: ListViewContent,
  changedAt: Instant,
});
export type ListView = z.infer<typeof ListView>;
export const listListViews = defineOperation({
  id: 'listListViews',
  method: 'GET',
  path: '/api/list-views',
  tag: 'studies',
  permission: 'studies.read',
  summary: 'Saved views of the worklist: one’s own, and those of one’s site and of the installation',
  responses: { 200: z.object({ items: z.array(ListView) }) },
});
export const saveListView = defineOperation({
  id: 'saveListView',
  method: 'PUT',
  path: '/api/list-views',
  tag: 'studies',
  permission: 'studies.read',
  summary: 'Keep a view in place of the one of that name; for a site with groups.manage only',
  body: z
    .strictObject({
      level: z.enum(['OWN', 'SITE']),
      siteId: Uuid.nullable(),
      name: z.string().trim().max(60),
      content: ListViewContent,
    })
    .refine(({ level, siteId, name }) => (level === 'SITE' ? name !== '' : siteId === null), {
      path: ['siteId'],
      message: 'One’s own is of no site, and a site’s has a name.',
    }),
  /** `replaced`: what the view of that name showed before, for who did not mean to write over it; null where there was none. */
  responses: { 200: ListView.extend({ replaced: ListViewContent.nullable() }) },
  errors: ['FORBIDDEN', 'UNPROCESSABLE'],
});
export const deleteListView = defineOperation({
  id: 'deleteListView',
  method: 'DELETE',
  path: '/api/list-views/{id}',
  tag: 'studies',
  permission: 'studies.read',
  summary: 'Take a view away: one’s own, or with groups.manage a site’s',
  params: IdParams,
  responses: { 204: null },
  errors: ['FORBIDDEN'],
});
export const listViewOperations = [listListViews, saveListView, deleteListView] as const;

import type { BodyOf, createDeidProject, DeidProject } from '@negatoscope/contract';
import type { DeidOption, DeidProfile, KeyedHash } from '@negatoscope/dicom';
import { type Actor, mayFill, type Person, requirePermission, scopeOf } from '../../../access/index.ts';
import { onceHash } from '../../../archive/deidentified/index.ts';
import { storableText } from '../../../archive/search/index-list.ts';
import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Treatment } from '../deidentified-archive.ts';
import type { ExportDeps } from '../deps.ts';
import { newSealedKey, openHash } from './project-key.ts';
import * as rows from './project-rows.ts';

export type ProjectDeps = Pick<ExportDeps, 'db' | 'audit' | 'clock' | 'projectKey'>;

/** Of those that one person sees: nobody fills the table. */
const MOST_PROJECTS = 500;

const hashOf = ({ projectKey }: ProjectDeps, row: rows.ProjectRow): KeyedHash | undefined =>
  openHash(projectKey, row.sealed_key, row.id);

const projectOf = (deps: ProjectDeps, row: rows.ProjectRow): DeidProject => ({
  id: row.id,
  name: row.name,
  note: row.note,
  options: row.options,
  dates: row.dates,
  groupId: row.group_id,
  by: row.created_by === null ? null : { id: row.created_by, name: row.by_name ?? '' },
  createdAt: row.created_at.toISOString(),
  hasKey: hashOf(deps, row) !== undefined,
});

export async function list(deps: ProjectDeps, actor: Person): Promise<{ items: DeidProject[] }> {
  const found = await deps.db.reading(scopeOf(actor), (tx) => rows.findProjects(tx, MOST_PROJECTS));
  return { items: found.map((row) => projectOf(deps, row)) };
}

/** A text as it can be kept. Fails with VALIDATION_FAILED. */
function kept(path: string, text: string): string {
  if (storableText(text) !== text) throw new Failure('VALIDATION_FAILED', { errors: [{ path, message: 'Not a text.' }] });
  return text;
}

/** A project of one's main group or another of one's own, with a new key. Fails with VALIDATION_FAILED, NOT_FOUND for a group of others, UNPROCESSABLE where there are too many. */
export const create = (deps: ProjectDeps, actor: Person, body: BodyOf<typeof createDeidProject>): Promise<DeidProject> =>
  deps.db.withScope(scopeOf(actor), async (tx) => {
    if ((await rows.countProjects(tx)) >= MOST_PROJECTS) throw new Failure('UNPROCESSABLE', { detail: 'Too many projects.' });
    const id = newId();
    const { userId } = actor;
    const groupId = body.groupId ?? actor.groupId;
    if (!mayFill(actor, groupId)) throw notFound();
    const [name, note] = [kept('name', body.name), kept('note', body.note)];
    const options = [...new Set(body.options)].sort();
    const { dates } = body;
    const sealedKey = newSealedKey(deps.projectKey, id);
    await rows.insertProject(tx, { id, name, note, options, dates, groupId, sealedKey, userId, now: deps.clock.now() });
    const of = { entityType: 'deid-project', entityId: id, groupId };
    await deps.audit.record(tx, { action: 'deid-project.created', actor, ...of, details: { options, dates } });
    const row = await rows.findProject(tx, id);
    if (row === undefined) throw new BrokenInvariant('A project that was kept is not there.');
    return projectOf(deps, row);
  });

function profileOf({ options, dates }: rows.ProjectRow): DeidProfile {
  const chosen = new Set<DeidOption>(options);
  if (dates === 'SHIFTED') chosen.add('retainModifiedDates');
  return { options: chosen };
}

/** A project that the actor sees, with its key. Fails with NOT_FOUND, PROJECT_KEY_LOST. */
export async function requireProject(
  deps: ProjectDeps,
  actor: Actor,
  id: string,
): Promise<{ readonly row: rows.ProjectRow; readonly hash: KeyedHash }> {
  const row = await deps.db.reading(scopeOf(actor), (tx) => rows.findProject(tx, id));
  if (row === undefined) throw notFound();
  const hash = hashOf(deps, row);
  if (hash === undefined) throw new Failure('PROJECT_KEY_LOST');
  return { row, hash };
}

/** How files lose their identity: as the project has it, or by the Basic Profile and a key for this once. Needs `exports.anonymised`; fails as `requireProject` does. */
export async function treatmentFor(deps: ProjectDeps, actor: Actor, projectId: string | undefined): Promise<Treatment> {
  requirePermission(actor, 'exports.anonymised');
  if (projectId === undefined) return { hash: onceHash(), profile: { options: new Set() } };
  const { row, hash } = await requireProject(deps, actor, projectId);
  return { hash, profile: profileOf(row), project: { id: row.id, name: row.name } };
}

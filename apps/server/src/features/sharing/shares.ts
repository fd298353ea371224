import type { BodyOf, createShare, listShares, QueryOf, ResultOf, Share } from '@negatoscope/contract';
import { personOnPage } from '@negatoscope/contract';
import { can, type Person, requireMoreThanReading, requirePermission, scopeOf } from '../../access/index.ts';
import { findStudies } from '../../archive/records/studies.ts';
import { type StudyRow, studyOf } from '../../archive/records/study-rows.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import { aUuid, decodeCursor, encodeCursor, TOTAL_CAP } from '../../kernel/list.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import type { SharingDeps } from './deps.ts';
import * as repository from './repository.ts';
import { downloadNeeds, expiryOf, hashOf, newCode, newSecret, profileFor, stateOf } from './rules.ts';
import { standingsOf } from './standing.ts';

/** So many accesses of a share are told; older ones are in the journal. */
const MOST_ACCESSES = 500;

/** Whose shares somebody sees: their own, or everybody's (null) for who manages people. */
const whoseFor = (actor: Person): string | null => (can(actor, 'users.manage') ? null : actor.userId);

function studyIn(row: StudyRow, actor: Person): Share['studies'][number] {
  const { id, studyInstanceUid, patient, description, studyDate, modalities } = studyOf(row, actor);
  return { id, studyInstanceUid, patientId: patient.id, patientName: personOnPage(patient), description, studyDate, modalities };
}

function shareOf(
  row: repository.ShareRow,
  actor: Person,
  { studies, state }: { readonly studies: readonly StudyRow[]; readonly state: Share['state'] },
): Share {
  const ended = row.withdrawn_at ?? row.closed_at;
  return {
    id: row.id,
    author: row.user_id === null ? null : { id: row.user_id, name: row.user_name ?? '' },
    recipient: row.recipient,
    note: row.note,
    profile: row.profile,
    withCode: row.with_code === true,
    mayDownload: row.may_download,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    maxOpenings: row.max_openings,
    openings: row.openings,
    lastOpenedAt: row.last_opened_at?.toISOString() ?? null,
    state,
    endedAt: ended?.toISOString() ?? null,
    studyCount: row.study_count,
    studies: studies.map((study) => studyIn(study, actor)),
  };
}

/** Shares as somebody sees them: of the studies those in their own scope; LOST where the author shows nothing any more. Whose names are shown is audited. */
async function shown(deps: SharingDeps, actor: Person, rows: readonly repository.ShareRow[]): Promise<Share[]> {
  const scope = scopeOf(actor);
  const ids = [...new Set(rows.flatMap((row) => row.study_ids ?? []))];
  const studies = ids.length === 0 ? [] : await deps.db.reading(scope, (tx) => findStudies(tx, scope, ids));
  const now = deps.clock.now();
  const open = rows.filter((row) => stateOf(row, now) === 'OPEN');
  const standings = await standingsOf(deps, open);
  const lost = new Set(open.filter((_row, at) => standings[at] === undefined));
  const seen = rows.map((row) => {
    const own = new Set(row.study_ids ?? []);
    const state = lost.has(row) ? 'LOST' : stateOf(row, now);
    return shareOf(row, actor, { studies: studies.filter(({ id }) => own.has(id)), state });
  });
  const patients = studies.map(({ patient_id: id }) => id);
  await deps.audit.show(actor, { action: 'share.listed', entityType: 'share', shown: patients, filters: [] });
  return seen;
}

/** The studies to be shared. Fails with NOT_FOUND where any is not in scope, OPEN_FOR_READING for one that is open in an emergency, AMBIGUOUS_UID where a link could not tell two apart. */
async function requireStudies(tx: ReadTx, actor: Person, ids: readonly string[]): Promise<StudyRow[]> {
  const studies = await findStudies(tx, scopeOf(actor), ids);
  if (studies.length !== ids.length) throw notFound();
  for (const { group_id: groupId } of studies) requireMoreThanReading(actor, groupId);
  if (new Set(studies.map((study) => study.study_instance_uid)).size !== studies.length) throw new Failure('AMBIGUOUS_UID');
  return studies;
}

/** Makes a share and says its secret, which is not kept. Fails as `requireStudies` does, with FORBIDDEN where files may not leave, with VALIDATION_FAILED for its end. */
export async function create(
  deps: SharingDeps,
  actor: Person,
  body: BodyOf<typeof createShare>,
): Promise<ResultOf<typeof createShare>> {
  const { db, clock, audit, strangers } = deps;
  const profile = profileFor(actor, body.profile);
  if (body.mayDownload) requirePermission(actor, downloadNeeds(profile));
  const now = clock.now();
  const expiresAt = expiryOf(body.expiresAt, now);
  const [secret, code] = [newSecret(), body.withCode ? newCode() : null];
  const secretHash = hashOf(secret);
  if (secretHash === undefined) throw new Failure('INTERNAL');
  const codeHash = code === null ? null : await strangers.hash(code);
  const share: repository.NewShare = {
    ...{ id: newId(), userId: actor.userId, secretHash, codeHash, profile, recipient: body.recipient, note: body.note ?? null },
    ...{ mayDownload: body.mayDownload, maxOpenings: body.maxOpenings ?? null, now, expiresAt },
    studyIds: [...new Set(body.studyIds)],
  };
  const row = await db.withScope(scopeOf(actor), async (tx) => {
    const studies = await requireStudies(tx, actor, share.studyIds);
    await repository.insertShare(tx, share);
    const details = { share: share.id, recipient: share.recipient, profile, download: share.mayDownload };
    await audit.recordAll(
      tx,
      studies.map(({ id, patient_id: patientId, group_id: groupId }) => ({
        ...({ action: 'share.created', actor, entityType: 'study', entityId: id, patientId, groupId, details } as const),
      })),
    );
    return repository.findShare(tx, share.id, actor.userId);
  });
  if (row === undefined) throw new Failure('INTERNAL');
  const [made] = await shown(deps, actor, [row]);
  if (made === undefined) throw new Failure('INTERNAL');
  return { share: made, address: `/s#${secret}`, code };
}

/** A page of shares. Fails with BAD_CURSOR. */
export async function list(
  deps: SharingDeps,
  actor: Person,
  { limit, cursor, open }: QueryOf<typeof listShares>,
): Promise<ResultOf<typeof listShares>> {
  const after = cursor === undefined ? null : decodeCursor<[string]>(cursor, aUuid)[0];
  const asked = { userId: whoseFor(actor), isOpen: open ?? null, now: deps.clock.now() };
  const { rows, total } = await deps.db.reading(scopeOf(actor), async (tx) => ({
    rows: await repository.findShares(tx, { ...asked, after, limit: limit + 1 }),
    total: await repository.countShares(tx, { ...asked, cap: TOTAL_CAP + 1 }),
  }));
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: await shown(deps, actor, page),
    nextCursor: last === undefined ? null : encodeCursor([last.id]),
    total: Math.min(total, TOTAL_CAP),
    totalIsExact: total <= TOTAL_CAP,
  };
}

/** One share with its accesses. Fails with NOT_FOUND for another person's. */
export async function details(deps: SharingDeps, actor: Person, id: string) {
  const { row, accesses } = await deps.db.reading(scopeOf(actor), async (tx) => ({
    row: await repository.findShare(tx, id, whoseFor(actor)),
    accesses: await repository.findAccesses(tx, id, MOST_ACCESSES),
  }));
  if (row === undefined) throw notFound();
  const [share] = await shown(deps, actor, [row]);
  if (share === undefined) throw notFound();
  return { ...share, accesses: accesses.map(({ at, ip, outcome }) => ({ at: at.toISOString(), ip, outcome })) };
}

/** Withdraws a share for good; every process hears of it with the commit. A second time changes nothing. Fails with NOT_FOUND for another person's. */
export async function withdraw({ db, clock, audit }: SharingDeps, actor: Person, id: string): Promise<void> {
  await db.withScope(scopeOf(actor), async (tx) => {
    const row = await repository.findShare(tx, id, whoseFor(actor));
    if (row === undefined) throw notFound();
    if ((await repository.withdraw(tx, id, clock.now())) === 0) return;
    await audit.record(tx, { action: 'share.withdrawn', actor, entityType: 'share', entityId: id });
  });
}

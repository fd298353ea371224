import type { BodyOf, ErrorCode, openShared } from '@negatoscope/contract';
import { MOST_WRONG_CODES } from '@negatoscope/contract';
import { link, scopeOf } from '../../access/index.ts';
import { findStudies } from '../../archive/records/studies.ts';
import { Failure } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../platform/db/database.ts';
import { DOORKEEPER, type SharingDeps } from './deps.ts';
import * as repository from './repository.ts';
import { codeOf, hashOf, isSame, newSecret, stateOf } from './rules.ts';
import { type Standing, standingOf } from './standing.ts';
import { MOST_VISIT_MS } from './visits.ts';

const EVERYWHERE = scopeOf(DOORKEEPER);

type Row = repository.StandingRow;

export interface Opened {
  /** What the visit's cookie holds. */
  readonly visit: string;
  readonly endsAt: Date;
}

/**
 * Opens a link for a visit. Whatever it can't be opened for (unknown, expired, withdrawn, closed, used up, an author who shows nothing any more) is SHARE_UNKNOWN; a right secret without its code is
 * SHARE_CODE_NEEDED or SHARE_CODE_WRONG. Fails with RATE_LIMITED for a network that tries in vain too often.
 */
export async function open(deps: SharingDeps, { secret, code }: BodyOf<typeof openShared>, ip: string): Promise<Opened> {
  const { tries } = deps.strangers;
  const waitMs = await tries.take(ip);
  if (waitMs > 0) throw new Failure('RATE_LIMITED', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  const share = await requireShare(deps, secret, ip);
  const standing = await requireStanding(deps, share, ip);
  if (share.code_hash !== null) {
    if (code === undefined) {
      // Whoever has the secret is no guesser yet.
      await tries.giveBack(ip);
      throw new Failure('SHARE_CODE_NEEDED');
    }
    await requireCode(deps, { id: share.id, hash: share.code_hash, author: standing.author.userId }, { code, ip });
  }
  const opened = await begin(deps, share, standing, ip);
  await tries.giveBack(ip);
  return opened;
}

async function requireShare({ db, audit }: SharingDeps, secret: string, ip: string): Promise<Row> {
  const hash = hashOf(secret);
  const row = hash && (await db.reading(EVERYWHERE, (tx) => repository.findBySecret(tx, hash)));
  if (hash !== undefined && row !== undefined && isSame(row.secret_hash, hash)) return row;
  await audit.noteLightly({ action: 'share.refused', outcome: 'FAILURE', actor: null, entityType: 'share', ip });
  throw new Failure('SHARE_UNKNOWN');
}

async function requireStanding(deps: SharingDeps, share: Row, ip: string): Promise<Standing> {
  const state = stateOf(share, deps.clock.now());
  const standing = state === 'OPEN' ? await standingOf(deps, share) : undefined;
  return standing ?? refuse(deps, share.id, ip, SHUT);
}

interface Refusal {
  readonly outcome: 'REFUSED' | 'CODE_WRONG';
  readonly code: ErrorCode;
}
const SHUT: Refusal = { outcome: 'REFUSED', code: 'SHARE_UNKNOWN' };

async function refuse(
  { db, clock, audit }: SharingDeps,
  shareId: string,
  ip: string,
  { outcome, code }: Refusal,
): Promise<never> {
  await db.withScope(EVERYWHERE, async (tx) => {
    await repository.insertAccess(tx, { id: newId(), shareId, at: clock.now(), ip, outcome });
    await audit.record(tx, {
      ...({ action: 'share.refused', outcome: 'FAILURE', actor: null, entityType: 'share', entityId: shareId, ip } as const),
      details: { because: outcome },
    });
  });
  throw new Failure(code);
}

interface Coded {
  readonly id: string;
  readonly hash: string;
  readonly author: string;
}

/** A try is taken before its code is looked at, so that many at once are no more than one after the other. */
async function requireCode(
  deps: SharingDeps,
  { id, hash, author }: Coded,
  { code, ip }: { readonly code: string; readonly ip: string },
): Promise<void> {
  const { db, strangers } = deps;
  if ((await db.withScope(EVERYWHERE, (tx) => repository.takeCodeTry(tx, id, MOST_WRONG_CODES))) === 0)
    return refuse(deps, id, ip, SHUT);
  const isRight = await strangers.matches(codeOf(code), hash, ip).catch(async (error: unknown) => {
    // It was not looked at.
    await db.withScope(EVERYWHERE, (tx) => repository.giveCodeTryBack(tx, id));
    throw error;
  });
  if (isRight) return void (await db.withScope(EVERYWHERE, (tx) => repository.giveCodeTryBack(tx, id)));
  await db.withScope(EVERYWHERE, (tx) => closeWhenGuessed(deps, tx, id, author));
  return refuse(deps, id, ip, { outcome: 'CODE_WRONG', code: 'SHARE_CODE_WRONG' });
}

async function closeWhenGuessed({ clock, audit, tellClosed }: SharingDeps, tx: Tx, id: string, author: string): Promise<void> {
  if ((await repository.closeGuessed(tx, id, MOST_WRONG_CODES, clock.now())) === 0) return;
  await audit.record(tx, { action: 'share.closed', actor: null, entityType: 'share', entityId: id });
  await tellClosed(tx, author);
}

async function begin(deps: SharingDeps, share: Row, { author, studyIds }: Standing, ip: string): Promise<Opened> {
  const { db, clock, audit } = deps;
  const now = clock.now();
  const endsAt = new Date(Math.min(now.getTime() + MOST_VISIT_MS, share.expires_at.getTime()));
  const [id, visit] = [newId(), newSecret()];
  const hash = hashOf(visit);
  if (hash === undefined) throw new Failure('INTERNAL');
  const of = { linkId: share.id, authorId: author.userId, recipient: share.recipient };
  const actor = link({ ...of, sessionId: id, studyIds, until: endsAt, ip, permissions: new Set() });
  const isOpened = await db.withScope(EVERYWHERE, async (tx) => {
    // Others may have opened or withdrawn it since it was looked at.
    if ((await repository.countOpening(tx, share.id, now)) === 0) return false;
    await repository.insertVisit(tx, { id, shareId: share.id, at: now, ip, hash, endsAt });
    const studies = await findStudies(tx, EVERYWHERE, studyIds);
    await audit.record(tx, {
      ...({ action: 'share.opened', actor, entityType: 'share', entityId: share.id } as const),
      shown: studies.map((study) => study.patient_id),
      details: { studies: studyIds.length },
    });
    return true;
  });
  return isOpened ? { visit, endsAt } : refuse(deps, share.id, ip, SHUT);
}

import type { Person } from '../../access/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { IdentityContext } from './context.ts';
import { openNow } from './emergency/standing.ts';
import { findBySession, findByToken, type Principal } from './principals.ts';

/** Tells whoever answers for a long time when what it answers by may be over. */
export interface Revocations {
  /** Grows with every change of rights that this process hears of. */
  readonly epoch: number;
  /** Calls back when rights of a person, or of anybody (undefined), may have changed; here or in any other process. */
  onChange(listener: (userId: string | undefined) => void): void;
  /** Whether the session or token still counts, with the same role, level and groups as when the request began. */
  stillHolds(actor: Person): Promise<boolean>;
  /** Whether something that this actor had open for a time, when the request began, has ended by itself. */
  isOver(actor: Person): boolean;
  /** Notes that this actor was found when `epoch` was current: as long as it is, nothing of theirs has changed. */
  seen(actor: Person, epoch: number): void;
  /** Fails with NOT_AUTHENTICATED when the session or token has ended, and with FORBIDDEN when role, level or groups are others now. */
  requireStanding(actor: Person): Promise<void>;
}

/** In the same order: which is the main one decides where what they bring goes. */
const sameGroups = (a: Pick<Person, 'groupIds'>, b: Pick<Person, 'groupIds'>): boolean => a.groupIds.join() === b.groupIds.join();

export function createRevocations({ cache, clock, db }: IdentityContext): Revocations {
  const standing = new WeakMap<Person, number>();
  const read = async ({ sessionId, via }: Person): Promise<Principal | undefined> => {
    const find = via === 'session' ? findBySession : findByToken;
    const now = await db.withSystem((tx) => find(tx, sessionId));
    return now === undefined || now.expiresAt <= clock.now() ? undefined : now;
  };
  const isSame = (actor: Person, now: Principal): boolean =>
    now.role === actor.role && now.level === actor.level && sameGroups(now, actor) && stillOpen(actor, now);
  const stillOpen = ({ opened }: Person, { emergencies }: Principal): boolean => {
    if (opened === undefined) return true;
    const open = new Set(openNow(emergencies, clock.now()));
    return opened().every((id) => open.has(id));
  };
  return {
    get epoch() {
      return cache.epoch;
    },
    onChange: cache.onForget,
    isOver: ({ openedUntil }) => openedUntil !== undefined && openedUntil <= clock.now(),
    stillHolds: async (actor) => {
      const now = await read(actor);
      return now !== undefined && isSame(actor, now);
    },
    seen: (actor, epoch) => void standing.set(actor, epoch),
    requireStanding: async (actor) => {
      const { epoch } = cache;
      if (cache.isListening && standing.get(actor) === epoch) return;
      const now = await read(actor);
      if (now === undefined) throw new Failure('NOT_AUTHENTICATED');
      if (!isSame(actor, now)) throw new Failure('FORBIDDEN');
      standing.set(actor, epoch);
    },
  };
}

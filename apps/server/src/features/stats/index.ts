import { type Overview, overview, workFigures } from '@negatoscope/contract';
import { type Actor, ALL, can, hasArm, type Person, type Scope, scopeKey, scopeOf, seesIdentity } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import { readOverview } from '../../archive/records/overview.ts';
import { readWork } from '../../archive/records/work-figures.ts';
import { BrokenInvariant } from '../../kernel/broken-invariant.ts';
import { type FigureRouteDeps, registerFigures } from './routes.ts';

export interface StatsDeps extends FigureRouteDeps {
  /** How many identities wait in the list that this person sees, what is held for them included. */
  readonly countReviews: (actor: Person) => Promise<number>;
}

/** How long an overview may be old: every dashboard of a scope asks at once, and one answer serves them all. */
const FRESH_MS = 10_000;

/** How long reading takes is counted of the last 30 days. */
const TURNAROUND_OF_MS = 30 * 86_400_000;

/** The scope without what makes no difference, so that one answer serves many: only who imports into a partition of their own has other numbers than their group. */
function countedScope(actor: Actor): Scope {
  const scope = scopeOf(actor);
  if (hasArm(scope, 'all')) return [ALL];
  return seesIdentity(actor) ? scope.filter(({ kind }) => kind !== 'own') : scope;
}

const seesReviews = (actor: Actor): boolean => can(actor, 'identity-review.propose');

export function registerStats(router: Router, deps: StatsDeps): void {
  const { db, clock, countReviews } = deps;
  registerFigures(router, deps);
  const kept = new Map<string, { at: number; answer: Promise<Overview> }>();

  async function count(scope: Scope, actor: Person): Promise<Overview> {
    const midnight = new Date(clock.now());
    midnight.setUTCHours(0, 0, 0, 0);
    const [counters, identityReviews] = await Promise.all([
      db.reading(scope, (tx) => readOverview(tx, scope, midnight)),
      seesReviews(actor) ? countReviews(actor) : 0,
    ]);
    if (counters === undefined) throw new BrokenInvariant('The overview gave no row.');
    return { ...counters, identityReviews };
  }

  router.handle(workFigures, ({ actor }) => {
    const scope = scopeOf(actor);
    return db.reading(scope, (tx) => readWork(tx, scope, actor.userId, new Date(clock.now().getTime() - TURNAROUND_OF_MS)));
  });
  router.handle(overview, async ({ actor }) => {
    const scope = countedScope(actor);
    // What waits is counted as the person's own list has it.
    const key = `${scopeKey(scope)} ${seesIdentity(actor)} ${seesReviews(actor)}`;
    const now = clock.now().getTime();
    const last = kept.get(key);
    if (last !== undefined && now - last.at < FRESH_MS) return last.answer;
    const answer = count(scope, actor);
    kept.set(key, { at: now, answer });
    // An empty index is counted in no time, and who has just imported for the first time is not told to import.
    answer.then(
      ({ studies }) => studies === 0 && kept.get(key)?.answer === answer && kept.delete(key),
      () => kept.delete(key),
    );
    return answer;
  });
}

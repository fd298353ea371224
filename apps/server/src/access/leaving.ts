import type { Actor } from './actor.ts';

const studies = new WeakMap<Actor, Set<string>>();

/** Notes whose images the answer to an actor's request has; each request has an actor of its own. */
export function noteLeavingStudies(actor: Actor, ids: Iterable<string>): void {
  // A service works on and answers nobody.
  if (actor.kind === 'service') return;
  const noted = studies.get(actor) ?? new Set<string>();
  for (const id of ids) noted.add(id);
  studies.set(actor, noted);
}

/** Ids of the studies that were noted for this actor's request. */
export const leavingStudies = (actor: Actor): readonly string[] => [...(studies.get(actor) ?? [])];

import type { PeopleStatistics, peopleStatistics, QueryOf } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../access/index.ts';
import type { Audit } from '../audit/index.ts';
import { type FigureDeps, spanOf, steps } from './counted.ts';

export interface PeopleDeps extends FigureDeps {
  readonly audit: Pick<Audit, 'activityOf'>;
}

/** What each person did, to who manages people. Fails with UNPROCESSABLE for a period that is none. */
export async function people(
  { db, clock, audit }: PeopleDeps,
  actor: Person,
  query: QueryOf<typeof peopleStatistics>,
): Promise<PeopleStatistics> {
  const period = steps({ ...query, step: 'MONTH' }, clock.now());
  const rows = await db.reading(scopeOf(actor), (tx) => audit.activityOf(tx, ...spanOf(period)));
  const people = rows.flatMap(({ actor_id: id, ...row }) => (id === null ? [] : [{ id, ...row }]));
  return { from: period.from, to: period.to, people };
}

import type { BodyOf, OrthancDeletions, orthancMissing } from '@negatoscope/contract';
import { type Person, requirePermission, scopeOf } from '../../../access/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { Audit } from '../../audit/index.ts';
import * as repository from './repository.ts';

export interface DecidePorts {
  readonly db: Db;
  readonly audit: Audit;
  readonly place: { readonly url: string; readonly deletions: OrthancDeletions } | undefined;
}

/**
 * What somebody says of what is held: it was deleted there, and the policy may do what it says with the next comparison, or nothing is to be done. Only of what they
 * saw. Fails with CONFLICT when that is no more so, or nothing would be done.
 */
export async function decideMissing(
  { db, audit, place }: DecidePorts,
  actor: Person,
  body: BodyOf<typeof orthancMissing>,
): Promise<void> {
  const { decision, doubt, comparedAt } = body;
  if (place === undefined) throw new Failure('CONFLICT', { detail: 'There is no Orthanc.' });
  if (decision === 'release' && place.deletions === 'ignore')
    throw new Failure('CONFLICT', { detail: 'ORTHANC_DELETIONS is ignore: nothing would be done.' });
  // What they may not do themselves, they may not let be done.
  if (decision === 'release' && place.deletions === 'trash') requirePermission(actor, 'trash.move');
  await db.withScope(scopeOf(actor), async (tx) => {
    const feed = await repository.lockDoubt(tx, place.url);
    const until = feed?.compared_at;
    if (feed === undefined || until == null || feed.doubts_next || feed.doubt !== doubt || until.toISOString() !== comparedAt)
      throw new Failure('CONFLICT', { detail: 'Orthanc was, or is to be, compared again.' });
    const missing = decision === 'release' ? ('released' as const) : ('dismissed' as const);
    const instances = await repository.decideHeld(tx, feed.id, { missing, until });
    await repository.endDoubt(tx, feed.id);
    const details = { doubt, instances, deletions: place.deletions };
    await audit.record(tx, { action: `orthanc.${missing}`, actor, entityType: 'orthanc', details });
  });
}

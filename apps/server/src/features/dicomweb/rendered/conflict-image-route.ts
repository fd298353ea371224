import { conflictImage } from '@negatoscope/contract';
import { type Actor, scopeOf, seesIdentity } from '../../../access/index.ts';
import type { Router } from '../../../access/router.ts';
import { type InstanceEntry, middleFrame, type SeriesHandle, withoutRow } from '../../../archive/pixels/index.ts';
import { type ConflictImageRow, findConflictImage, findExistingObject } from '../../../archive/records/conflicts.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import type { ReadTx } from '../../../platform/db/database.ts';
import { NO_GROUP } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import type { RenderedParams } from './rendered-params.ts';

type Side = 'existing' | 'incoming';

type StoredObject = Pick<InstanceEntry, 'id' | 'sizeBytes'>;

/** Large enough to tell two images apart, small enough for thirty of them on a page. */
const VIEWPORT = { width: 512, height: 512, region: undefined, isFlippedHorizontally: false, isFlippedVertically: false };

/** The object of a side: the one kept aside while it is there, or the stored instance, its old version, or one of the study that it contradicts. */
async function objectOf(tx: ReadTx, row: ConflictImageRow, side: Side): Promise<StoredObject> {
  if (side === 'incoming') {
    if (!row.is_there) throw notFound();
    return { id: row.id, sizeBytes: row.size_bytes };
  }
  const found = await findExistingObject(tx, row);
  if (found === undefined) throw notFound();
  return found;
}

/** The series by whose mapping both sides are shown, when it is here. */
async function seriesOf(web: Dicomweb, actor: Actor, row: ConflictImageRow): Promise<SeriesHandle | undefined> {
  try {
    const path = { groupId: row.group_id ?? NO_GROUP, studyInstanceUid: row.study_instance_uid };
    return await web.handles.series(actor, path, row.series_instance_uid);
  } catch (error) {
    if (error instanceof Failure && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** What serving the object needs, from its own header: something kept aside has no row among the instances. */
async function entryOf(web: Dicomweb, object: StoredObject): Promise<InstanceEntry> {
  const bare = withoutRow(object);
  const { transferSyntaxUid } = await web.locator.header(bare);
  return { ...bare, transferSyntaxUid };
}

/** Images of both sides of a conflict, for who decides about it. */
export function registerConflictImages(router: Router, web: Dicomweb): void {
  const params: RenderedParams = { type: 'image/jpeg', quality: 90, window: undefined, viewport: VIEWPORT, ignored: [] };
  const audited = (actor: Actor, row: ConflictImageRow): Promise<void> =>
    web.audit.note({
      action: 'conflict.view',
      actor,
      entityType: 'conflict',
      entityId: row.id,
      patientId: row.patient_id,
      groupId: row.group_id,
    });
  router.handle(conflictImage, async ({ actor, params: { id }, query: { side }, reply }) => {
    const { row, object } = await web.db.reading(scopeOf(actor), async (tx) => {
      const found = await findConflictImage(tx, id);
      if (found === undefined) throw notFound();
      return { row: found, object: await objectOf(tx, found, side) };
    });
    await audited(actor, row);
    const entry = await entryOf(web, object);
    await web.heldBack.require(actor, entry);
    const series = await seriesOf(web, actor, row);
    const frame = await middleFrame(web, entry);
    const image = await web.render({ series, entry, frame, params, withOverlays: seesIdentity(actor) });
    return reply.header('cache-control', 'private, no-store').type(params.type).send(image);
  });
}

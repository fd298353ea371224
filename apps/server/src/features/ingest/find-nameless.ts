import type { DicomJsonObject } from '@negatoscope/dicom';
import { requirePermission, type Service, scopeOf } from '../../access/index.ts';
import { lockPatients } from '../../archive/lifecycle/merge.ts';
import { readSeriesStored } from '../../archive/metadata/stored.ts';
import { isNameless } from '../../archive/write/identity.ts';
import { recheckStudies } from '../../archive/write/mismatch.ts';
import { noteNameless, seriesToLookAt } from '../../archive/write/nameless.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Db } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import type { ObjectStore } from '../../platform/objects/store/index.ts';
import { inflatedText } from '../../platform/workers/inflated-text.ts';
import type { Audit } from '../audit/index.ts';
import { identityOf } from './stage/summary.ts';

export interface NamelessTools {
  readonly db: Db;
  readonly objects: ObjectStore;
  readonly audit: Audit;
}

type SeriesToLookAt = FoundBy<typeof seriesToLookAt>;

/** Whether any image of a series carries neither name nor birth date, by the headers that are kept of it. */
async function hasNameless({ db, objects }: NamelessTools, by: Service, seriesId: string): Promise<boolean> {
  const stored = await readSeriesStored({ db, objects }, { seriesId, scope: scopeOf(by) });
  return stored.some(({ deflated }) => {
    const json: DicomJsonObject = JSON.parse(inflatedText(deflated).toString('utf8')); // Written by ingest.
    return isNameless(identityOf(json));
  });
}

/** Notes a series, and compares the studies of its patient again where it has images without identity. */
async function note(
  { db, audit }: NamelessTools,
  by: Service,
  { series, found }: { series: SeriesToLookAt; found: boolean },
): Promise<void> {
  await db.withScope(scopeOf(by), async (tx) => {
    // Patients before series, as imports lock them.
    if (found) await lockPatients(tx, [series.patient_id]);
    await noteNameless(tx, series.id, found);
    if (!found) return;
    const events = await recheckStudies(tx, series.patient_id, { userId: null, filed: new Set([series.study_id]) });
    await audit.recordAll(
      tx,
      events.map((event) => ({ ...event, actor: by })),
    );
  });
}

/**
 * Looks at series that came before it was noted whether their images carry a name, once each. One whose headers can't be read is looked at again
 * by the next run. Gives the number of series. Idempotent.
 */
export async function findNameless(
  { by, ...tools }: NamelessTools & { readonly by: Service },
  signal?: AbortSignal,
  batch = 200,
): Promise<number> {
  requirePermission(by, 'studies.read');
  const isOver = (): boolean => signal?.aborted === true;
  let looked = 0;
  for (let after: string | null = null; !isOver(); ) {
    const position: string | null = after;
    const some: SeriesToLookAt[] = await tools.db.reading(scopeOf(by), (tx) => seriesToLookAt(tx, position, batch));
    for (const series of some) {
      if (isOver()) return looked;
      const found = await hasNameless(tools, by, series.id).catch((error: unknown) => {
        if (error instanceof Failure || error instanceof RangeError) return undefined;
        throw error;
      });
      if (found === undefined) continue;
      await note(tools, by, { series, found });
      looked += 1;
    }
    after = some.at(-1)?.id ?? null;
    if (some.length < batch) break;
  }
  return looked;
}

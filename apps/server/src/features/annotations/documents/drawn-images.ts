import type { DicomJsonObject } from '@negatoscope/dicom';
import type { Scope } from '../../../access/index.ts';
import { createStoredFinder } from '../../../archive/metadata/stored.ts';
import { imagesOf } from '../../../archive/records/images.ts';
import { Failure } from '../../../kernel/failure.ts';
import { inflate } from '../../../platform/inflate/index.ts';
import type { AnnotationRow } from '../repository.ts';
import type { ContentSource, DrawnImage, Measured } from './content.ts';
import type { DocumentDeps } from './deps.ts';
import { measure } from './measure.ts';

/** A header of that size is of no image that anybody draws on by hand. */
const MAX_HEADER_BYTES = 32 * 1024 * 1024;
/** Headers that are asked for together. */
const CHUNK = 16;

export type DrawnImages = Pick<ContentSource, 'imageOf' | 'measure'> & { readonly header: DicomJsonObject };

/** The images that annotations lie on, and what each annotation measures on its own. One header is in memory at a time. */
export async function loadImages(
  { db, objects }: Pick<DocumentDeps, 'db' | 'objects'>,
  scope: Scope,
  studyId: string,
  annotations: readonly AnnotationRow[],
): Promise<DrawnImages> {
  const drawnOn = new Map<string, AnnotationRow[]>();
  for (const annotation of annotations)
    drawnOn.set(annotation.sop_instance_uid, [...(drawnOn.get(annotation.sop_instance_uid) ?? []), annotation]);
  const rows = await db.reading(scope, (tx) => imagesOf(tx, scope, studyId, [...drawnOn.keys()]));
  const images = new Map<string, DrawnImage>();
  const measured = new Map<string, Measured>();
  let first: DicomJsonObject = {};
  const find = createStoredFinder({ db, objects }, scope);
  for (let at = 0; at < rows.length; at += CHUNK) {
    const chunk = rows.slice(at, at + CHUNK);
    const stored = await find(chunk.map(({ id }) => id));
    for (const row of chunk) {
      const deflated = stored.get(row.id);
      if (deflated === undefined) continue;
      const header = await headerOf(deflated);
      if (images.size === 0) first = header;
      images.set(row.sop_instance_uid, {
        seriesInstanceUid: row.series_instance_uid,
        sopInstanceUid: row.sop_instance_uid,
        sopClassUid: row.sop_class_uid,
        frames: row.frames,
      });
      for (const annotation of drawnOn.get(row.sop_instance_uid) ?? []) measured.set(annotation.id, measure(annotation, header));
    }
  }
  const nothing: Measured = { values: [], notes: [] };
  return { header: first, imageOf: (uid) => images.get(uid), measure: ({ id }) => measured.get(id) ?? nothing };
}

/** As ingest has written it. Fails with UNPROCESSABLE for one that is too long. */
async function headerOf(deflated: Buffer): Promise<DicomJsonObject> {
  try {
    return JSON.parse((await inflate(deflated, { maxBytes: MAX_HEADER_BYTES })).toString('utf8')) as DicomJsonObject;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new Failure('UNPROCESSABLE', { detail: 'The header of an image is too long.', cause });
  }
}

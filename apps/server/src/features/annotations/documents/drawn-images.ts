import { type DicomJsonObject, jsonString } from '@negatoscope/dicom';
import { type Person, scopeOf } from '../../../access/index.ts';
import { createStoredFinder } from '../../../archive/metadata/stored.ts';
import { openInstance } from '../../../archive/pixels/index.ts';
import { imagesOf } from '../../../archive/records/images.ts';
import type { StudyRow } from '../../../archive/records/study-rows.ts';
import { groupBy } from '../../../kernel/group-by.ts';
import { inflate } from '../../../platform/inflate/index.ts';
import { QUICK_TEXT_BYTES } from '../../../platform/workers/quick-work.ts';
import type { AnnotationRow } from '../repository.ts';
import type { ContentSource, DrawnImage, Measured } from './content.ts';
import type { DocumentDeps } from './deps.ts';
import { measure } from './measure.ts';
import { type ImageRow, pathOf, type Reading, readPixels } from './read-pixels.ts';

/** Headers that are asked for together. */
const CHUNK = 16;

export type DrawnImages = Pick<ContentSource, 'imageOf' | 'measure'> & { readonly header: DicomJsonObject };

/** What an image says of its frames, from 1. */
type HeaderOf = (frame: number) => Promise<DicomJsonObject>;

/** The images that annotations lie on, and what each annotation measures on its own. One header and one frame are in memory at a time. */
export async function loadImages(
  deps: DocumentDeps,
  actor: Person,
  study: StudyRow,
  annotations: readonly AnnotationRow[],
): Promise<DrawnImages> {
  const { db, objects } = deps;
  const scope = scopeOf(actor);
  const drawnOn = groupBy(annotations, (one) => one.sop_instance_uid);
  const rows = await db.reading(scope, (tx) => imagesOf(tx, scope, study.id, [...drawnOn.keys()]));
  const images = new Map<string, DrawnImage>();
  const measured = new Map<string, Measured>();
  let first: DicomJsonObject | undefined;
  const find = createStoredFinder({ db, objects }, scope);
  for (let at = 0; at < rows.length; at += CHUNK) {
    const chunk = rows.slice(at, at + CHUNK);
    const stored = await find(chunk.map(({ id }) => id));
    for (const row of chunk) {
      const deflated = stored.get(row.id);
      if (deflated === undefined) continue;
      const headerOf = await headersOf({ deps, actor, study }, row, deflated);
      first ??= await headerOf(1);
      images.set(row.sop_instance_uid, {
        seriesInstanceUid: row.series_instance_uid,
        sopInstanceUid: row.sop_instance_uid,
        sopClassUid: row.sop_class_uid,
        frames: row.frames,
      });
      const drawn = drawnOn.get(row.sop_instance_uid) ?? [];
      for (const [id, found] of await measureAll({ deps, actor, study }, row, drawn, headerOf)) measured.set(id, found);
    }
  }
  const nothing: Measured = { values: [], notes: [] };
  return { header: first ?? {}, imageOf: (uid) => images.get(uid), measure: ({ id }) => measured.get(id) ?? nothing };
}

/** As ingest has written it while it is short; a header of many elements is read in a thread, without what is long, frame by frame. */
async function headersOf({ deps: { pixels }, actor, study }: Reading, row: ImageRow, deflated: Buffer): Promise<HeaderOf> {
  try {
    const text = await inflate(deflated, { maxBytes: QUICK_TEXT_BYTES });
    const header = JSON.parse(text.toString('utf8')) as DicomJsonObject; // Written by ingest.
    return async () => header;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const { entry } = await openInstance(pixels, actor, pathOf(study, row));
    return async (frame) => (await pixels.locator.headerOf(entry, frame - 1)).json;
  }
}

/** What everything that is drawn on one image measures, frame by frame, by the ids of annotations. */
async function measureAll(
  reading: Reading,
  row: ImageRow,
  drawn: readonly AnnotationRow[],
  headerOf: HeaderOf,
): Promise<Map<string, Measured>> {
  const measured = new Map<string, Measured>();
  for (const [frame, group] of groupBy(drawn, (one) => one.frame)) {
    const header = await headerOf(frame);
    const read = await readPixels(reading, row, frame, group);
    for (const annotation of group) {
      const { values, notes } = measure(annotation, header);
      const found = read.of(annotation, jsonString(header, '00080060'));
      measured.set(annotation.id, { values: [...values, ...found.values], notes: [...notes, ...found.notes] });
    }
  }
  return measured;
}

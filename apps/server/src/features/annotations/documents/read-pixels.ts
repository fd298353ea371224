import { WHOLE_SLIDE_MICROSCOPY } from '@negatoscope/dicom';
import type { Person } from '../../../access/index.ts';
import { openInstance, type RegionValues, regionValues } from '../../../archive/pixels/index.ts';
import type { imagesOf } from '../../../archive/records/images.ts';
import type { StudyRow } from '../../../archive/records/study-rows.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { AnnotationRow } from '../repository.ts';
import type { Measured } from './content.ts';
import type { DocumentDeps } from './deps.ts';
import { placesOf } from './measure.ts';
import { pixelValues, readRegion } from './pixel-values.ts';

export type ImageRow = Awaited<ReturnType<typeof imagesOf>>[number];

export interface Reading {
  readonly deps: DocumentDeps;
  readonly actor: Person;
  readonly study: StudyRow;
}

export const pathOf = ({ study_instance_uid: studyInstanceUid, group_id: groupId }: StudyRow, row: ImageRow) => ({
  groupId: groupId ?? 'none',
  studyInstanceUid,
  seriesInstanceUid: row.series_instance_uid,
  sopInstanceUid: row.sop_instance_uid,
});

interface ReadPixels {
  of(annotation: AnnotationRow, modality: string | undefined): Measured;
}

const UNREADABLE = 'The pixels of the frame could not be read: no values of them are given';
const NOTHING: ReadPixels = { of: () => ({ values: [], notes: [] }) };

/** The stored pixels that annotations of one frame enclose; the frame is decoded once for all of them, and not at all where none reads it. */
export async function readPixels(
  { deps: { pixels }, actor, study }: Reading,
  row: ImageRow,
  frame: number,
  drawn: readonly AnnotationRow[],
): Promise<ReadPixels> {
  // What is outlined on a slide reaches over many tiles: the values of one would be those of a part.
  if (row.sop_class_uid === WHOLE_SLIDE_MICROSCOPY) return NOTHING;
  const reading = drawn.flatMap((annotation) => {
    const region = readRegion(annotation.kind, placesOf(annotation) ?? []);
    return region === undefined ? [] : [{ id: annotation.id, region }];
  });
  if (reading.length === 0) return NOTHING;
  const found = await valuesIn(pixels, actor, pathOf(study, row), frame, reading);
  if (found === 'COLOUR') return NOTHING;
  const place = new Map(reading.map(({ id }, at) => [id, at]));
  return {
    of: ({ id, kind }, modality) => {
      const at = place.get(id);
      if (at === undefined) return { values: [], notes: [] };
      if (found === 'UNREADABLE') return { values: [], notes: [UNREADABLE] };
      return { values: pixelValues(kind, found, { at, modality }), notes: [] };
    },
  };
}

/** A frame that has gone meanwhile, or that takes more memory than there is, costs its own values only. */
async function valuesIn(
  pixels: DocumentDeps['pixels'],
  actor: Person,
  path: ReturnType<typeof pathOf>,
  frame: number,
  reading: readonly { readonly region: Parameters<typeof regionValues>[3][number] }[],
): Promise<RegionValues | 'COLOUR' | 'UNREADABLE'> {
  try {
    const { entry } = await openInstance(pixels, actor, path);
    return await regionValues(
      pixels,
      entry,
      frame - 1,
      reading.map(({ region }) => region),
    );
  } catch (error) {
    if (error instanceof Failure && (error.code === 'NOT_FOUND' || error.code === 'UNPROCESSABLE')) return 'UNREADABLE';
    throw error;
  }
}

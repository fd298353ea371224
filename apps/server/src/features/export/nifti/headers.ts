import {
  type DeidAction,
  type DicomJsonObject,
  forNiftiPlan,
  jsonNumber,
  type NiftiFrame,
  NiftiRefusal,
} from '@negatoscope/dicom';
import type { DeidentifiedFile } from '../../../archive/deidentified/index.ts';
import type { ExportedInstance } from '../../../archive/records/exported.ts';

/** Opens an instance without identity; fails with NotDeidentified. */
export type OpenInstance = (instance: ExportedInstance) => Promise<DeidentifiedFile>;

const MOST_FRAMES = 20_000;

/** One frame of the series: whose it is by its place among the instances, and as the plan wants it. */
export interface SeriesFrame extends NiftiFrame {
  readonly instance: number;
}

export interface SeriesHeaders {
  readonly frames: readonly SeriesFrame[];
  /** Of the first instance, without identity. */
  readonly first: DicomJsonObject;
  /** What was done to each instance. */
  readonly actions: readonly (readonly DeidAction[])[];
  readonly isRecognisable: boolean;
}

/** Headers without identity of all instances. Fails with NiftiRefusal: INSTANCES_REFUSED, TOO_LARGE, NO_GEOMETRY. */
export async function headersOf(instances: readonly ExportedInstance[], open: OpenInstance): Promise<SeriesHeaders> {
  const frames: SeriesFrame[] = [];
  const actions: (readonly DeidAction[])[] = [];
  let first: DicomJsonObject | undefined;
  let [refused, isRecognisable] = [0, false];
  for (const [index, instance] of instances.entries()) {
    try {
      const file = await open(instance);
      await file.discard();
      first ??= file.header;
      isRecognisable ||= file.isRecognisable;
      actions.push(file.actions);
      const json = forNiftiPlan(file.header);
      const count = Math.max(1, jsonNumber(file.header, '00280008') ?? 1);
      if (frames.length + count > MOST_FRAMES) throw new NiftiRefusal('TOO_LARGE', frames.length + count);
      for (let frame = 0; frame < count; frame += 1) frames.push({ json, frame, instance: index });
    } catch (error) {
      if (error instanceof NiftiRefusal) throw error;
      // Told of each file when the series leaves as DICOM.
      refused += 1;
    }
  }
  if (refused > 0) throw new NiftiRefusal('INSTANCES_REFUSED', refused);
  if (first === undefined) throw new NiftiRefusal('NO_GEOMETRY');
  return { frames, first, actions, isRecognisable };
}

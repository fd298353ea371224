import { DeidHeldFile, DeidHeldSeries } from '@negatoscope/contract';
import { idOf, make } from './sample.ts';

/** Where the held files of an export are looked at. */
export const HELD = `/app/deidentification/${idOf(50)}`;

/** A series of two held files, of which so many wait. */
export const heldSeries = (waiting: number, more: Partial<DeidHeldSeries> = {}): DeidHeldSeries =>
  make(DeidHeldSeries, { id: idOf(1), patient: 'DIALLO Aminata', files: 2, waiting, ...more });

/** The nth held file: one frame of 200 by 100 pixels of which nobody has said anything. */
export const heldFile = (number: number, more: Partial<DeidHeldFile> = {}): DeidHeldFile =>
  make(DeidHeldFile, {
    ...{ id: idOf(number), rows: 100, columns: 200, frames: 1, version: 0, decision: null, masks: [], because: 'BURNED_IN' },
    ...more,
  });

import type { Erasure, ErasureElsewhere } from '@negatoscope/contract';
import type { ErasureRow } from './repository.ts';

export const erasureOf = (row: ErasureRow, orthanc: ErasureElsewhere | undefined): Erasure => ({
  id: row.id,
  records: [...row.records],
  studies: row.studies ?? 0,
  reason: row.reason,
  by: row.by,
  askedAt: row.asked_at.toISOString(),
  doneAt: row.done_at?.toISOString() ?? null,
  objects: row.objects,
  isHeld: row.held_at !== null,
  orthanc: orthanc ?? null,
});

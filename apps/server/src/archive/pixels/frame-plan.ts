import { type FramePlan, framePlanOf, TRANSFER_SYNTAXES } from '@negatoscope/dicom';
import { bulkReader } from './bulk-reader.ts';
import type { StoredSource } from './locate.ts';
import type { InstanceEntry } from './series-table.ts';

/** How a frame of a stored instance is shown, `frame` from 0. Fails with PixelError for palettes that can't be expanded. */
export async function planOfFrame(source: StoredSource, entry: InstanceEntry, frame: number): Promise<FramePlan> {
  const { json, transferSyntaxUid } = await source.locator.headerOf(entry, frame);
  const isLossy = TRANSFER_SYNTAXES.get(transferSyntaxUid)?.isLossy ?? false;
  return framePlanOf(json, frame, bulkReader(source, entry), { isLossy });
}

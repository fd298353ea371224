import { type FramePlan, framePlanOf, TRANSFER_SYNTAXES } from '@negatoscope/dicom';
import type { InstanceEntry } from '../../archive/pixels/series-table.ts';
import { bulkReader } from './bulk-reader.ts';
import type { Dicomweb } from './service.ts';

/** How a frame of a stored instance is shown, `frame` from 0. Fails with PixelError for palettes that can't be expanded. */
export async function planOfFrame(
  web: Pick<Dicomweb, 'objects' | 'locator'>,
  entry: InstanceEntry,
  frame: number,
): Promise<FramePlan> {
  const { json, transferSyntaxUid } = await web.locator.headerOf(entry, frame);
  const isLossy = TRANSFER_SYNTAXES.get(transferSyntaxUid)?.isLossy ?? false;
  return framePlanOf(json, frame, bulkReader(web, entry), { isLossy });
}

import { type ReadBulk, swapWords } from '@negatoscope/dicom';
import { gathered } from './inflate.ts';
import type { StoredSource } from './locate.ts';
import type { InstanceEntry } from './series-table.ts';

/** Tables and overlays of a header; nothing that draws an image is longer. */
const MAX_BULK_BYTES = 16 * 1024 * 1024;
const BULK = /^bulk:(\d{1,15}):(\d{1,15})(?::be([248]))?(:inflated)?$/;

/** Reads what the header of an instance leaves in its file. */
export const bulkReader =
  ({ objects, locator }: StoredSource, entry: InstanceEntry): ReadBulk =>
  async (uri, most = MAX_BULK_BYTES) => {
    const match = BULK.exec(uri);
    const [offset, length] = [Number(match?.[1]), Number(match?.[2])];
    if (match === null || length > Math.min(most, MAX_BULK_BYTES)) return undefined;
    const bytes =
      match[4] === undefined
        ? await objects.read(entry.id, offset, length)
        : await gathered(locator.inflated(entry, offset, offset + length));
    return match[3] === undefined ? bytes : swapWords(bytes, Number(match[3]));
  };

import type { DicomJson, DicomJsonElement } from '../../archive/search/qido-repository.ts';
import { inflateSync } from '../../platform/inflate/index.ts';
import { QUICK_TEXT_BYTES } from '../../platform/workers/quick-work.ts';

/** A dataset's text is a few thousand bytes: zlib's own 16 KiB of memory each cost more than the inflating. */
const CHUNK_BYTES = 8 * 1024;

/** The text of a dataset that is short enough for the event loop; undefined for others. */
export function inflatedQuickly(deflated: Buffer): Buffer | undefined {
  try {
    return inflateSync(deflated, { maxBytes: QUICK_TEXT_BYTES, chunkSize: CHUNK_BYTES });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `bulk:<offset>:<length>[:be<n>][:inflated]` as ingest keeps it → the address under which the bytes are served. */
export function resolveBulk(uri: string, base: string): string {
  if (!uri.startsWith('bulk:')) return uri;
  const place = uri.slice(5);
  // Pixel data of undefined length has no end to name: its first frame stands for it.
  return /^\d+:(:|$)/.test(place) ? `${base}/frames/1` : `${base}/bulkdata/${place.replaceAll(':', '-')}`;
}

/** The dataset with its bulk data under the address of its instance. */
export function withAddresses(json: DicomJson, base: string): DicomJson {
  const resolved: Record<string, DicomJsonElement> = {};
  for (const [tag, element] of Object.entries(json)) {
    if (element.BulkDataURI !== undefined) resolved[tag] = { ...element, BulkDataURI: resolveBulk(element.BulkDataURI, base) };
    else if (element.vr === 'SQ' && element.Value !== undefined)
      resolved[tag] = { vr: 'SQ', Value: element.Value.map((item) => withAddresses(item as DicomJson, base)) };
    else resolved[tag] = element;
  }
  return resolved;
}

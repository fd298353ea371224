import { jsonElement, jsonNumber, jsonNumbers } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';
import { elementBytes, type ReadBulk } from './bulk.ts';
import { unpackBits } from './layout.ts';
import type { EmbeddedOverlay, OverlayPlane } from './overlay.ts';

const OVERLAY_GROUPS = Array.from({ length: 16 }, (_, index) => (0x6000 + 2 * index).toString(16).toUpperCase());

export interface Overlays {
  readonly overlays: readonly OverlayPlane[];
  readonly embeddedOverlays: readonly EmbeddedOverlay[];
}

export const NO_OVERLAYS: Overlays = { overlays: [], embeddedOverlays: [] };

/** Overlay planes of a frame (PS3.3 C.9.2, C.9.3), `frame` from 0; one that is damaged is left out. */
export async function overlaysOf(json: DicomJsonObject, frame: number, readBulk: ReadBulk): Promise<Overlays> {
  const result = { overlays: [] as OverlayPlane[], embeddedOverlays: [] as EmbeddedOverlay[] };
  for (const group of OVERLAY_GROUPS) {
    const [rows = 0, columns = 0] = [jsonNumber(json, `${group}0010`), jsonNumber(json, `${group}0011`)];
    if (rows < 1 || columns < 1) continue;
    const [originRow = 1, originColumn = 1] = jsonNumbers(json, `${group}0050`);
    const place = { rows, columns, originRow, originColumn };
    const data = await elementBytes(jsonElement(json, `${group}3000`), readBulk);
    const bit = jsonNumber(json, `${group}0102`) ?? 0;
    if (data === undefined) {
      if ((jsonNumber(json, `${group}0100`) ?? 1) > 1 && bit > 0 && bit < 32) result.embeddedOverlays.push({ ...place, bit });
      continue;
    }
    const planes = jsonNumber(json, `${group}0015`) ?? 1;
    const plane = planes === 1 ? 0 : frame - ((jsonNumber(json, `${group}0051`) ?? 1) - 1);
    const count = rows * columns;
    if (plane < 0 || plane >= planes || data.length * 8 < (plane + 1) * count) continue;
    result.overlays.push({ ...place, bits: unpackBits(data, (plane + 1) * count).slice(plane * count) });
  }
  return result;
}

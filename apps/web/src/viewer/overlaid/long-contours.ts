import { contourPoints, type Roi, type Structures } from '@negatoscope/dicom';
import { DicomwebError, fetchBulkData } from '../model/dicomweb.ts';

/** Of all contours of a series: how many are fetched one by one, and their bytes. */
const MOST_BULK = 500;
const MOST_BYTES = 32 * 1024 * 1024;
/** Of one: 80,000 points as they are written (PS3.5 6.2, DS of 16 letters). */
const MOST_OF_ONE = 4 * 1024 * 1024;

const CONTOUR_ENCODING = new TextDecoder('latin1');

/** Has the points of contours that are too long to stand in the metadata (PS3.3 C.8.8.6, Contour Data), one after the other, within the bounds of a series. */
export class LongContours {
  #bytes = MOST_BYTES;
  #contours = MOST_BULK;

  /** Undefined for what is beyond the bounds, can't be had, or is none. */
  async #pointsOf(uri: string): Promise<readonly number[] | undefined> {
    const most = Math.min(MOST_OF_ONE, this.#bytes);
    if (this.#contours <= 0 || most <= 0) return undefined;
    this.#contours -= 1;
    try {
      const bytes = await fetchBulkData(uri, most);
      this.#bytes -= bytes.length;
      const points = contourPoints(CONTOUR_ENCODING.decode(bytes));
      return points.length === 0 ? undefined : points;
    } catch (error) {
      // One that is too long was read up to there.
      if (error instanceof DicomwebError && error.code === 'UNREADABLE') this.#bytes -= most;
      return undefined;
    }
  }

  async #roi(roi: Roi): Promise<{ readonly roi: Roi; readonly missing: number }> {
    const contours: Roi['contours'][number][] = [];
    let missing = 0;
    for (const contour of roi.contours) {
      const points = contour.bulk === undefined ? contour.points : await this.#pointsOf(contour.bulk);
      if (points === undefined) missing += 1;
      else contours.push({ type: contour.type, points });
    }
    return { roi: { ...roi, contours }, missing };
  }

  /** The regions with all contours that can be had; `missing`: how many of each region can't, in the order of the regions. */
  async of(structures: Structures): Promise<{ readonly structures: Structures; readonly missing: readonly number[] }> {
    const rois: Roi[] = [];
    const missing: number[] = [];
    for (const one of structures.rois) {
      const found = await this.#roi(one);
      rois.push(found.roi);
      missing.push(found.missing);
    }
    return { structures: { ...structures, rois }, missing };
  }
}

import {
  contourPoints,
  doseGridOf,
  isDose,
  isSegmentation,
  isStructures,
  parametricMapOf,
  type Roi,
  type Structures,
  segmentationOf,
  structuresOf,
} from '@negatoscope/dicom';
import { type DicomJson, readString, TAG } from '../model/dicom-json.ts';
import { fetchBulkData, fetchSeriesMetadata, type StudyRef } from '../model/dicomweb.ts';
import { unitText } from '../model/unit-text.ts';
import type { Layer, LayerItem } from './layer.ts';

/** Bytes of DICOM JSON: what is longer is no layer but a study of its own. */
const MOST_BYTES = 48 * 1024 * 1024;
/** Contours that are fetched one by one. */
const MOST_BULK = 500;
const WASH = [255, 64, 64] as const;

const itemOf = (sopInstanceUid: string, { number, name, color }: Omit<LayerItem, 'id'>): LayerItem => ({
  id: `${sopInstanceUid} ${number}`,
  ...{ number, name, color },
});

/** Contours whose points stand elsewhere get them; those that can't be had stay away. */
async function withPoints(structures: Structures): Promise<Structures> {
  let left = MOST_BULK;
  const rois: Roi[] = [];
  for (const roi of structures.rois) {
    const contours = [];
    for (const contour of roi.contours) {
      if (contour.bulk === undefined) contours.push(contour);
      else if (left > 0) {
        left -= 1;
        const bytes = await fetchBulkData(contour.bulk).catch(() => new Uint8Array(0));
        contours.push({ type: contour.type, points: contourPoints(new TextDecoder('latin1').decode(bytes)) });
      }
    }
    rois.push({ ...roi, contours });
  }
  return { ...structures, rois };
}

async function layerOf(
  dataset: DicomJson,
  base: Pick<Layer, 'study' | 'seriesInstanceUid' | 'title'>,
): Promise<Layer | undefined> {
  const sopClass = readString(dataset, TAG.SOPClassUID);
  if (isSegmentation(sopClass)) {
    const segmentation = segmentationOf(dataset);
    if (segmentation === undefined) return undefined;
    const { sopInstanceUid } = segmentation;
    const items = segmentation.segments.map((one) => itemOf(sopInstanceUid, one));
    return { ...base, kind: 'segmentation', sopInstanceUid, items, segmentation };
  }
  if (isStructures(sopClass)) {
    const found = structuresOf(dataset);
    if (found === undefined) return undefined;
    const structures = await withPoints(found);
    const { sopInstanceUid } = structures;
    const items = structures.rois.map((one) => itemOf(sopInstanceUid, one));
    return { ...base, kind: 'structures', sopInstanceUid, items, structures };
  }
  const map = parametricMapOf(dataset);
  if (map !== undefined) {
    const { sopInstanceUid } = map;
    const items = map.quantities.map(({ number, name, unit }) => {
      const written = [name, unitText(unit)].filter(Boolean).join(' · ') || undefined;
      return itemOf(sopInstanceUid, { number, name: written, color: WASH });
    });
    return { ...base, kind: 'map', sopInstanceUid, items, map };
  }
  const dose = isDose(sopClass) ? doseGridOf(dataset) : undefined;
  if (dose === undefined) return undefined;
  const { sopInstanceUid } = dose;
  const items = [itemOf(sopInstanceUid, { number: 1, name: base.title, color: WASH })];
  return { ...base, kind: 'dose', sopInstanceUid, items, dose };
}

/** What the instances of a series lay over images. Fails with UNREADABLE where that is too long, or can't be read. */
export async function readLayers(study: StudyRef, seriesInstanceUid: string): Promise<Layer[]> {
  const datasets = await fetchSeriesMetadata(study, seriesInstanceUid, { most: MOST_BYTES });
  const layers: Layer[] = [];
  for (const dataset of datasets) {
    const layer = await layerOf(dataset, { study, seriesInstanceUid, title: readString(dataset, TAG.SeriesDescription) });
    if (layer !== undefined) layers.push(layer);
  }
  if (layers.length === 0) throw new Error('no layer');
  return layers;
}

import {
  doseGridOf,
  isDose,
  isSegmentation,
  isStructures,
  parametricMapOf,
  segmentationOf,
  structuresOf,
} from '@negatoscope/dicom';
import { type DicomJson, readString, TAG } from '../model/dicom-json.ts';
import { fetchSeriesMetadata, type StudyRef } from '../model/dicomweb.ts';
import { unitText } from '../model/unit-text.ts';
import type { Layer, LayerItem } from './layer.ts';
import { LongContours } from './long-contours.ts';

/** Bytes of DICOM JSON: what is longer is no layer but a study of its own. */
const MOST_BYTES = 48 * 1024 * 1024;
const WASH = [255, 64, 64] as const;

const itemOf = (sopInstanceUid: string, { number, name, color }: Omit<LayerItem, 'id'>): LayerItem => ({
  id: `${sopInstanceUid} ${number}`,
  ...{ number, name, color },
});

async function layerOf(
  dataset: DicomJson,
  base: Pick<Layer, 'study' | 'seriesInstanceUid' | 'title'>,
  longContours: LongContours,
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
    const { structures, missing } = await longContours.of(found);
    const { sopInstanceUid } = structures;
    const items = structures.rois.map((one, at) => ({ ...itemOf(sopInstanceUid, one), missing: missing[at] ?? 0 }));
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
  const longContours = new LongContours();
  const layers: Layer[] = [];
  for (const dataset of datasets) {
    const title = readString(dataset, TAG.SeriesDescription);
    const layer = await layerOf(dataset, { study, seriesInstanceUid, title }, longContours);
    if (layer !== undefined) layers.push(layer);
  }
  if (layers.length === 0) throw new Error('no layer');
  return layers;
}

import { readNumber, readString } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';

/** A series as a list of them tells of it (PS3.18 10.6), before its instances are known. */
export interface SeriesSummary {
  readonly seriesInstanceUid: string;
  readonly modality: string | undefined;
  readonly seriesNumber: number | undefined;
  readonly description: string | undefined;
  readonly instanceCount: number | undefined;
  /** Body Part Examined (0018,0015), as it is written. */
  readonly bodyPart: string | undefined;
}

/** Undefined for a dataset without a Series Instance UID. */
export function parseSeriesSummary(dataset: DicomJsonObject): SeriesSummary | undefined {
  const seriesInstanceUid = readString(dataset, '0020000E');
  if (seriesInstanceUid === undefined) return undefined;
  return {
    seriesInstanceUid,
    modality: readString(dataset, '00080060'),
    seriesNumber: readNumber(dataset, '00200011'),
    description: readString(dataset, '0008103E'),
    instanceCount: readNumber(dataset, '00201209'),
    bodyPart: readString(dataset, '00180015'),
  };
}

/** Modalities without an image of their own; they follow the images. */
const DOCUMENT_MODALITIES = new Set(['SR', 'KO', 'PR', 'DOC', 'RTSTRUCT', 'RTPLAN', 'REG', 'AU', 'ECG', 'HD', 'PLAN']);
export const isDocumentModality = (modality: string | undefined): boolean => DOCUMENT_MODALITIES.has(modality ?? '');

/** Whether any of the series has images, as far as their modalities tell. */
export const haveImages = (series: readonly SeriesSummary[]): boolean =>
  series.some(({ modality }) => !isDocumentModality(modality));

/** Images that were acquired, then what was drawn on them, then documents. */
const rank = (modality: string | undefined): number => (isDocumentModality(modality) ? 2 : modality === 'SEG' ? 1 : 0);

export function sortSeries(series: readonly SeriesSummary[]): SeriesSummary[] {
  return [...series].sort((a, b) => {
    const ranks = rank(a.modality) - rank(b.modality);
    if (ranks !== 0) return ranks;
    const left = a.seriesNumber ?? Number.MAX_SAFE_INTEGER;
    const right = b.seriesNumber ?? Number.MAX_SAFE_INTEGER;
    if (left !== right) return left - right;
    return a.seriesInstanceUid < b.seriesInstanceUid ? -1 : 1;
  });
}

/** The series that a list of them tells of, in display order. */
export const seriesOf = (datasets: readonly DicomJsonObject[]): SeriesSummary[] =>
  sortSeries(datasets.map(parseSeriesSummary).filter((series) => series !== undefined));

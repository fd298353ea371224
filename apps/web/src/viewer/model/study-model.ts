import { pixelAspectOf } from '@negatoscope/dicom';
import { type Calibration, frameSpacing, readCalibration, type Spacing } from './calibration.ts';
import { type CineTiming, readCineTiming } from './cine-timing.ts';
import {
  type DicomJson,
  readItems,
  readNumber,
  readNumbers,
  readPersonName,
  readString,
  readStrings,
  TAG,
} from './dicom-json.ts';

import { buildDocuments, type DocumentModel } from './documents.ts';
import { cross, dot, type PlaneOrientation, parsePlaneOrientation, toVector3, type Vector3 } from './geometry.ts';
import { mapInPieces } from './in-pieces.ts';
import { firstIndex } from './load-order.ts';
import { type FrameOrientation, parseLetters } from './orientation.ts';
import { sortFrames } from './sort-frames.ts';
import { frameUrl, type StudyRef, seriesUrl } from './study-url.ts';

/** A series as the strip shows it, before its instances are known. */
export interface SeriesSummary {
  readonly seriesInstanceUid: string;
  readonly modality: string | undefined;
  readonly seriesNumber: number | undefined;
  readonly description: string | undefined;
  readonly instanceCount: number | undefined;
  /** Body Part Examined (0018,0015), as it is written. */
  readonly bodyPart: string | undefined;
}

export interface FrameModel {
  /** Cornerstone's identifier: `wadors:` and the frame's path, without a host. */
  readonly imageId: string;
  readonly sopInstanceUid: string;
  readonly frameNumber: number;
  readonly instanceNumber: number | undefined;
  readonly position: Vector3 | undefined;
  readonly orientation: PlaneOrientation | undefined;
  readonly frameOrientation: FrameOrientation | undefined;
  readonly calibration: Calibration;
  readonly sliceThicknessMm: number | undefined;
  readonly slicePositionMm: number | undefined;
  readonly rows: number;
  readonly columns: number;
  readonly frameOfReferenceUid: string | undefined;
  /** What the pane draws with: millimetres where they are known of the whole frame; always the true proportions of a pixel. */
  readonly drawingSpacing: Spacing;
  readonly dataset: DicomJson;
}

export interface PatientBanner {
  readonly name: string | undefined;
  readonly patientId: string | undefined;
  readonly issuer: string | undefined;
  readonly birthDate: string | undefined;
  readonly age: string | undefined;
  readonly sex: string | undefined;
  readonly studyDate: string | undefined;
  readonly studyDescription: string | undefined;
}

export interface SeriesModel extends SeriesSummary {
  /** The study that it is of. */
  readonly study: StudyRef;
  readonly frames: readonly FrameModel[];
  /** Instances without frames to draw. */
  readonly documents: readonly DocumentModel[];
  readonly isSpatial: boolean;
  readonly firstIndex: number;
  readonly cine: CineTiming;
  readonly banner: PatientBanner;
  /** SOP Class of the first instance: names what cannot be shown when `frames` is empty. */
  readonly sopClassUid: string | undefined;
}

export function parseSeriesSummary(dataset: DicomJson): SeriesSummary | undefined {
  const seriesInstanceUid = readString(dataset, TAG.SeriesInstanceUID);
  if (seriesInstanceUid === undefined) return undefined;
  return {
    seriesInstanceUid,
    modality: readString(dataset, TAG.Modality),
    seriesNumber: readNumber(dataset, TAG.SeriesNumber),
    description: readString(dataset, TAG.SeriesDescription),
    instanceCount: readNumber(dataset, TAG.NumberOfSeriesRelatedInstances),
    bodyPart: readString(dataset, TAG.BodyPartExamined),
  };
}

/** Modalities without an image of their own; they follow the images in the strip. */
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

/** The series that a list of them tells of (PS3.18 10.6), in display order. */
export const seriesOf = (datasets: readonly DicomJson[]): SeriesSummary[] =>
  sortSeries(datasets.map(parseSeriesSummary).filter((series) => series !== undefined));

/** First item of a functional group of a frame: per-frame before shared (PS3.3 C.7.6.16.1). */
function functionalGroup(shared: DicomJson | undefined, perFrame: DicomJson | undefined, tag: string): DicomJson | undefined {
  return readItems(perFrame, tag)[0] ?? readItems(shared, tag)[0];
}

function readFrameOrientation(dataset: DicomJson, plane: PlaneOrientation | undefined): FrameOrientation | undefined {
  if (plane !== undefined) return { kind: 'cosines', plane };
  const [row, column] = readStrings(dataset, TAG.PatientOrientation);
  return parseLetters(row, column);
}

interface FrameSource {
  readonly dataset: DicomJson;
  readonly series: string;
  readonly shared: DicomJson | undefined;
  readonly perFrame: DicomJson | undefined;
  readonly frameNumber: number;
}

function buildFrame({ dataset, series, shared, perFrame, frameNumber }: FrameSource): FrameModel {
  const sopInstanceUid = readString(dataset, TAG.SOPInstanceUID) ?? '';
  const planePosition = functionalGroup(shared, perFrame, TAG.PlanePositionSequence) ?? dataset;
  const planeOrientation = functionalGroup(shared, perFrame, TAG.PlaneOrientationSequence) ?? dataset;
  const pixelMeasures = functionalGroup(shared, perFrame, TAG.PixelMeasuresSequence);
  const position = toVector3(readNumbers(planePosition, TAG.ImagePositionPatient));
  const orientation = parsePlaneOrientation(readNumbers(planeOrientation, TAG.ImageOrientationPatient));
  const rows = readNumber(dataset, TAG.Rows) ?? 0;
  const columns = readNumber(dataset, TAG.Columns) ?? 0;
  const calibration = readCalibration(dataset, pixelMeasures);
  const columnMm = frameSpacing(calibration)?.columnMm ?? 1;
  const alongNormal = position && orientation ? dot(position, cross(orientation.row, orientation.column)) : undefined;
  return {
    imageId: `wadors:${frameUrl(series, sopInstanceUid, frameNumber)}`,
    sopInstanceUid,
    frameNumber,
    instanceNumber: readNumber(dataset, TAG.InstanceNumber),
    position,
    orientation,
    frameOrientation: readFrameOrientation(dataset, orientation),
    calibration,
    sliceThicknessMm: readNumber(pixelMeasures, TAG.SliceThickness) ?? readNumber(dataset, TAG.SliceThickness),
    slicePositionMm: alongNormal ?? readNumber(dataset, TAG.SliceLocation),
    rows,
    columns,
    frameOfReferenceUid: readString(dataset, TAG.FrameOfReferenceUID),
    drawingSpacing: { rowMm: columnMm * pixelAspectOf(dataset, frameNumber - 1), columnMm },
    dataset,
  };
}

/** Frames of one instance in frame order; none when it has no pixels. */
export function buildFrames(dataset: DicomJson, series: string): FrameModel[] {
  const hasPixels = (readNumber(dataset, TAG.Rows) ?? 0) > 0 && (readNumber(dataset, TAG.Columns) ?? 0) > 0;
  if (!hasPixels || readString(dataset, TAG.SOPInstanceUID) === undefined) return [];
  const count = Math.max(1, Math.trunc(readNumber(dataset, TAG.NumberOfFrames) ?? 1));
  const shared = readItems(dataset, TAG.SharedFunctionalGroupsSequence)[0];
  const perFrame = readItems(dataset, TAG.PerFrameFunctionalGroupsSequence);
  return Array.from({ length: count }, (_, index) =>
    buildFrame({ dataset, series, shared, perFrame: perFrame[index], frameNumber: index + 1 }),
  );
}

function readBanner(dataset: DicomJson | undefined): PatientBanner {
  return {
    name: readPersonName(dataset, TAG.PatientName),
    patientId: readString(dataset, TAG.PatientID),
    issuer: readString(dataset, TAG.IssuerOfPatientID),
    birthDate: readString(dataset, TAG.PatientBirthDate),
    age: readString(dataset, TAG.PatientAge),
    sex: readString(dataset, TAG.PatientSex),
    studyDate: readString(dataset, TAG.StudyDate),
    studyDescription: readString(dataset, TAG.StudyDescription),
  };
}

interface BuiltInstance {
  readonly dataset: DicomJson;
  readonly frames: readonly FrameModel[];
}

/** Builds one instance of a series; `videos` names those whose pixels are one video. */
function instanceBuilder(
  study: StudyRef,
  seriesInstanceUid: string,
  videos: ReadonlySet<string> = new Set(),
): (dataset: DicomJson) => BuiltInstance {
  const url = seriesUrl(study, seriesInstanceUid);
  const isVideo = (dataset: DicomJson): boolean => videos.has(readString(dataset, TAG.SOPInstanceUID) ?? '');
  return (dataset) => ({ dataset, frames: isVideo(dataset) ? [] : buildFrames(dataset, url) });
}

/** The series ready to be shown, from the metadata of its instances. */
export const buildSeries = (study: StudyRef, seriesInstanceUid: string, datasets: readonly DicomJson[]): SeriesModel =>
  seriesFrom(study, seriesInstanceUid, datasets.map(instanceBuilder(study, seriesInstanceUid)));

/** The same of a series of any length, while the page goes on answering; `videos` names the instances whose pixels are one video. */
export const buildSeriesInPieces = async (
  study: StudyRef,
  seriesInstanceUid: string,
  datasets: readonly DicomJson[],
  videos?: ReadonlySet<string>,
): Promise<SeriesModel> =>
  seriesFrom(study, seriesInstanceUid, await mapInPieces(datasets, instanceBuilder(study, seriesInstanceUid, videos)));

function seriesFrom(study: StudyRef, seriesInstanceUid: string, instances: readonly BuiltInstance[]): SeriesModel {
  const first = instances[0]?.dataset;
  const url = seriesUrl(study, seriesInstanceUid);
  const sorted = sortFrames(instances.flatMap(({ frames }) => frames));
  const others = instances.filter(({ frames }) => frames.length === 0).map(({ dataset }) => dataset);
  const modality = readString(first, TAG.Modality);
  return {
    study,
    seriesInstanceUid,
    modality,
    seriesNumber: readNumber(first, TAG.SeriesNumber),
    description: readString(first, TAG.SeriesDescription),
    instanceCount: instances.length,
    bodyPart: readString(first, TAG.BodyPartExamined),
    frames: sorted.frames,
    documents: buildDocuments(others, url),
    isSpatial: sorted.isSpatial,
    firstIndex: firstIndex(sorted.frames.length, modality, sorted.isSpatial),
    cine: readCineTiming(sorted.frames[0]?.dataset ?? first, sorted.isSpatial || instances.length > 1 ? 1 : sorted.frames.length),
    banner: readBanner(first),
    sopClassUid: readString(first, TAG.SOPClassUID),
  };
}

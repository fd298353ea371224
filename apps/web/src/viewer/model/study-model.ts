import {
  type FrameGroups,
  firstIndex,
  frameGroupsOf,
  functionalGroup,
  type PlacedFrame,
  pixelAspectOf,
  placedFrames,
  type SeriesSummary,
  sortFrames,
} from '@negatoscope/dicom';
import { type Calibration, frameSpacing, readCalibration, type Spacing } from './calibration.ts';
import { type CineTiming, readCineTiming } from './cine-timing.ts';
import { type DicomJson, readNumber, readPersonName, readString, readStrings, TAG } from './dicom-json.ts';

import { buildDocuments, type DocumentModel } from './documents.ts';
import { cross, dot, type PlaneOrientation, type Vector3 } from './geometry.ts';
import { mapInPieces } from './in-pieces.ts';
import { type FrameOrientation, parseLetters } from './orientation.ts';
import { frameUrl, type StudyRef, seriesUrl } from './study-url.ts';

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

function readFrameOrientation(dataset: DicomJson, plane: PlaneOrientation | undefined): FrameOrientation | undefined {
  if (plane !== undefined) return { kind: 'cosines', plane };
  const [row, column] = readStrings(dataset, TAG.PatientOrientation);
  return parseLetters(row, column);
}

interface FrameSource {
  readonly dataset: DicomJson;
  readonly series: string;
  readonly groups: FrameGroups;
  readonly placed: PlacedFrame;
}

function buildFrame({ dataset, series, groups, placed }: FrameSource): FrameModel {
  const { sopInstanceUid, frameNumber, position, orientation } = placed;
  const pixelMeasures = functionalGroup(groups, frameNumber - 1, TAG.PixelMeasuresSequence);
  const calibration = readCalibration(dataset, pixelMeasures);
  const columnMm = frameSpacing(calibration)?.columnMm ?? 1;
  const alongNormal = position && orientation ? dot(position, cross(orientation.row, orientation.column)) : undefined;
  return {
    ...placed,
    imageId: `wadors:${frameUrl(series, sopInstanceUid, frameNumber)}`,
    frameOrientation: readFrameOrientation(dataset, orientation),
    calibration,
    sliceThicknessMm: readNumber(pixelMeasures, TAG.SliceThickness) ?? readNumber(dataset, TAG.SliceThickness),
    slicePositionMm: alongNormal ?? readNumber(dataset, TAG.SliceLocation),
    rows: readNumber(dataset, TAG.Rows) ?? 0,
    columns: readNumber(dataset, TAG.Columns) ?? 0,
    frameOfReferenceUid: readString(dataset, TAG.FrameOfReferenceUID),
    drawingSpacing: { rowMm: columnMm * pixelAspectOf(dataset, frameNumber - 1), columnMm },
    dataset,
  };
}

/** Frames of one instance in frame order; none when it has no pixels. */
export function buildFrames(dataset: DicomJson, series: string): FrameModel[] {
  const groups = frameGroupsOf(dataset);
  return placedFrames(dataset, groups).map((placed) => buildFrame({ dataset, series, groups, placed }));
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

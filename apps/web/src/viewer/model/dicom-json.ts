import type { DicomJsonObject } from '@negatoscope/dicom';

/** Readers for the DICOM JSON model (PS3.18 annex F): every one tolerates absent, empty or oddly typed attributes. */

export type DicomJson = DicomJsonObject;

/** Eight-digit tags of the attributes the viewer reads, by their PS3.6 keyword. */
export const TAG = {
  ImageType: '00080008',
  SOPClassUID: '00080016',
  SOPInstanceUID: '00080018',
  StudyDate: '00080020',
  InstanceAvailability: '00080056',
  Modality: '00080060',
  StudyDescription: '00081030',
  SeriesDescription: '0008103E',
  RecommendedDisplayFrameRate: '00082144',
  AvailableTransferSyntaxUID: '00083002',
  PatientName: '00100010',
  PatientID: '00100020',
  IssuerOfPatientID: '00100021',
  PatientBirthDate: '00100030',
  PatientSex: '00100040',
  PatientAge: '00101010',
  BodyPartExamined: '00180015',
  CineRate: '00180040',
  SliceThickness: '00180050',
  FrameTime: '00181063',
  FrameTimeVector: '00181065',
  EstimatedRadiographicMagnificationFactor: '00181114',
  ImagerPixelSpacing: '00181164',
  ViewPosition: '00185101',
  SequenceOfUltrasoundRegions: '00186011',
  RegionFlags: '00186016',
  RegionLocationMinX0: '00186018',
  RegionLocationMinY0: '0018601A',
  RegionLocationMaxX1: '0018601C',
  RegionLocationMaxY1: '0018601E',
  PhysicalUnitsXDirection: '00186024',
  PhysicalUnitsYDirection: '00186026',
  PhysicalDeltaX: '0018602C',
  PhysicalDeltaY: '0018602E',
  SeriesInstanceUID: '0020000E',
  SeriesNumber: '00200011',
  InstanceNumber: '00200013',
  PatientOrientation: '00200020',
  ImagePositionPatient: '00200032',
  ImageOrientationPatient: '00200037',
  FrameOfReferenceUID: '00200052',
  Laterality: '00200060',
  ImageLaterality: '00200062',
  SliceLocation: '00201041',
  NumberOfSeriesRelatedInstances: '00201209',
  FrameAnatomySequence: '00209071',
  FrameLaterality: '00209072',
  PlanePositionSequence: '00209113',
  PlaneOrientationSequence: '00209116',
  SamplesPerPixel: '00280002',
  PhotometricInterpretation: '00280004',
  NumberOfFrames: '00280008',
  Rows: '00280010',
  Columns: '00280011',
  PixelSpacing: '00280030',
  PixelAspectRatio: '00280034',
  PixelSpacingCalibrationType: '00280A02',
  BitsAllocated: '00280100',
  BitsStored: '00280101',
  HighBit: '00280102',
  WindowCenter: '00281050',
  WindowWidth: '00281051',
  RescaleIntercept: '00281052',
  VOILUTFunction: '00281056',
  LossyImageCompression: '00282110',
  LossyImageCompressionRatio: '00282112',
  LossyImageCompressionMethod: '00282114',
  VOILUTSequence: '00283010',
  PixelMeasuresSequence: '00289110',
  DocumentTitle: '00420010',
  SharedFunctionalGroupsSequence: '52009229',
  PerFrameFunctionalGroupsSequence: '52009230',
} as const;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function isDicomJson(value: unknown): value is DicomJson {
  return isRecord(value) && !Array.isArray(value);
}

/** Reads an untrusted answer body as a list of datasets; anything that is not an object is left out. */
export function parseDatasets(body: unknown): DicomJson[] {
  return Array.isArray(body) ? body.filter(isDicomJson) : [];
}

/** Embeddings, overrides and isolates of writing direction (Unicode UAX 9): they would turn round what is written after them, a birth date included. */
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what no text of an image has a use for.
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]+/g;

/** A text of a dataset as it may stand beside others: nothing in it acts on what is around it. */
export const asText = (value: string): string => value.replace(DIRECTIONS, '').replace(CONTROLS, ' ').trim();

export function readString(dataset: DicomJson | undefined, tag: string): string | undefined {
  const value = dataset?.[tag]?.Value?.[0];
  if (typeof value === 'string') return asText(value) || undefined;
  return typeof value === 'number' ? String(value) : undefined;
}

export function readStrings(dataset: DicomJson | undefined, tag: string): string[] {
  const values = dataset?.[tag]?.Value ?? [];
  return values.filter((value): value is string => typeof value === 'string').map(asText);
}

export function readNumber(dataset: DicomJson | undefined, tag: string): number | undefined {
  return readNumbers(dataset, tag)?.[0];
}

/** All values as finite numbers, or undefined as soon as one is not. DS and IS may arrive as strings (PS3.18 F.2.3). */
export function readNumbers(dataset: DicomJson | undefined, tag: string): number[] | undefined {
  const values = dataset?.[tag]?.Value;
  if (values === undefined || values.length === 0) return undefined;
  const numbers = values.map((value) =>
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN,
  );
  return numbers.every(Number.isFinite) ? numbers : undefined;
}

export function readItems(dataset: DicomJson | undefined, tag: string): DicomJson[] {
  return parseDatasets(dataset?.[tag]?.Value);
}

/** The most readable component group of a PN: alphabetic, then ideographic, then phonetic (PS3.5 6.2.1.2). */
export function readPersonName(dataset: DicomJson | undefined, tag: string): string | undefined {
  const value = dataset?.[tag]?.Value?.[0];
  if (typeof value === 'string') return asText(value.split('=')[0] ?? '');
  if (!isRecord(value)) return undefined;
  for (const group of ['Alphabetic', 'Ideographic', 'Phonetic']) {
    const text = value[group];
    if (typeof text === 'string' && asText(text) !== '') return asText(text);
  }
  return undefined;
}

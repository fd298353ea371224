/** Pure DICOM: bytes to DICOM JSON, frames to byte ranges, and the small grammars of PS3.5. See README.md for which module does what. */

export { decodeBase64 } from './base64.ts';
export { withElementsBehindPixels } from './behind-pixels.ts';
export type { Region as BodyRegion } from './body-parts.ts';
export { regionsOfBodyPart, regionsOfText, sidesOfText } from './body-regions.ts';
export {
  isPaired,
  lineage as regionLineage,
  type Relation as RegionRelation,
  relationOf as relationOfRegions,
} from './body-relations.ts';
export { canonicalJson } from './canonical-json.ts';
export {
  type CoercedFile,
  type CoercedPiece,
  type CoerceOptions,
  coercePart10,
  type Glimpse,
  glimpse,
  readGlimpse,
} from './coerce/index.ts';
export { concat } from './concat.ts';
export * from './content/index.ts';
export * from './date-time.ts';
export * from './decode/index.ts';
export * from './deid/index.ts';
export { keywordOf, tagOf, vrOf } from './dictionary/index.ts';
export * from './directory/index.ts';
export { type DocumentKind, documentKindOf, documentLabel } from './document-kind.ts';
export { DICOM_ERROR_CODES, DicomError, type DicomErrorCode, type DicomErrorDetails } from './errors.ts';
export { type ByteRange, frameRanges } from './frame-ranges.ts';
export { type FrameRead, finishFrameRead, planFrameRead } from './frame-read.ts';
export type {
  EncapsulatedFrames,
  FrameTable,
  FrameWarningCode,
  NativeFrames,
  NoFrames,
  PackedFrames,
} from './frame-table.ts';
export { decodeFrameTable, encodeFrameTable } from './frame-table-codec.ts';
export { type FrameOptions, frameLocator, locateFrames } from './frames.ts';
export * from './hanging/index.ts';
export * from './json-access.ts';
export * from './json-readers.ts';
export * from './made/index.ts';
export * from './measure/index.ts';
export * from './nifti/index.ts';
export * from './overlaid/index.ts';
export { type InflateOptions, type ParseBytesOptions, parsePart10, runReader } from './parse.ts';
export { datasetOffsetReader, part10Reader } from './part10.ts';
export type { ByteReader } from './part10-start.ts';
export { formatPersonName, type PersonName, type PersonNameGroup, parsePersonName } from './person-name.ts';
export * from './pixels/index.ts';
export * from './presentation/index.ts';
export * from './reencode/index.ts';
export * from './slides/index.ts';
export * from './strokes/index.ts';
export { swapWords } from './swap-words.ts';
export { tagText } from './tag-text.ts';
export {
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  TRANSFER_SYNTAXES,
  type TransferSyntax,
} from './transfer-syntaxes.ts';
export * from './types.ts';
export * from './uid.ts';
export * from './waveform/index.ts';
export { type DatasetWriteCode, DatasetWriteError } from './write/error.ts';
export { fileStart } from './write/file-start.ts';
export { type Column, type ColumnValue, DatasetForm, DatasetRun } from './write/form.ts';
export { type DatasetWriteOptions, writeBareDataset, writeDataset } from './write/part10.ts';
export type { DatasetPart } from './write/sink.ts';

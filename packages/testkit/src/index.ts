export { MEN, WOMEN } from './batch/given-names.ts';
export { FAMILY_NAMES } from './batch/names.ts';
export { type BatchOptions, type PatientRow, patientBatch, type StudyRow, studyRowBatch } from './batch/rows.ts';
export { type ClinicDayOptions, clinicDay, clinicStudyUid } from './demo/clinic-day.ts';
export { type DemoOptions, demoSet } from './demo/demo-set.ts';
export { brokenFiles } from './hostile/broken-files.ts';
export { type CdFile, dicomdirCd, type PatientCd } from './hostile/dicomdir.ts';
export type { HostileFile } from './hostile/hostile-file.ts';
export type { HostileZip } from './hostile/hostile-zip.ts';
export { manyElements, manyInItems } from './hostile/many-elements.ts';
export { mutateFile } from './hostile/mutate.ts';
export { smallDataset } from './hostile/small.ts';
export { writeDicomdir } from './hostile/write-dicomdir.ts';
export { zipCorpus } from './hostile/zip-corpus.ts';
export type { Dataset, ElementInput, ElementValue, EncapsulatedPixelData, ExplicitElement } from './part10/dataset.ts';
export { decodeRle, type RleShape } from './part10/decode-rle.ts';
export { encodeRle } from './part10/rle.ts';
export type { Vr } from './part10/tags.ts';
export { SopClass, TransferSyntax } from './part10/transfer-syntax.ts';
export { type WriteOptions, writePart10 } from './part10/writer.ts';
export { type ChestXrayOptions, chestXray } from './phantom/chest-xray.ts';
export { ctVolume } from './phantom/ct.ts';
export type { CtBase, CtOptions } from './phantom/ct-protocols.ts';
export { DISK_HU, type DiskOptions, diskOf, diskSeries } from './phantom/disk.ts';
export { type EcgOptions, ecg, ecgSample, TWELVE_LEADS } from './phantom/ecg.ts';
export {
  type GreyPicture,
  HELD_OUT_BACKGROUNDS,
  type HeldOutBackground,
  type HeldOutLine,
  heldOutLine,
  heldOutPicture,
} from './phantom/held-out.ts';
export type { GeneratedInstance, PhantomOptions } from './phantom/instance.ts';
export { pixelElement } from './phantom/matrix-pixels.ts';
export { type MrOptions, type MrOrientation, mrSeries } from './phantom/mr.ts';
export type { MrWeighting } from './phantom/mr-signal.ts';
export { BALL, ballDose, ballDoseAt, ballSegmentation, ballStructures, ballVolume } from './phantom/overlaid.ts';
export { type BallMapOptions, ballMap } from './phantom/parametric-map.ts';
export type { MatrixPhotometric, MatrixSyntax, PixelCase } from './phantom/pixel-case.ts';
export { pixelMatrix } from './phantom/pixel-matrix.ts';
export {
  type PresentationStateOptions,
  presentationState,
  type ReferencedFrames,
  type StateGraphicOptions,
  type StateTextOptions,
} from './phantom/presentation-state.ts';
export { type SecondaryCaptureOptions, secondaryCapture } from './phantom/secondary-capture.ts';
export { type SlideOptions, slideColor, slideFocus, wholeSlide } from './phantom/slide.ts';
export { type SmallPictureOptions, smallPicture } from './phantom/small-picture.ts';
export { paintText, sizeOfText, type WrittenText } from './phantom/text.ts';
export { type UltrasoundOptions, ultrasoundClip } from './phantom/ultrasound.ts';
export { type VolumeOptions, volumeSeries } from './phantom/volume.ts';
export { createPrng, type Prng, type Seed, seededUid } from './prng.ts';
export { type CtBatchOptions, ctBatch, ctZip } from './zip/ct-zip.ts';
export { buildZip, writeZip } from './zip/zip.ts';
export type { ZipEntry } from './zip/zip-records.ts';

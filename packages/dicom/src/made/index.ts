export type { MadeDevice } from './authors.ts';
export { type MadeCapture, secondaryCaptureImage } from './capture.ts';
export type { Code, InstanceReference, MadeInstance, Predecessor } from './common.ts';
export type { MadeDerivation } from './derivation.ts';
export { basicTextReport, encapsulatedPdf, type MadePdf, type MadeReport, type ReportPart } from './documents.ts';
export { keyObjectSelection, type MadeKeyObjects } from './key-objects.ts';
export {
  type MadeMeasurement,
  type MadeMeasurementReport,
  type MadeShape,
  type MadeValue,
  measurementReport,
} from './measurement-report.ts';
export {
  type MadeAlgorithm,
  type MadeCode,
  type MadeModelReport,
  type MadeRegion,
  modelReport,
} from './model-report.ts';
export { contentMoment, madePersonName, plainText, uidOfUuid } from './texts.ts';

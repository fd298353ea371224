export type { Code, InstanceReference, MadeDevice, MadeInstance, Predecessor } from './common.ts';
export {
  basicTextReport,
  encapsulatedPdf,
  keyObjectSelection,
  type MadeCapture,
  type MadeDerivation,
  type MadeKeyObjects,
  type MadePdf,
  type MadeReport,
  type ReportPart,
  secondaryCaptureImage,
} from './documents.ts';
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

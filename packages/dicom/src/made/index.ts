export type { Code, InstanceReference, MadeInstance, Predecessor } from './common.ts';
export {
  basicTextReport,
  encapsulatedPdf,
  keyObjectSelection,
  type MadeCapture,
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

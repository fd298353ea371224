export type { Code, InstanceReference, MadeInstance } from './common.ts';
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

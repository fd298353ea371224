import type {
  DeidExport,
  DeidExportDetails,
  DeidHeldFile,
  DeidMask,
  DeidProject,
  DeidProjectOption,
} from '@negatoscope/contract';

declare module '../../platform/db/statements.ts' {
  interface ColumnTypes {
    'deid_projects.options': DeidProjectOption[];
    'deid_projects.dates': DeidProject['dates'];
    'deid_exports.status': DeidExport['status'];
    'deid_exports.code': DeidExport['code'];
    'deid_exports.form': DeidExport['form'];
    'deid_exports.refusals': DeidExportDetails['refusals'];
    'deid_held_files.because': DeidHeldFile['because'];
    'deid_held_files.decision': DeidHeldFile['decision'];
    'deid_held_files.masks': DeidMask[];
  }
}

import { ARCHIVE_KINDS } from './archive/archive-kinds.ts';
import type { RowKinds, TextRows, UidRows } from './archive/row-kind.ts';
import { ANNOTATION_KINDS } from './features/annotations/row-kinds.ts';
import { CONSULTATION_KINDS } from './features/consultations/row-kinds.ts';
import { TRANSFER_UIDS } from './features/dimse/row-kinds.ts';
import { EXPORT_KINDS } from './features/export/row-kinds.ts';
import { EMERGENCY_KINDS } from './features/identity/row-kinds.ts';
import { IMPORT_KINDS, IMPORT_TEXTS, IMPORT_UIDS } from './features/ingest/row-kinds.ts';
import { NOTICE_KINDS } from './features/notices/row-kinds.ts';
import { ORTHANC_KINDS } from './features/orthanc/row-kinds.ts';
import { PREDICTION_KINDS } from './features/predictions/row-kinds.ts';
import { PRIVACY_KINDS } from './features/privacy/row-kinds.ts';
import { REPORT_KINDS } from './features/reports/row-kinds.ts';
import { SHARE_KINDS, SHARE_TEXTS } from './features/sharing/row-kinds.ts';
import { READING_KINDS } from './features/studies/row-kinds.ts';
import { VIEW_TEXTS } from './features/views/row-kinds.ts';

/** Every kind of rows that hangs on patients, studies, series or instances. */
export const ROW_KINDS: RowKinds = [
  ...ARCHIVE_KINDS,
  ...IMPORT_KINDS,
  ...ANNOTATION_KINDS,
  ...READING_KINDS,
  ...REPORT_KINDS,
  ...PREDICTION_KINDS,
  ...CONSULTATION_KINDS,
  ...NOTICE_KINDS,
  ...EMERGENCY_KINDS,
  ...ORTHANC_KINDS,
  ...SHARE_KINDS,
  ...PRIVACY_KINDS,
  ...EXPORT_KINDS,
];

/** Rows that hang on nothing and name a study by its UID. */
export const ROWS_BY_UID: readonly UidRows[] = [...IMPORT_UIDS, ...TRANSFER_UIDS];

/** Rows that hang on nothing and may name somebody in a text. */
export const ROWS_BY_TEXT: readonly TextRows[] = [...IMPORT_TEXTS, ...VIEW_TEXTS, ...SHARE_TEXTS];

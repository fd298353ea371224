import type { UidRows } from '../../archive/row-kind.ts';

/** What was fetched or sent names studies by their UIDs. */
export const TRANSFER_UIDS: readonly UidRows[] = [
  {
    table: 'dicom_transfer_items',
    studyUid: 'study_instance_uid',
    erase: { study_instance_uid: "''", sop_instance_uid: 'NULL', comment: 'NULL' },
  },
];

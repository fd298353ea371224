import type { MergeRecord } from './lifecycle/merge-record.ts';
import type { DicomJson } from './search/qido-repository.ts';
import type { MismatchMark } from './write/mismatch.ts';
import type { ReceivedIdentity } from './write/received.ts';

/** What the archive keeps as JSON. */
declare module '../platform/db/statements.ts' {
  interface ColumnTypes {
    'series.attributes': DicomJson;
    'studies.attributes': DicomJson;
    'studies.identity_mismatch': MismatchMark & { readonly at: string };
    'studies.received_identity': ReceivedIdentity;
    'patient_merges.moved': MergeRecord;
    'study_moves.mismatch_before': MismatchMark & { readonly at: string };
  }
}

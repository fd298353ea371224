import type { NodeEventCode, NodeEventKind, NodeEventOutcome } from '@negatoscope/contract';

/** Texts that the server alone writes. */
declare module '../../platform/db/statements.ts' {
  interface ColumnTypes {
    'dicom_node_log.kind': NodeEventKind;
    'dicom_node_days.kind': NodeEventKind;
    'dicom_node_log.outcome': NodeEventOutcome;
    'dicom_node_log.code': NodeEventCode;
    'dicom_transfers.code': NodeEventCode;
    'dicom_transfer_items.code': NodeEventCode;
    'dicom_callers.code': NodeEventCode;
    'commitment_requests.instances': [sopClassUid: string, sopInstanceUid: string][];
  }
}

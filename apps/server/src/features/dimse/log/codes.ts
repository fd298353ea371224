import { FILE_REASONS, type NodeEventCode, type NodeEventOutcome, type NodeTrial } from '@negatoscope/contract';
import { type AssociateReject, REJECT, STATUS, statusKind } from '@negatoscope/dimse';

/** Who is to speak by TLS and does not: to the other side an unknown title like any other. */
export const WITHOUT_TLS: AssociateReject = { ...REJECT.CALLING_AET };

/** Why an association was refused, by the numbers that say so (PS3.8 table 9-21). */
export function codeOfReject(reject: AssociateReject): NodeEventCode {
  const { source, reason } = reject;
  if (reject === WITHOUT_TLS) return 'TLS_REQUIRED';
  const is = (other: AssociateReject): boolean => source === other.source && reason === other.reason;
  if (is(REJECT.CALLING_AET)) return 'CALLING_AET';
  if (is(REJECT.CALLED_AET)) return 'CALLED_AET';
  if (is(REJECT.LIMIT)) return 'LIMIT';
  if (is(REJECT.CONGESTION)) return 'CONGESTION';
  return 'ASSOCIATION_REFUSED';
}

const OF_STATUS: ReadonlyMap<number, NodeEventCode> = new Map([
  [STATUS.SOP_CLASS_NOT_SUPPORTED, 'CLASS_NOT_SUPPORTED'],
  [STATUS.NOT_AUTHORIZED, 'NOT_AUTHORIZED'],
  [STATUS.UNRECOGNIZED_OPERATION, 'UNRECOGNIZED_OPERATION'],
  [STATUS.MOVE_DESTINATION_UNKNOWN, 'DESTINATION_UNKNOWN'],
  [STATUS.RESOURCE_LIMITATION, 'OUT_OF_RESOURCES'],
  [STATUS.CANCEL, 'CANCELLED'],
]);
const OF_CLASS: ReadonlyMap<number, NodeEventCode> = new Map([
  [0xa7, 'OUT_OF_RESOURCES'],
  [0xa9, 'DATASET_DOES_NOT_MATCH'],
  [0xc0, 'CANNOT_UNDERSTAND'],
]);

/** What a status means in a word; null for success, or while more is to come. */
export function codeOfStatus(status: number): NodeEventCode | null {
  const kind = statusKind(status);
  if (kind === 'success' || kind === 'pending') return null;
  const said = OF_STATUS.get(status) ?? OF_CLASS.get(status >> 8);
  if (said !== undefined) return said;
  if (status >> 12 === 0xc) return 'CANNOT_UNDERSTAND';
  return kind === 'warning' ? 'WITH_WARNING' : 'PROCESSING_FAILURE';
}

/** What is known of an instance says more than the status that was answered. */
export const codeOfReason = (reason: string | undefined): NodeEventCode | undefined =>
  reason === 'OTHER_INSTANCE' || (reason !== undefined && Object.hasOwn(FILE_REASONS, reason))
    ? (reason as NodeEventCode) // Both are codes.
    : undefined;

/** What a status is to who reads the log. */
export function outcomeOf(status: number): NodeEventOutcome {
  switch (statusKind(status)) {
    case 'success':
    case 'pending':
      return 'OK';
    case 'cancel':
      return 'CANCELLED';
    case 'warning':
      return 'WARNING';
    case 'failure':
      return 'FAILED';
  }
}

const CODE_OF_TRIAL: Readonly<Record<Exclude<NodeTrial['outcome'], 'OK'>, NodeEventCode>> = {
  NO_ADDRESS: 'NO_ADDRESS',
  UNREACHABLE: 'UNREACHABLE',
  NO_TLS: 'NO_TLS',
  NO_ANSWER: 'NO_ANSWER',
  REFUSED: 'ASSOCIATION_REFUSED',
  FAILED: 'PROTOCOL',
};

/** Why an association with a node failed. */
export const codeOfFailed = (
  outcome: Exclude<NodeTrial['outcome'], 'OK'> | 'CANCELLED',
  reason: NodeTrial['reason'],
): NodeEventCode => reason ?? (outcome === 'CANCELLED' ? 'CANCELLED' : CODE_OF_TRIAL[outcome]);

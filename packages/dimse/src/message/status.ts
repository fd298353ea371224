/** Statuses of responses (PS3.7 annex C; PS3.4 B.2.3, C.4.1.1.4, C.4.2.1.5, C.4.3.1.4). */
export const STATUS = {
  SUCCESS: 0x0000,
  CANCEL: 0xfe00,
  PENDING: 0xff00,
  /** Some optional keys are not supported by the matching (C-FIND). */
  PENDING_WITHOUT_KEYS: 0xff01,
  /** Of N-services and of what no service says otherwise. */
  INVALID_ATTRIBUTE_VALUE: 0x0106,
  ATTRIBUTE_LIST_ERROR: 0x0107,
  PROCESSING_FAILURE: 0x0110,
  DUPLICATE_INSTANCE: 0x0111,
  NO_SUCH_INSTANCE: 0x0112,
  INVALID_ARGUMENT: 0x0115,
  INVALID_OBJECT_INSTANCE: 0x0117,
  NO_SUCH_CLASS: 0x0118,
  CLASS_INSTANCE_CONFLICT: 0x0119,
  MISSING_ATTRIBUTE: 0x0120,
  MISSING_VALUE: 0x0121,
  SOP_CLASS_NOT_SUPPORTED: 0x0122,
  NO_SUCH_ACTION: 0x0123,
  NOT_AUTHORIZED: 0x0124,
  DUPLICATE_INVOCATION: 0x0210,
  UNRECOGNIZED_OPERATION: 0x0211,
  RESOURCE_LIMITATION: 0x0213,
  /** C-STORE, C-FIND, C-MOVE, C-GET. */
  OUT_OF_RESOURCES: 0xa700,
  /** C-MOVE, C-GET: the matches can't be counted; sub-operations can't be performed. */
  CANNOT_COUNT: 0xa701,
  CANNOT_PERFORM: 0xa702,
  MOVE_DESTINATION_UNKNOWN: 0xa801,
  DATASET_DOES_NOT_MATCH: 0xa900,
  CANNOT_UNDERSTAND: 0xc000,
  /** Storage: what was sent was changed, did not match, lost elements. */
  COERCED: 0xb000,
  ELEMENTS_DISCARDED: 0xb006,
  DOES_NOT_MATCH_WARNING: 0xb007,
  /** C-MOVE, C-GET: complete, but for some that failed. */
  SOME_FAILED: 0xb000,
} as const;

export type StatusKind = 'success' | 'pending' | 'cancel' | 'warning' | 'failure';

/** What a status means (PS3.7 C.1). */
export function statusKind(status: number): StatusKind {
  if (status === STATUS.SUCCESS) return 'success';
  if (status === STATUS.PENDING || status === STATUS.PENDING_WITHOUT_KEYS) return 'pending';
  if (status === STATUS.CANCEL) return 'cancel';
  const isWarning = status === 0x0001 || status >> 12 === 0xb || status === 0x0107 || status === 0x0116;
  return isWarning ? 'warning' : 'failure';
}

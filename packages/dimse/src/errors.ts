/** Reasons of an A-ABORT by the service provider (PS3.8 9.3.8, table 9-26). */
export const ABORT_REASON = {
  NOT_SPECIFIED: 0,
  UNRECOGNIZED_PDU: 1,
  UNEXPECTED_PDU: 2,
  UNRECOGNIZED_PARAMETER: 4,
  UNEXPECTED_PARAMETER: 5,
  INVALID_PARAMETER: 6,
} as const;
export type AbortReason = (typeof ABORT_REASON)[keyof typeof ABORT_REASON];

/** Every code that a {@link ProtocolError} can carry. */
export const PROTOCOL_ERROR_CODES = [
  'PDU_TYPE',
  'PDU_LENGTH',
  'PDU_TOO_LONG',
  'ITEM_LENGTH',
  'CONTEXT_ID',
  'PDV_LENGTH',
  'NO_PDV',
  'COMMAND_SET',
  'COMMAND_TOO_LONG',
  'MESSAGE_ORDER',
  'CONTEXT_NOT_ACCEPTED',
  'ANSWER_NOT_PROPOSED',
  'MAX_LENGTH',
  'WRONG_STATE',
  'VALUE',
] as const;
export type ProtocolErrorCode = (typeof PROTOCOL_ERROR_CODES)[number];

/** The only error of this package. Its details may be logged: lengths, types and limits, never a value that a peer sent. */
export class ProtocolError extends Error {
  readonly code: ProtocolErrorCode;
  readonly details: Readonly<Record<string, number | string>>;

  constructor(code: ProtocolErrorCode, details: Readonly<Record<string, number | string>> = {}) {
    super(`DICOM upper layer: ${code}`);
    this.name = 'ProtocolError';
    this.code = code;
    this.details = details;
  }

  /** What an A-ABORT says of it. */
  get abortReason(): AbortReason {
    return this.code === 'PDU_TYPE' ? ABORT_REASON.UNRECOGNIZED_PDU : ABORT_REASON.INVALID_PARAMETER;
  }
}

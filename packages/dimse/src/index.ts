/** Pure DICOM network protocol: PDUs, the upper layer's state machine and DIMSE messages, without I/O. See README.md for which module does what. */

export {
  type AcceptorPolicy,
  type AgreedContext,
  type AgreedContexts,
  agreedContexts,
  type Implementation,
  negotiate,
  refusalOf,
} from './association/negotiate.ts';
export { STATE, type State } from './association/state-table.ts';
export { type Outcome, UpperLayer, type UpperLayerOptions } from './association/upper-layer.ts';
export { ABORT_REASON, PROTOCOL_ERROR_CODES, ProtocolError, type ProtocolErrorCode } from './errors.ts';
export { COMMAND, type CommandNumber, type CommandSet, HAS_DATASET, NO_DATASET } from './message/fields.ts';
export { type MessagePart, MessageReader } from './message/message-reader.ts';
export { commandPdus, datasetPdus, payloadBytes } from './message/message-writer.ts';
export { type Answer, isAnswerTo, isResponse, missingFields, respond, serviceOf } from './message/messages.ts';
export { STATUS, type StatusKind, statusKind } from './message/status.ts';
export { encodeDataHeader as dataHeader } from './pdu/encode.ts';
export * from './pdu/types.ts';
export { SERVICE_CLASS, STORAGE_COMMITMENT_INSTANCE } from './sop-classes.ts';

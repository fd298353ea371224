/** Elements of command sets (PS3.7 E.1): those of the services spoken here. */
export const COMMAND_FIELDS = {
  AffectedSOPClassUID: [0x0002, 'UI'],
  RequestedSOPClassUID: [0x0003, 'UI'],
  CommandField: [0x0100, 'US'],
  MessageID: [0x0110, 'US'],
  MessageIDBeingRespondedTo: [0x0120, 'US'],
  MoveDestination: [0x0600, 'AE'],
  Priority: [0x0700, 'US'],
  CommandDataSetType: [0x0800, 'US'],
  Status: [0x0900, 'US'],
  OffendingElement: [0x0901, 'AT'],
  ErrorComment: [0x0902, 'LO'],
  ErrorID: [0x0903, 'US'],
  AffectedSOPInstanceUID: [0x1000, 'UI'],
  RequestedSOPInstanceUID: [0x1001, 'UI'],
  EventTypeID: [0x1002, 'US'],
  AttributeIdentifierList: [0x1005, 'AT'],
  ActionTypeID: [0x1008, 'US'],
  NumberOfRemainingSuboperations: [0x1020, 'US'],
  NumberOfCompletedSuboperations: [0x1021, 'US'],
  NumberOfFailedSuboperations: [0x1022, 'US'],
  NumberOfWarningSuboperations: [0x1023, 'US'],
  MoveOriginatorApplicationEntityTitle: [0x1030, 'AE'],
  MoveOriginatorMessageID: [0x1031, 'US'],
} as const satisfies Readonly<Record<string, readonly [number, 'UI' | 'US' | 'AE' | 'LO' | 'AT']>>;

export type CommandKeyword = keyof typeof COMMAND_FIELDS;

interface ValueOf {
  UI: string;
  AE: string;
  LO: string;
  US: number;
  /** Tags, as eight hexadecimal digits. */
  AT: readonly string[];
}

/** A command set, by the keywords of PS3.6; its group length is not part of it. */
export type CommandSet = {
  readonly [Keyword in CommandKeyword]?: ValueOf[(typeof COMMAND_FIELDS)[Keyword][1]];
};

/** (0000,0100) of requests (PS3.7 E.1); a response has the highest bit too. */
export const COMMAND = {
  C_STORE: 0x0001,
  C_GET: 0x0010,
  C_FIND: 0x0020,
  C_MOVE: 0x0021,
  C_ECHO: 0x0030,
  N_EVENT_REPORT: 0x0100,
  N_GET: 0x0110,
  N_SET: 0x0120,
  N_ACTION: 0x0130,
  N_CREATE: 0x0140,
  N_DELETE: 0x0150,
  C_CANCEL: 0x0fff,
} as const;
export type CommandNumber = (typeof COMMAND)[keyof typeof COMMAND];

export const RESPONSE_BIT = 0x8000;
/** (0000,0800): no dataset follows; any other value says that one does (PS3.7 E.1). */
export const NO_DATASET = 0x0101;
export const HAS_DATASET = 0x0001;

import {
  COMMAND,
  type CommandKeyword,
  type CommandNumber,
  type CommandSet,
  HAS_DATASET,
  NO_DATASET,
  RESPONSE_BIT,
} from './fields.ts';

/** What a request can't do without (PS3.7 9.3, 10.3), beside its command field. */
const REQUIRED: Readonly<Record<CommandNumber, readonly CommandKeyword[]>> = {
  [COMMAND.C_STORE]: ['MessageID', 'AffectedSOPClassUID', 'AffectedSOPInstanceUID'],
  [COMMAND.C_GET]: ['MessageID', 'AffectedSOPClassUID'],
  [COMMAND.C_FIND]: ['MessageID', 'AffectedSOPClassUID'],
  [COMMAND.C_MOVE]: ['MessageID', 'AffectedSOPClassUID', 'MoveDestination'],
  [COMMAND.C_ECHO]: ['MessageID', 'AffectedSOPClassUID'],
  [COMMAND.N_EVENT_REPORT]: ['MessageID', 'AffectedSOPClassUID', 'AffectedSOPInstanceUID', 'EventTypeID'],
  [COMMAND.N_GET]: ['MessageID', 'RequestedSOPClassUID', 'RequestedSOPInstanceUID'],
  [COMMAND.N_SET]: ['MessageID', 'RequestedSOPClassUID', 'RequestedSOPInstanceUID'],
  [COMMAND.N_ACTION]: ['MessageID', 'RequestedSOPClassUID', 'RequestedSOPInstanceUID', 'ActionTypeID'],
  [COMMAND.N_CREATE]: ['MessageID', 'AffectedSOPClassUID'],
  [COMMAND.N_DELETE]: ['MessageID', 'RequestedSOPClassUID', 'RequestedSOPInstanceUID'],
  [COMMAND.C_CANCEL]: ['MessageIDBeingRespondedTo'],
};
/** Requests that are nothing without a dataset. */
const NEEDS_DATASET: ReadonlySet<number> = new Set([
  COMMAND.C_STORE,
  COMMAND.C_GET,
  COMMAND.C_FIND,
  COMMAND.C_MOVE,
  COMMAND.N_SET,
]);

const isCommandNumber = (value: number): value is CommandNumber => REQUIRED[value as CommandNumber] !== undefined;

export const isResponse = ({ CommandField = 0 }: CommandSet): boolean => (CommandField & RESPONSE_BIT) !== 0;
export const hasDataset = ({ CommandDataSetType = NO_DATASET }: CommandSet): boolean => CommandDataSetType !== NO_DATASET;

/** The service that a command set asks for, or answers; undefined for one that there is not. */
export function serviceOf({ CommandField = 0 }: CommandSet): CommandNumber | undefined {
  const number = CommandField & ~RESPONSE_BIT;
  return isCommandNumber(number) ? number : undefined;
}

/** Whether a command set answers that very request: the same service, and its message (PS3.7 9.3, 10.3). */
export const isAnswerTo = (request: CommandSet, command: CommandSet): boolean =>
  isResponse(command) && serviceOf(command) === serviceOf(request) && command.MessageIDBeingRespondedTo === request.MessageID;

/** What a request lacks; the dataset by the element that says that there is one. */
export function missingFields(request: CommandSet): CommandKeyword[] {
  const service = serviceOf(request);
  if (service === undefined) return ['CommandField'];
  const missing = REQUIRED[service].filter((keyword) => request[keyword] === undefined);
  return NEEDS_DATASET.has(service) && !hasDataset(request) ? [...missing, 'CommandDataSetType'] : missing;
}

export interface Answer extends Pick<CommandSet, 'OffendingElement' | 'EventTypeID' | 'ActionTypeID'> {
  readonly status: number;
  /** At most 64 characters of ASCII; what is more or other is left out. */
  readonly comment?: string;
  readonly hasDataset?: boolean;
  /** Of an instance that was made and that the request did not name (PS3.7 10.1.5.1.3). */
  readonly instanceUid?: string;
  /** What exactly went wrong, as the service class numbers it (PS3.7 C.4.2). */
  readonly errorId?: number;
  /** Sub-operations of a C-MOVE or C-GET; `remaining` is left out of a final answer (PS3.7 9.1.4.1.7). */
  readonly counts?: {
    readonly remaining?: number;
    readonly completed: number;
    readonly failed: number;
    readonly warning: number;
  };
}

function countsOf({ counts }: Answer): CommandSet {
  if (counts === undefined) return {};
  const { remaining, completed, failed, warning } = counts;
  // A count has 16 bits: of more, as many as can be said.
  const said = (count: number): number => Math.min(count, 0xffff);
  return {
    ...(remaining === undefined ? {} : { NumberOfRemainingSuboperations: said(remaining) }),
    NumberOfCompletedSuboperations: said(completed),
    NumberOfFailedSuboperations: said(failed),
    NumberOfWarningSuboperations: said(warning),
  };
}

/** Class and instance under which the request named them, as a response repeats them. */
function subjectOf(request: CommandSet): CommandSet {
  const classUid = request.AffectedSOPClassUID ?? request.RequestedSOPClassUID;
  const instanceUid = request.AffectedSOPInstanceUID ?? request.RequestedSOPInstanceUID;
  return {
    ...(classUid === undefined ? {} : { AffectedSOPClassUID: classUid }),
    ...(instanceUid === undefined ? {} : { AffectedSOPInstanceUID: instanceUid }),
  };
}

/** UIDs and titles of a peer may hold any byte; what can't be written back is left out. */
const isPlain = (text: string | undefined): boolean => text === undefined || /^[\x20-\x7e]*$/.test(text);

/** The response to a request (PS3.7 9.3, 10.3). */
export function respond(request: CommandSet, answer: Answer): CommandSet {
  const { status, comment, errorId, instanceUid, OffendingElement, EventTypeID, ActionTypeID } = answer;
  const subject = Object.fromEntries(Object.entries(subjectOf(request)).filter(([, value]) => isPlain(value as string)));
  const said =
    comment === undefined
      ? ''
      : [...comment]
          .filter((char) => isPlain(char))
          .join('')
          .slice(0, 64);
  return {
    ...subject,
    ...(instanceUid === undefined ? {} : { AffectedSOPInstanceUID: instanceUid }),
    CommandField: ((request.CommandField ?? 0) | RESPONSE_BIT) >>> 0,
    MessageIDBeingRespondedTo: request.MessageID ?? 0,
    CommandDataSetType: answer.hasDataset === true ? HAS_DATASET : NO_DATASET,
    Status: status,
    ...(said === '' ? {} : { ErrorComment: said }),
    ...(errorId === undefined ? {} : { ErrorID: errorId }),
    ...(OffendingElement === undefined ? {} : { OffendingElement }),
    ...(EventTypeID === undefined ? {} : { EventTypeID }),
    ...(ActionTypeID === undefined ? {} : { ActionTypeID }),
    ...countsOf(answer),
  };
}

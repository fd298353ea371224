import { describe, expect, test } from 'vitest';
import { writeCommandSet } from './command-set.ts';
import { COMMAND, type CommandNumber, type CommandSet } from './fields.ts';
import { hasDataset, isAnswerTo, isResponse, missingFields, respond, serviceOf } from './messages.ts';
import { STATUS, statusKind } from './status.ts';

const AFFECTED = { AffectedSOPClassUID: '1.2', AffectedSOPInstanceUID: '1.2.3' };
const REQUESTED = { RequestedSOPClassUID: '1.2', RequestedSOPInstanceUID: '1.2.3' };
const REQUESTS: Readonly<Record<keyof typeof COMMAND, CommandSet>> = {
  C_STORE: { ...AFFECTED, MessageID: 1, CommandDataSetType: 1 },
  C_GET: { AffectedSOPClassUID: '1.2', MessageID: 1, CommandDataSetType: 1 },
  C_FIND: { AffectedSOPClassUID: '1.2', MessageID: 1, CommandDataSetType: 1 },
  C_MOVE: { AffectedSOPClassUID: '1.2', MessageID: 1, CommandDataSetType: 1, MoveDestination: 'THERE' },
  C_ECHO: { AffectedSOPClassUID: '1.2', MessageID: 1 },
  N_EVENT_REPORT: { ...AFFECTED, MessageID: 1, EventTypeID: 1 },
  N_GET: { ...REQUESTED, MessageID: 1 },
  N_SET: { ...REQUESTED, MessageID: 1, CommandDataSetType: 0 },
  N_ACTION: { ...REQUESTED, MessageID: 1, ActionTypeID: 1 },
  N_CREATE: { AffectedSOPClassUID: '1.2', MessageID: 1 },
  N_DELETE: { ...REQUESTED, MessageID: 1 },
  C_CANCEL: { MessageIDBeingRespondedTo: 1 },
};
const SERVICES = Object.entries(COMMAND) as [keyof typeof COMMAND, CommandNumber][];
const requestOf = (name: keyof typeof COMMAND): CommandSet => ({ ...REQUESTS[name], CommandField: COMMAND[name] });

describe('requests (PS3.7 9.3, 10.3)', () => {
  test.each(SERVICES)('%s: what it needs is known, each of it', (name, service) => {
    const request = requestOf(name);
    expect([serviceOf(request), isResponse(request), missingFields(request)]).toEqual([service, false, []]);
    for (const keyword of Object.keys(REQUESTS[name])) {
      const { [keyword as keyof CommandSet]: _left, ...rest } = request;
      expect(missingFields(rest as CommandSet)).toEqual([keyword]);
    }
  });

  test('a command that there is not is no service', () => {
    expect(serviceOf({ CommandField: 0x0031 })).toBeUndefined();
    expect(missingFields({ CommandField: 0x0031 })).toEqual(['CommandField']);
    expect(serviceOf({})).toBeUndefined();
  });

  test('a dataset follows unless the command says that none does (PS3.7 E.1)', () => {
    expect([0, 1, 0x0102, 0xffff].map((CommandDataSetType) => hasDataset({ CommandDataSetType }))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([hasDataset({ CommandDataSetType: 0x0101 }), hasDataset({})]).toEqual([false, false]);
  });
});

describe('responses', () => {
  test('an answer is one of the same service to the same message', () => {
    const request: CommandSet = { CommandField: COMMAND.C_STORE, MessageID: 7 };
    const answer: CommandSet = { CommandField: 0x8001, MessageIDBeingRespondedTo: 7, Status: 0 };
    expect(isAnswerTo(request, answer)).toBe(true);
    expect(isAnswerTo(request, { ...answer, MessageIDBeingRespondedTo: 8 })).toBe(false);
    expect(isAnswerTo(request, { ...answer, CommandField: 0x8020 })).toBe(false);
    expect(isAnswerTo(request, { ...answer, CommandField: COMMAND.C_STORE })).toBe(false);
  });

  test.each(SERVICES.filter(([name]) => name !== 'C_CANCEL'))('%s is answered under its number and subject', (name, service) => {
    const response = respond(requestOf(name), { status: 0 });
    expect(response).toMatchObject({
      CommandField: service + 0x8000,
      MessageIDBeingRespondedTo: 1,
      AffectedSOPClassUID: '1.2',
      CommandDataSetType: 0x0101,
      Status: 0,
    });
    expect([isResponse(response), serviceOf(response)]).toEqual([true, service]);
  });

  test('says what else there is to say', () => {
    const answer = {
      status: 0xa900,
      comment: 'no',
      OffendingElement: ['00080018'],
      hasDataset: true,
      EventTypeID: 2,
      ActionTypeID: 3,
      errorId: 0xa506,
      instanceUid: '2.25.7',
    };
    expect(respond(requestOf('N_CREATE'), answer)).toEqual({
      AffectedSOPClassUID: '1.2',
      AffectedSOPInstanceUID: '2.25.7',
      CommandField: 0x8140,
      MessageIDBeingRespondedTo: 1,
      CommandDataSetType: 1,
      Status: 0xa900,
      ErrorComment: 'no',
      OffendingElement: ['00080018'],
      ErrorID: 0xa506,
      EventTypeID: 2,
      ActionTypeID: 3,
    });
  });

  test('counts sub-operations, those that remain only while there are any to come (PS3.7 9.1.4)', () => {
    const counts = { completed: 3, failed: 1, warning: 2 };
    expect(respond(requestOf('C_MOVE'), { status: 0xff00, counts: { ...counts, remaining: 70_000 } })).toMatchObject({
      NumberOfRemainingSuboperations: 65_535,
      NumberOfCompletedSuboperations: 3,
      NumberOfFailedSuboperations: 1,
      NumberOfWarningSuboperations: 2,
    });
    expect(respond(requestOf('C_MOVE'), { status: 0, counts })).not.toHaveProperty('NumberOfRemainingSuboperations');
  });

  test('whatever a peer has written in its request, the response can be written', () => {
    const odd: CommandSet = {
      CommandField: 0xffff,
      AffectedSOPClassUID: '1.2\u00e9',
      AffectedSOPInstanceUID: '\u0007',
      MessageID: 65_535,
    };
    const response = respond(odd, { status: 0x0122, comment: `refusé\n${'x'.repeat(200)}` });
    expect(response).not.toHaveProperty('AffectedSOPClassUID');
    expect(response.ErrorComment).toBe(`refus${'x'.repeat(59)}`);
    expect(writeCommandSet(response).length).toBeGreaterThan(0);
    expect(writeCommandSet(respond({}, { status: 0 })).length).toBeGreaterThan(0);
  });
});

describe('statuses (PS3.7 C)', () => {
  test.each([
    [STATUS.SUCCESS, 'success'],
    [STATUS.PENDING, 'pending'],
    [STATUS.PENDING_WITHOUT_KEYS, 'pending'],
    [STATUS.CANCEL, 'cancel'],
    [STATUS.COERCED, 'warning'],
    [STATUS.ELEMENTS_DISCARDED, 'warning'],
    [STATUS.DOES_NOT_MATCH_WARNING, 'warning'],
    [STATUS.ATTRIBUTE_LIST_ERROR, 'warning'],
    [0x0116, 'warning'],
    [0x0001, 'warning'],
    [STATUS.OUT_OF_RESOURCES, 'failure'],
    [STATUS.DATASET_DOES_NOT_MATCH, 'failure'],
    [STATUS.CANNOT_UNDERSTAND, 'failure'],
    [0xcfff, 'failure'],
    [STATUS.SOP_CLASS_NOT_SUPPORTED, 'failure'],
    [STATUS.UNRECOGNIZED_OPERATION, 'failure'],
  ])('%i is %s', (status, kind) => {
    expect(statusKind(status)).toBe(kind);
  });
});

/** States of PS3.8 9.2.1. */
export const STATE = {
  IDLE: 1,
  AWAITING_REQUEST: 2,
  AWAITING_LOCAL_ANSWER: 3,
  AWAITING_TRANSPORT: 4,
  AWAITING_ANSWER: 5,
  ESTABLISHED: 6,
  AWAITING_RELEASE: 7,
  AWAITING_LOCAL_RELEASE: 8,
  COLLISION_REQUESTOR_LOCAL: 9,
  COLLISION_ACCEPTOR: 10,
  COLLISION_REQUESTOR: 11,
  COLLISION_ACCEPTOR_LOCAL: 12,
  AWAITING_CLOSE: 13,
} as const;
export type State = (typeof STATE)[keyof typeof STATE];

/** Events of PS3.8 table 9-10, by their numbers. */
export const EVENT = {
  ASSOCIATE_REQUEST: 1,
  TRANSPORT_CONFIRMED: 2,
  ASSOCIATE_AC: 3,
  ASSOCIATE_RJ: 4,
  TRANSPORT_INDICATED: 5,
  ASSOCIATE_RQ: 6,
  ACCEPT: 7,
  REJECT: 8,
  DATA_REQUEST: 9,
  DATA: 10,
  RELEASE_REQUEST: 11,
  RELEASE_RQ: 12,
  RELEASE_RP: 13,
  RELEASE_RESPONSE: 14,
  ABORT_REQUEST: 15,
  ABORT: 16,
  TRANSPORT_CLOSED: 17,
  TIMER: 18,
  INVALID_PDU: 19,
} as const;
export type EventNumber = (typeof EVENT)[keyof typeof EVENT];

/** Actions of PS3.8 9.2.2. */
export type Action =
  | `AE-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`
  | `DT-${1 | 2}`
  | `AR-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10}`
  | `AA-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`;

type Row = Readonly<Partial<Record<State, Action>>>;

/** A PDU that is not expected: who has begun nothing is refused, an association is aborted, what is over is ignored. */
const unexpected = (over: Action = 'AA-6'): Row => ({
  2: 'AA-1',
  ...everywhere([3, 5, 6, 7, 8, 9, 10, 11, 12], 'AA-8'),
  13: over,
});

function everywhere(states: readonly State[], action: Action): Row {
  return Object.fromEntries(states.map((state) => [state, action]));
}

/** PS3.8 table 9-10. What is not here can't happen, or is a mistake of the local user. */
const TABLE: Readonly<Record<EventNumber, Row>> = {
  [EVENT.ASSOCIATE_REQUEST]: { 1: 'AE-1' },
  [EVENT.TRANSPORT_CONFIRMED]: { 4: 'AE-2' },
  [EVENT.ASSOCIATE_AC]: { ...unexpected(), 5: 'AE-3' },
  [EVENT.ASSOCIATE_RJ]: { ...unexpected(), 5: 'AE-4' },
  [EVENT.TRANSPORT_INDICATED]: { 1: 'AE-5' },
  [EVENT.ASSOCIATE_RQ]: { ...unexpected('AA-7'), 2: 'AE-6' },
  [EVENT.ACCEPT]: { 3: 'AE-7' },
  [EVENT.REJECT]: { 3: 'AE-8' },
  [EVENT.DATA_REQUEST]: { 6: 'DT-1', 8: 'AR-7' },
  [EVENT.DATA]: { ...unexpected(), 6: 'DT-2', 7: 'AR-6' },
  [EVENT.RELEASE_REQUEST]: { 6: 'AR-1' },
  [EVENT.RELEASE_RQ]: { ...unexpected(), 6: 'AR-2', 7: 'AR-8' },
  [EVENT.RELEASE_RP]: { ...unexpected(), 7: 'AR-3', 10: 'AR-10', 11: 'AR-3' },
  [EVENT.RELEASE_RESPONSE]: { 8: 'AR-4', 9: 'AR-9', 12: 'AR-4' },
  [EVENT.ABORT_REQUEST]: { ...everywhere([3, 5, 6, 7, 8, 9, 10, 11, 12], 'AA-1'), 4: 'AA-2' },
  [EVENT.ABORT]: { ...everywhere([3, 5, 6, 7, 8, 9, 10, 11, 12], 'AA-3'), 2: 'AA-2', 13: 'AA-2' },
  [EVENT.TRANSPORT_CLOSED]: { ...everywhere([3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 'AA-4'), 2: 'AA-5', 13: 'AR-5' },
  [EVENT.TIMER]: { 2: 'AA-2', 13: 'AA-2' },
  [EVENT.INVALID_PDU]: unexpected('AA-7'),
};

/** What is done when an event comes in a state; undefined where the table has no entry. */
export const actionOf = (event: EventNumber, state: State): Action | undefined => TABLE[event][state];

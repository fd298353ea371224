import { describe, expect, test } from 'vitest';
import { actionOf, type EventNumber, type State } from '../src/association/state-table.ts';
import { type Outcome, UpperLayer } from '../src/association/upper-layer.ts';
import type { ProtocolError } from '../src/errors.ts';
import type { AssociateAccept, AssociateRequest } from '../src/pdu/types.ts';
import { ABORT, ASSOCIATE_AC, ASSOCIATE_RJ, ASSOCIATE_RQ, DATA, RELEASE_RP, RELEASE_RQ, UNKNOWN } from './bytes.ts';

/** PS3.8 table 9-10 as it is printed: events by states. */
const PRINTED = `
Evt   1     2     3     4     5     6     7     8     9     10    11    12    13
1     AE-1  -     -     -     -     -     -     -     -     -     -     -     -
2     -     -     -     AE-2  -     -     -     -     -     -     -     -     -
3     -     AA-1  AA-8  -     AE-3  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6
4     -     AA-1  AA-8  -     AE-4  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6
5     AE-5  -     -     -     -     -     -     -     -     -     -     -     -
6     -     AE-6  AA-8  -     AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-7
7     -     -     AE-7  -     -     -     -     -     -     -     -     -     -
8     -     -     AE-8  -     -     -     -     -     -     -     -     -     -
9     -     -     -     -     -     DT-1  -     AR-7  -     -     -     -     -
10    -     AA-1  AA-8  -     AA-8  DT-2  AR-6  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6
11    -     -     -     -     -     AR-1  -     -     -     -     -     -     -
12    -     AA-1  AA-8  -     AA-8  AR-2  AR-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6
13    -     AA-1  AA-8  -     AA-8  AA-8  AR-3  AA-8  AA-8  AR-10 AR-3  AA-8  AA-6
14    -     -     -     -     -     -     -     AR-4  AR-9  -     -     AR-4  -
15    -     -     AA-1  AA-2  AA-1  AA-1  AA-1  AA-1  AA-1  AA-1  AA-1  AA-1  -
16    -     AA-2  AA-3  -     AA-3  AA-3  AA-3  AA-3  AA-3  AA-3  AA-3  AA-3  AA-2
17    -     AA-5  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AR-5
18    -     AA-2  -     -     -     -     -     -     -     -     -     -     AA-2
19    -     AA-1  AA-8  -     AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-7
`;

interface Cell {
  readonly event: EventNumber;
  readonly state: State;
  readonly action: string | undefined;
}

const CELLS: Cell[] = PRINTED.trim()
  .split('\n')
  .slice(1)
  .flatMap((line) => {
    const [event, ...actions] = line.trim().split(/\s+/);
    return actions.map((action, index) => ({
      event: Number(event) as EventNumber,
      state: (index + 1) as State,
      action: action === '-' ? undefined : action,
    }));
  });

/** What an action does (PS3.8 9.2.2): PDU types that are sent, what the user is told, the timer, and the state that follows. */
interface Effect {
  readonly next: State | { readonly requestor: State; readonly acceptor: State };
  readonly sends?: number;
  readonly says?: Outcome['kind'];
  readonly timer?: 'starts' | 'stops';
  readonly closes?: true;
}

const EFFECTS: Readonly<Record<string, Effect>> = {
  'AE-1': { next: 4, says: 'connect' },
  'AE-2': { next: 5, sends: 1 },
  'AE-3': { next: 6, says: 'accepted' },
  'AE-4': { next: 1, says: 'rejected', closes: true },
  'AE-5': { next: 2, timer: 'starts' },
  'AE-6': { next: 3, says: 'requested', timer: 'stops' },
  'AE-7': { next: 6, sends: 2 },
  'AE-8': { next: 13, sends: 3, timer: 'starts' },
  'DT-1': { next: 6, sends: 4 },
  'DT-2': { next: 6, says: 'data' },
  'AR-1': { next: 7, sends: 5 },
  'AR-2': { next: 8, says: 'release' },
  'AR-3': { next: 1, says: 'released', closes: true },
  'AR-4': { next: 13, sends: 6, timer: 'starts' },
  'AR-5': { next: 1, timer: 'stops' },
  'AR-6': { next: 7, says: 'data' },
  'AR-7': { next: 8, sends: 4 },
  'AR-8': { next: { requestor: 9, acceptor: 10 }, says: 'release' },
  'AR-9': { next: 11, sends: 6 },
  'AR-10': { next: 12, says: 'released' },
  'AA-1': { next: 13, sends: 7, timer: 'starts' },
  'AA-2': { next: 1, timer: 'stops', closes: true },
  'AA-3': { next: 1, says: 'aborted', closes: true },
  'AA-4': { next: 1, says: 'broken' },
  'AA-5': { next: 1, timer: 'stops' },
  'AA-6': { next: 13 },
  'AA-7': { next: 13, sends: 7 },
  'AA-8': { next: 13, sends: 7, says: 'broken', timer: 'starts' },
};

const USER = { maxLength: 16384, implementationClassUid: '1.2.3', roles: [], extended: [], commonExtended: [] };
const BOTH = {
  protocolVersion: 1,
  calledAet: 'ARCHIVE',
  callingAet: 'SCANNER',
  applicationContext: '1.2.840.10008.3.1.1.1',
  user: USER,
};
const REQUEST: AssociateRequest = {
  ...BOTH,
  contexts: [{ id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] }],
};
const ACCEPT: AssociateAccept = { ...BOTH, contexts: [{ id: 1, result: 0, transferSyntax: '1.2.840.10008.1.2' }] };
const ARTIM = 30_000;
const NOW = 1_000;

/** Events by what the machine is told, at a time. */
const HAPPENS: Readonly<Record<EventNumber, (layer: UpperLayer, now: number) => Outcome[]>> = {
  1: (layer, now) => layer.associate(REQUEST, now),
  2: (layer, now) => layer.opened(now),
  3: (layer, now) => layer.receive(ASSOCIATE_AC, now),
  4: (layer, now) => layer.receive(ASSOCIATE_RJ, now),
  5: (layer, now) => layer.opened(now),
  6: (layer, now) => layer.receive(ASSOCIATE_RQ, now),
  7: (layer, now) => layer.accept(ACCEPT, now),
  8: (layer, now) => layer.reject({ result: 1, source: 1, reason: 3 }, now),
  9: (layer, now) => layer.data([DATA], now),
  10: (layer, now) => layer.receive(DATA, now),
  11: (layer, now) => layer.release(now),
  12: (layer, now) => layer.receive(RELEASE_RQ, now),
  13: (layer, now) => layer.receive(RELEASE_RP, now),
  14: (layer, now) => layer.respondRelease(now),
  15: (layer, now) => layer.abort(now),
  16: (layer, now) => layer.receive(ABORT, now),
  17: (layer, now) => layer.closed(now),
  18: (layer, now) => layer.tick(now + ARTIM),
  19: (layer, now) => layer.receive(UNKNOWN, now),
};
const PRIMITIVES: readonly EventNumber[] = [1, 7, 8, 9, 11, 14, 15];

/** Events by which a new machine comes into a state. */
const WAYS: Readonly<Record<'requestor' | 'acceptor', Readonly<Partial<Record<State, readonly EventNumber[]>>>>> = {
  requestor: {
    1: [],
    4: [1],
    5: [1, 2],
    6: [1, 2, 3],
    7: [1, 2, 3, 11],
    8: [1, 2, 3, 12],
    9: [1, 2, 3, 11, 12],
    11: [1, 2, 3, 11, 12, 14],
    13: [1, 2, 3, 15],
  },
  acceptor: {
    1: [],
    2: [5],
    3: [5, 6],
    6: [5, 6, 7],
    7: [5, 6, 7, 11],
    8: [5, 6, 7, 12],
    10: [5, 6, 7, 11, 12],
    12: [5, 6, 7, 11, 12, 13],
    13: [5, 6, 8],
  },
};

type Role = keyof typeof WAYS;

function layerIn(state: State, role: Role): UpperLayer | undefined {
  const way = WAYS[role][state];
  if (way === undefined) return undefined;
  const layer = new UpperLayer({ isRequestor: role === 'requestor', artimMs: ARTIM, maxDataBytes: 16384 });
  for (const event of way) HAPPENS[event](layer, NOW);
  expect(layer.state).toBe(state);
  return layer;
}

/** Whether a side of that role can be told an event: a connection is confirmed to who made it and indicated to who listens. */
const isOf = (event: EventNumber, role: Role): boolean =>
  !(event === 2 && role === 'acceptor') && !(event === 5 && role === 'requestor');

const typesSent = (outcomes: readonly Outcome[]): (number | undefined)[] =>
  outcomes.flatMap((outcome) => (outcome.kind === 'send' ? [outcome.bytes[0]?.[0]] : []));
const toldIn = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map(({ kind }) => kind).filter((kind) => kind !== 'send' && kind !== 'close');

const PLAYED = CELLS.flatMap((cell) =>
  (['requestor', 'acceptor'] as const)
    .filter((role) => WAYS[role][cell.state] !== undefined && isOf(cell.event, role))
    .map((role) => ({ ...cell, role })),
);

describe('the state table of PS3.8 9.2.3', () => {
  test('it has 19 events by 13 states, and every action of 9.2.2', () => {
    expect(CELLS).toHaveLength(19 * 13);
    expect(new Set(CELLS.flatMap(({ action }) => (action === undefined ? [] : [action])))).toEqual(new Set(Object.keys(EFFECTS)));
  });

  test.each(CELLS)('event $event in state $state: $action', ({ event, state, action }) => {
    expect(actionOf(event, state)).toBe(action);
  });
});

describe('the machine does what the table says (PS3.8 9.2.2)', () => {
  test('every entry is played by one side at least', () => {
    const played = new Set(PLAYED.map(({ event, state }) => `${event} ${state}`));
    const entries = CELLS.filter(({ action }) => action !== undefined).map(({ event, state }) => `${event} ${state}`);
    expect(entries.filter((entry) => !played.has(entry))).toEqual([]);
  });

  test.each(PLAYED.filter(({ action }) => action !== undefined))(
    'event $event in state $state as $role: $action',
    ({ event, state, role, action = '' }) => {
      const effect = EFFECTS[action];
      const layer = layerIn(state, role);
      if (effect === undefined || layer === undefined) throw new Error(action);
      const before = layer.deadline;
      const outcomes = HAPPENS[event](layer, NOW + 5);
      expect(layer.state).toBe(typeof effect.next === 'number' ? effect.next : effect.next[role]);
      expect(typesSent(outcomes)).toEqual(effect.sends === undefined ? [] : [effect.sends]);
      expect(toldIn(outcomes)).toEqual(effect.says === undefined ? [] : [effect.says]);
      expect(outcomes.some(({ kind }) => kind === 'close')).toBe(effect.closes === true);
      const timer = { starts: NOW + 5 + ARTIM, stops: undefined };
      expect(layer.deadline).toBe(effect.timer === undefined ? before : timer[effect.timer]);
    },
  );

  test.each(PLAYED.filter(({ action }) => action === undefined))(
    'event $event in state $state as $role: nothing, or a mistake of the user',
    ({ event, state, role }) => {
      const layer = layerIn(state, role);
      if (layer === undefined) throw new Error('no way there');
      const before = layer.deadline;
      const isEnded = state === 1 || state === 13;
      if (PRIMITIVES.includes(event) && !(isEnded && event !== 1)) {
        expect(() => HAPPENS[event](layer, NOW + 5)).toThrowError(
          expect.objectContaining({ code: 'WRONG_STATE' } satisfies Partial<ProtocolError>),
        );
      } else {
        expect(HAPPENS[event](layer, NOW + 5)).toEqual([]);
      }
      expect([layer.state, layer.deadline]).toEqual([state, before]);
    },
  );
});

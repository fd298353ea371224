import { describe, expect, test } from 'vitest';
import { type Outcome, UpperLayer } from '../src/association/upper-layer.ts';
import {
  APPLICATION,
  ASSOCIATE_AC,
  ASSOCIATE_RQ,
  ascii,
  associateBody,
  concat,
  data,
  IMPLICIT,
  pdu,
  pdv,
  proposed,
  RELEASE_RQ,
  UNKNOWN,
  user,
  VERIFICATION,
} from './bytes.ts';

const acceptor = () => new UpperLayer({ isRequestor: false, artimMs: 1000, maxDataBytes: 4096 });
const BOTH = {
  protocolVersion: 1,
  calledAet: 'ARCHIVE',
  callingAet: 'SCANNER',
  applicationContext: '1.2.840.10008.3.1.1.1',
  user: { maxLength: 4096, implementationClassUid: '1.2.3', roles: [], extended: [], commonExtended: [] },
};
const REQUEST = { ...BOTH, contexts: [{ id: 1, abstractSyntax: VERIFICATION, transferSyntaxes: [IMPLICIT] }] };
const ACCEPT = { ...BOTH, contexts: [{ id: 1, result: 0, transferSyntax: IMPLICIT }] };

function established(): UpperLayer {
  const layer = acceptor();
  layer.opened(0);
  layer.receive(ASSOCIATE_RQ, 0);
  layer.accept(ACCEPT, 0);
  return layer;
}

const sentBy = (outcomes: readonly Outcome[]): Uint8Array =>
  concat(...outcomes.flatMap((outcome) => (outcome.kind === 'send' ? outcome.bytes : [])));
const toldBy = (outcomes: readonly Outcome[]): Outcome[] => outcomes.filter(({ kind }) => kind !== 'send');

/** Two sides, joined: what one sends the other receives, until neither has anything to say. Gives what each user was told. */
function join(requestor: UpperLayer, acceptorSide: UpperLayer) {
  const told = { requestor: [] as string[], acceptor: [] as string[] };
  const play = (outcomes: readonly Outcome[], by: 'requestor' | 'acceptor'): void => {
    told[by].push(...toldBy(outcomes).map(({ kind }) => kind));
    const bytes = sentBy(outcomes);
    const [other, name] = by === 'requestor' ? [acceptorSide, 'acceptor' as const] : [requestor, 'requestor' as const];
    if (bytes.length > 0) play(other.receive(bytes, 0), name);
    if (outcomes.some(({ kind }) => kind === 'close')) play(other.closed(0), name);
  };
  return { told, play };
}

describe('an association between two machines', () => {
  test('is made, used in both directions and released (PS3.8 7.1, 7.2, 7.6)', () => {
    const [one, other] = [new UpperLayer({ isRequestor: true, artimMs: 1000, maxDataBytes: 4096 }), acceptor()];
    const { told, play } = join(one, other);
    play(one.associate(REQUEST, 0), 'requestor');
    play(other.opened(0), 'acceptor');
    play(one.opened(0), 'requestor');
    play(other.accept(ACCEPT, 0), 'acceptor');
    play(one.data([data(pdv(1, 3, ascii('ask')))], 0), 'requestor');
    play(other.data([data(pdv(1, 3, ascii('say')))], 0), 'acceptor');
    play(one.release(0), 'requestor');
    play(other.respondRelease(0), 'acceptor');
    expect(told).toEqual({
      requestor: ['connect', 'accepted', 'data', 'released', 'close'],
      acceptor: ['requested', 'data', 'release'],
    });
    expect([one.state, other.state]).toEqual([1, 1]);
  });

  test('is released by both at the same time (PS3.8 7.2.2.7)', () => {
    const [one, other] = [new UpperLayer({ isRequestor: true, artimMs: 1000, maxDataBytes: 4096 }), acceptor()];
    one.associate(REQUEST, 0);
    one.opened(0);
    other.opened(0);
    other.receive(ASSOCIATE_RQ, 0);
    one.receive(ASSOCIATE_AC, 0);
    other.accept(ACCEPT, 0);
    const [ofOne, ofOther] = [sentBy(one.release(0)), sentBy(other.release(0))];
    expect(one.receive(ofOther, 0)).toEqual([{ kind: 'release', isCollision: true }]);
    expect(other.receive(ofOne, 0)).toEqual([{ kind: 'release', isCollision: true }]);
    const response = sentBy(one.respondRelease(0));
    expect(other.receive(response, 0)).toEqual([{ kind: 'released' }]);
    expect(toldBy(one.receive(sentBy(other.respondRelease(0)), 0)).map(({ kind }) => kind)).toEqual(['released', 'close']);
    expect([one.state, other.state]).toEqual([1, 13]);
  });

  test('may still be sent data by who is asked to release (PS3.8 7.2.1.2)', () => {
    const layer = established();
    layer.receive(RELEASE_RQ, 0);
    expect(sentBy(layer.data([data(pdv(1, 3, ascii('late')))], 0))).toEqual(data(pdv(1, 3, ascii('late'))));
    expect(layer.state).toBe(8);
  });
});

describe('time is told', () => {
  test('who connects and says nothing is closed when the timer runs out, not before (PS3.8 9.1.5)', () => {
    const layer = acceptor();
    layer.opened(500);
    expect(layer.deadline).toBe(1500);
    expect(layer.tick(1499)).toEqual([]);
    expect(layer.tick(1500)).toEqual([{ kind: 'close' }]);
    expect([layer.state, layer.deadline]).toEqual([1, undefined]);
    expect(layer.tick(9000)).toEqual([]);
  });

  test('a request that comes in pieces does not stop the timer until it is whole', () => {
    const layer = acceptor();
    layer.opened(0);
    expect(layer.receive(ASSOCIATE_RQ.subarray(0, 80), 900)).toEqual([]);
    expect(layer.deadline).toBe(1000);
    layer.receive(ASSOCIATE_RQ.subarray(80), 950);
    expect([layer.state, layer.deadline]).toEqual([3, undefined]);
  });

  test('who does not close after a refusal is closed', () => {
    const layer = acceptor();
    layer.opened(0);
    layer.receive(ASSOCIATE_RQ, 0);
    layer.reject({ result: 1, source: 1, reason: 7 }, 100);
    expect(layer.deadline).toBe(1100);
    expect(layer.tick(1100)).toEqual([{ kind: 'close' }]);
  });
});

describe('refusals and aborts', () => {
  test('a version that is not spoken is refused by the provider (PS3.8 9.3.2, table 9-21)', () => {
    const layer = acceptor();
    layer.opened(0);
    const request = pdu(1, associateBody({ version: 2, items: [APPLICATION, proposed(1, VERIFICATION, IMPLICIT), user()] }));
    const outcomes = layer.receive(request, 0);
    expect(sentBy(outcomes)).toEqual(pdu(3, Uint8Array.of(0, 1, 2, 2)));
    expect(toldBy(outcomes)).toEqual([]);
    expect(layer.state).toBe(13);
  });

  test('of several versions the one that is spoken counts: bit 0', () => {
    const layer = acceptor();
    layer.opened(0);
    layer.receive(pdu(1, associateBody({ version: 0xffff, items: [APPLICATION, user()] })), 0);
    expect(layer.state).toBe(3);
  });

  test.each([
    ['a PDU that there is not', UNKNOWN, 1],
    ['a PDU that does not belong here', ASSOCIATE_AC, 2],
    ['a length of 4 GiB', pdu(4, ascii('x'), 0xffff_ffff), 6],
    ['a value longer than its PDU', data(pdv(1, 3, ascii('abc'), 400)), 6],
    ['a release of another length', pdu(5, new Uint8Array(8)), 6],
  ])('%s aborts the association, with its reason (PS3.8 table 9-26)', (_what, bytes, reason) => {
    const layer = established();
    const outcomes = layer.receive(bytes, 50);
    expect(sentBy(outcomes)).toEqual(pdu(7, Uint8Array.of(0, 0, 2, reason)));
    expect(toldBy(outcomes)).toEqual([expect.objectContaining({ kind: 'broken', reason })]);
    expect([layer.state, layer.deadline]).toEqual([13, 1050]);
  });

  test('the same before an association is an abort by the user (AA-1)', () => {
    const layer = acceptor();
    layer.opened(0);
    expect(sentBy(layer.receive(ascii('GET / HTTP/1.1\r\n\r\n'), 0))).toEqual(pdu(7, new Uint8Array(4)));
    expect(layer.state).toBe(13);
  });

  test('what comes right before a fault is handed on, what comes behind it is not read', () => {
    const layer = established();
    const good = data(pdv(1, 3, ascii('good')));
    const outcomes = layer.receive(concat(good, UNKNOWN, good, RELEASE_RQ), 0);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['data', 'send', 'broken']);
    expect(layer.receive(concat(good, good), 0)).toEqual([]);
  });

  test('says who aborted', () => {
    const layer = established();
    expect(layer.receive(pdu(7, Uint8Array.of(0, 0, 2, 1)), 0)).toEqual([
      { kind: 'aborted', abort: { source: 2, reason: 1 } },
      { kind: 'close' },
    ]);
  });

  test('a lost connection is told once', () => {
    const layer = established();
    expect(layer.closed(0)).toEqual([{ kind: 'broken' }]);
    expect(layer.closed(0)).toEqual([]);
  });

  test('an answer that comes when the other side has left is without effect', () => {
    const layer = acceptor();
    layer.opened(0);
    layer.receive(ASSOCIATE_RQ, 0);
    layer.receive(pdu(7, new Uint8Array(4)), 0);
    expect(layer.accept(ACCEPT, 0)).toEqual([]);
    expect(layer.data([data(pdv(1, 3, ascii('x')))], 0)).toEqual([]);
    expect(layer.abort(0)).toEqual([]);
  });

  test('what can not be written is refused before anything is sent', () => {
    const layer = new UpperLayer({ isRequestor: true, artimMs: 1000, maxDataBytes: 4096 });
    expect(() => layer.associate({ ...REQUEST, calledAet: 'MUCH_TOO_LONG_A_TITLE' }, 0)).toThrowError(
      expect.objectContaining({ code: 'VALUE' }),
    );
    expect(layer.state).toBe(1);
  });

  test('bytes in their own runs give what they give at once', () => {
    const stream = concat(ASSOCIATE_RQ, UNKNOWN);
    const kinds = (step: number): string[] => {
      const layer = acceptor();
      layer.opened(0);
      const told: string[] = [];
      for (let at = 0; at < stream.length; at += step) {
        told.push(...layer.receive(stream.slice(at, at + step), 0).map(({ kind }) => kind));
      }
      return told;
    };
    for (const step of [1, 2, 5, 7, 64, 4096]) expect(kinds(step)).toEqual(['requested', 'send', 'broken']);
  });
});

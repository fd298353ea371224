import { describe, expect, test } from 'vitest';
import { agreedContexts, negotiate, refusalOf } from '../src/association/negotiate.ts';
import { UpperLayer } from '../src/association/upper-layer.ts';
import { PROTOCOL_ERROR_CODES, ProtocolError } from '../src/errors.ts';
import { writeCommandSet } from '../src/message/command-set.ts';
import { MessageReader } from '../src/message/message-reader.ts';
import { respond } from '../src/message/messages.ts';
import { encodeAssociateAccept } from '../src/pdu/encode.ts';
import { ASSOCIATE_RQ, ascii, concat, cut, data, pdv, RELEASE_RQ, seeded } from './bytes.ts';

const TRIALS = process.env.NEGATOSCOPE_LONG_TESTS === '1' ? 100_000 : 3_000;
const ECHO = writeCommandSet({
  CommandField: 0x30,
  MessageID: 1,
  CommandDataSetType: 0x0101,
  AffectedSOPClassUID: '1.2.840.10008.1.1',
});
const STORE = writeCommandSet({
  CommandField: 1,
  MessageID: 2,
  CommandDataSetType: 1,
  AffectedSOPClassUID: '1.2',
  AffectedSOPInstanceUID: '1.3',
});
const SESSION = concat(
  ASSOCIATE_RQ,
  data(pdv(1, 3, ECHO)),
  data(pdv(3, 3, STORE), pdv(3, 0, ascii('a dataset that '))),
  data(pdv(3, 2, ascii('has an end'))),
  RELEASE_RQ,
);
const POLICY = { implementation: { classUid: '1.2', version: 'T' }, maxLength: 16_384, offer: () => ({ takes: () => true }) };

/** One to six changes: a byte, a length, a cut, a repetition. */
function mutated(bytes: Uint8Array, random: () => number): Uint8Array {
  let out: Uint8Array = bytes.slice();
  const place = (): number => Math.floor(random() * out.length);
  for (let change = 0; change <= random() * 6; change += 1) {
    const [at, kind] = [place(), Math.floor(random() * 5)];
    if (kind === 0) out[at] = Math.floor(random() * 256);
    else if (kind === 1) out.fill(0xff, at, at + 4);
    else if (kind === 2) out.fill(0, at, at + 2);
    else if (kind === 3) out = concat(out.subarray(0, at), out.subarray(Math.min(out.length, at + Math.floor(random() * 9))));
    else out = concat(out.subarray(0, at), out.subarray(Math.max(0, at - 12)));
  }
  return out;
}

/** What an acceptor does with a stream, answering all that it is asked; gives how it ended. */
function answerAll(bytes: Uint8Array, random: () => number): string {
  const layer = new UpperLayer({ isRequestor: false, artimMs: 1000, maxDataBytes: 16_384 });
  let messages: MessageReader | undefined;
  const play = (outcomes: ReturnType<UpperLayer['receive']>): void => {
    for (const outcome of outcomes) {
      if (outcome.kind === 'requested') {
        const refusal = refusalOf(outcome.request);
        if (refusal !== undefined) {
          play(layer.reject(refusal, 0));
          continue;
        }
        const { accept, contexts } = negotiate(outcome.request, POLICY);
        expect(agreedContexts(outcome.request, accept)).toEqual(contexts);
        messages = new MessageReader(contexts);
        play(layer.accept(accept, 0));
      } else if (outcome.kind === 'data') {
        const part = messages?.take(outcome.piece);
        if (part?.kind === 'command') writeCommandSet(respond(part.command, { status: 0 }));
      } else if (outcome.kind === 'release') {
        play(layer.respondRelease(0));
      }
    }
  };
  layer.opened(0);
  try {
    for (const chunk of cut(bytes, () => Math.floor(random() * 400))) play(layer.receive(chunk, 0));
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    expect(PROTOCOL_ERROR_CODES).toContain(error.code);
    return error.code;
  }
  return `state ${layer.state}`;
}

describe('hostile streams', () => {
  test('the session that is mutated is a good one', () => {
    expect(answerAll(SESSION, seeded(1))).toBe('state 13');
  });

  test('mutated sessions end in a state or an error of ours, never otherwise', () => {
    const random = seeded(20_261_127);
    const ends = new Map<string, number>();
    for (let trial = 0; trial < TRIALS; trial += 1) {
      const end = answerAll(mutated(SESSION, random), random);
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    // The mutations reach beyond the request: not all fail at its first byte.
    expect([...ends.keys()]).toEqual(expect.arrayContaining(['state 13', 'state 2', 'MESSAGE_ORDER', 'COMMAND_SET']));
  });

  test('random bytes behind a PDU type do no harm', () => {
    const random = seeded(7);
    for (let trial = 0; trial < TRIALS / 3; trial += 1) {
      const bytes = Uint8Array.from({ length: Math.floor(random() * 600) }, () => Math.floor(random() * 256));
      bytes[0] = 1 + Math.floor(random() * 7);
      bytes.fill(0, 2, 4);
      answerAll(bytes, random);
    }
  });

  test('an answer that was read of anything can be written again', () => {
    const random = seeded(11);
    for (let trial = 0; trial < 300; trial += 1) {
      const layer = new UpperLayer({ isRequestor: false, artimMs: 1, maxDataBytes: 4096 });
      layer.opened(0);
      for (const outcome of layer.receive(mutated(ASSOCIATE_RQ, random), 0)) {
        if (outcome.kind !== 'requested' || refusalOf(outcome.request) !== undefined) continue;
        const { accept } = negotiate(outcome.request, POLICY);
        expect(() => encodeAssociateAccept(accept)).not.toThrow();
      }
    }
  });
});

import { createServer, type Server, type Socket } from 'node:net';
import {
  type AgreedContexts,
  type CommandSet,
  commandPdus,
  MessageReader,
  negotiate,
  type Outcome,
  respond,
  UpperLayer,
} from '@negatoscope/dimse';
import { afterEach, describe, expect, test } from 'vitest';
import { Peer } from '../../../../packages/dimse/test/peer.ts';
import type { Asked } from '../../src/features/dimse/ask/asked.ts';
import { sendInstances } from '../../src/features/dimse/ask/send.ts';
import type { InstanceToSend, OpenDataset, SentInstance } from '../../src/features/dimse/ask/store-all.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
const JPEG = '1.2.840.10008.1.2.4.70';
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const instance = (index: number, more: Partial<InstanceToSend> = {}): InstanceToSend => ({
  ...{ id: String(index), sopInstanceUid: `1.2.3.${index}`, sopClassUid: CT, transferSyntaxUid: EXPLICIT },
  ...more,
});
const many = (count: number): InstanceToSend[] => Array.from({ length: count }, (_, index) => instance(index));

/** Datasets of these runs, and which were opened and given back. */
function datasets(runsOf: (instance: InstanceToSend) => AsyncIterable<Uint8Array>) {
  const opened: string[] = [];
  const discarded: string[] = [];
  const open: OpenDataset = async (one, transferSyntaxUid) => {
    opened.push(one.id);
    return { transferSyntaxUid, bytes: runsOf(one), discard: async () => void discarded.push(one.id) };
  };
  return { open, opened, discarded };
}
async function* runs(...given: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* given;
}
const asked = (port: number): Asked => ({ host: '127.0.0.1', port, aeTitle: 'DEST', callingAet: 'NEGATOSCOPE' });
async function all(sending: AsyncIterable<SentInstance>): Promise<SentInstance[]> {
  const found: SentInstance[] = [];
  for await (const one of sending) found.push(one);
  return found;
}
const told = (results: readonly SentInstance[]) =>
  results.map(({ instance: { id }, outcome, reason, status }) => [
    id,
    outcome,
    ...(reason === undefined ? [] : [reason]),
    ...(status === undefined ? [] : [status]),
  ]);

async function peer(maxLength?: number): Promise<{ peer: Peer; port: number }> {
  const one = new Peer(maxLength);
  ends.push(() => one.close());
  return { peer: one, port: await one.listen() };
}

interface Acting {
  /** What is answered to the nth request of all associations; undefined for nothing. */
  readonly status?: (count: number, command: CommandSet) => number | undefined;
  readonly takes?: (transferSyntax: string) => boolean;
  readonly onData?: (socket: Socket, count: number) => void;
  /** The head of an answer and its rest are written apart, the rest once anything comes (an acknowledgement), or after a time; told when that was. */
  readonly onHeld?: (by: 'bytes' | 'time', count: number) => void;
}

/** A destination that does as it is told. */
async function acting({ status = () => 0, takes = () => true, onData = () => undefined, onHeld }: Acting) {
  const associations: number[] = [];
  let count = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const layer = new UpperLayer({ isRequestor: false, artimMs: 5000, maxDataBytes: 16_384 });
    let reader = new MessageReader(new Map());
    let contexts: AgreedContexts = new Map();
    let current: { command: CommandSet; contextId: number } | undefined;
    const user = (outcome: Outcome): Outcome[] => {
      if (outcome.kind === 'requested') {
        associations.push(outcome.request.contexts.length);
        const policy = { implementation: { classUid: '1.2', version: 'X' }, maxLength: 16_384, offer: () => ({ takes }) };
        const { accept, contexts: agreed } = negotiate(outcome.request, policy);
        contexts = agreed;
        reader = new MessageReader(contexts);
        return layer.accept(accept, 0);
      }
      if (outcome.kind === 'release') return layer.respondRelease(0);
      if (outcome.kind === 'close') socket.end();
      if (outcome.kind !== 'data') return [];
      onData(socket, count);
      const part = reader.take(outcome.piece);
      if (part?.kind === 'command') current = { command: part.command, contextId: part.context.id };
      if (part?.kind !== 'dataset' || !part.isLast || current === undefined) return [];
      count += 1;
      const said = status(count, current.command);
      return said === undefined
        ? []
        : layer.data(commandPdus(current.contextId, respond(current.command, { status: said }), 0), 0);
    };
    let held: { readonly rest: Uint8Array; readonly timer: NodeJS.Timeout } | undefined;
    const letGo = (by: 'bytes' | 'time'): void => {
      if (held === undefined) return;
      clearTimeout(held.timer);
      const { rest } = held;
      held = undefined;
      onHeld?.(by, count);
      socket.write(rest);
    };
    const write = (bytes: readonly Uint8Array[]): void => {
      const whole = Buffer.concat(bytes);
      const isHeld = onHeld !== undefined && whole[0] === 4;
      socket.write(isHeld ? whole.subarray(0, 12) : whole);
      if (isHeld) held = { rest: whole.subarray(12), timer: setTimeout(() => letGo('time'), 200) };
    };
    const play = (outcomes: readonly Outcome[]): void => {
      for (const outcome of outcomes) {
        if (outcome.kind === 'send') write(outcome.bytes);
        else play(user(outcome));
      }
    };
    layer.opened(0);
    socket.on('data', (bytes) => {
      letGo('bytes');
      play(layer.receive(bytes, 0));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((done) => server.close(done));
  });
  const address = server.address();
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, associations, count: () => count };
}

describe('sending to a node (C-STORE SCU, PS3.4 B.2)', () => {
  test.each([4096, 16_384, 0])(
    'datasets in any pieces arrive byte for byte, where the other side takes %i bytes at a time',
    async (maxLength) => {
      const { peer: destination, port } = await peer(maxLength === 0 ? undefined : maxLength);
      const bytes = Buffer.from(Uint8Array.from({ length: 100_001 }, (_, index) => index % 251));
      const pieces = [
        bytes.subarray(0, 1),
        bytes.subarray(1, 4),
        bytes.subarray(4, 4),
        bytes.subarray(4, 70_001),
        bytes.subarray(70_001),
      ];
      const { open, discarded } = datasets(({ id }) => (id === '0' ? runs(...pieces) : id === '1' ? runs() : runs(bytes)));
      const results = await all(sendInstances(asked(port), many(3), { open, originator: { aeTitle: 'ASKS', messageId: 7 } }));
      expect(told(results)).toEqual([0, 1, 2].map((id) => [String(id), 'sent', 0]));
      expect(destination.received.map(({ dataset }) => dataset.equals(dataset.length === 0 ? Buffer.alloc(0) : bytes))).toEqual([
        true,
        true,
        true,
      ]);
      expect(
        destination.received.map(({ command }) => [
          command.MessageID,
          command.AffectedSOPInstanceUID,
          command.MoveOriginatorApplicationEntityTitle,
          command.MoveOriginatorMessageID,
        ]),
      ).toEqual([1, 2, 3].map((id) => [id, `1.2.3.${id - 1}`, 'ASKS', 7]));
      expect([discarded, destination.ends]).toEqual([['0', '1', '2'], []]);
    },
  );

  test('of more classes than one association has contexts for, others carry the rest', async () => {
    const { peer: destination, port } = await peer();
    const classes = Array.from({ length: 140 }, (_, index) =>
      instance(index, { sopClassUid: `1.2.9.${index}`, transferSyntaxUid: JPEG }),
    );
    const { open } = datasets(() => runs(Buffer.alloc(8)));
    const results = await all(sendInstances(asked(port), classes, { open }));
    expect(results.every(({ outcome }) => outcome === 'sent')).toBe(true);
    expect(destination.requests.map(({ contexts }) => contexts.length)).toEqual([128, 12]);
    expect(destination.received).toHaveLength(140);
  });

  test('what the node answers is told of each; what it has no context for is not opened', async () => {
    const { port } = await acting({ status: (count) => [0, 0xb000, 0xa700][count - 1], takes: (uid) => uid !== JPEG });
    const { open, opened } = datasets(() => runs(Buffer.alloc(8)));
    const results = await all(sendInstances(asked(port), [...many(3), instance(3, { transferSyntaxUid: JPEG })], { open }));
    expect(told(results)).toEqual([
      ['0', 'sent', 0],
      ['1', 'warning', 0xb000],
      ['2', 'failed', 'REFUSED', 0xa700],
      ['3', 'failed', 'NOT_ACCEPTED'],
    ]);
    expect(opened).toEqual(['0', '1', '2']);
  });

  test('what can not be opened, is gone, or fails at its beginning costs only itself', async () => {
    const { port, associations } = await acting({});
    const open: OpenDataset = async ({ id }, transferSyntaxUid) => {
      if (id === '0') throw new Error('unreadable');
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield await Promise.reject(new Error('damaged'));
      }
      return id === '1'
        ? undefined
        : { transferSyntaxUid, bytes: id === '2' ? broken() : runs(Buffer.alloc(8)), discard: async () => undefined };
    };
    const results = await all(sendInstances(asked(port), many(4), { open }));
    expect(told(results)).toEqual([
      ['0', 'failed', 'UNREADABLE'],
      ['1', 'failed', 'GONE'],
      ['2', 'failed', 'UNREADABLE'],
      ['3', 'sent', 0],
    ]);
    expect(associations).toHaveLength(1);
  });

  test('what fails after it was begun ends the association without its last byte, and the others go by a new one', async () => {
    const { port, associations, count } = await acting({});
    async function* damaged(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(300_000);
      throw new Error('damaged');
    }
    const { open } = datasets(({ id }) => (id === '1' ? damaged() : runs(Buffer.alloc(8))));
    const results = await all(sendInstances(asked(port), many(3), { open }));
    expect(told(results)).toEqual([
      ['0', 'sent', 0],
      ['1', 'failed', 'UNREADABLE'],
      ['2', 'sent', 0],
    ]);
    expect([associations.length, count()]).toEqual([2, 2]);
  });

  test('a node that hangs up now and then gets the others; one that does it each time is left', async () => {
    const third = await acting({ onData: (socket, count) => count % 3 === 2 && socket.destroy() });
    const { open } = datasets(() => runs(Buffer.alloc(8)));
    const results = await all(sendInstances(asked(third.port), many(3), { open }));
    expect(told(results)).toEqual([
      ['0', 'sent', 0],
      ['1', 'sent', 0],
      ['2', 'failed', 'NO_ASSOCIATION'],
    ]);
    const each = await acting({ onData: (socket) => socket.destroy() });
    expect(told(await all(sendInstances(asked(each.port), many(20), { open })))).toEqual(
      many(20).map(({ id }) => [id, 'failed', 'NO_ASSOCIATION']),
    );
    expect(each.associations).toHaveLength(2);
  });

  test('a node that does not answer is waited for as long as was said', async () => {
    const { port } = await acting({ status: () => undefined });
    const { open } = datasets(() => runs(Buffer.alloc(8)));
    const [first] = await all(sendInstances(asked(port), many(1), { open, patience: { answerMs: 200 } }));
    expect(first).toMatchObject({ outcome: 'failed', reason: 'NO_ASSOCIATION', cause: { outcome: 'NO_ANSWER' } });
  });

  test('a node that takes nothing makes the reading wait, and is left', async () => {
    const { port } = await acting({ onData: (socket) => socket.pause() });
    let read = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (; read < 4096; read += 1) yield Buffer.alloc(1_048_576);
    }
    const { open } = datasets(() => endless());
    const [first] = await all(sendInstances(asked(port), many(1), { open, patience: { stalledMs: 500 } }));
    expect(first).toMatchObject({ outcome: 'failed', cause: { outcome: 'NO_ANSWER' } });
    expect(read).toBeLessThan(64);
  });

  test('a signal ends it behind the instance that is on its way', async () => {
    const leave = new AbortController();
    const { port, count } = await acting({
      status: (nth) => {
        if (nth === 2) leave.abort();
        return 0;
      },
    });
    const { open, opened, discarded } = datasets(() => runs(Buffer.alloc(8)));
    const results = await all(sendInstances(asked(port), many(9), { open, signal: leave.signal }));
    expect(told(results)).toEqual([
      ['0', 'sent', 0],
      ['1', 'sent', 0],
    ]);
    await expect.poll(() => discarded.toSorted()).toEqual(opened.toSorted());
    expect(count()).toBe(2);
  });

  test('a node whose system keeps the rest of an answer until its head is acknowledged is not waited for', async () => {
    const released: string[] = [];
    const { port, associations, count } = await acting({ onHeld: (by) => released.push(by) });
    const { open } = datasets(({ id }) => runs(Buffer.alloc(20_000, id)));
    const results = await all(sendInstances(asked(port), many(5), { open }));
    expect(told(results)).toEqual([0, 1, 2, 3, 4].map((id) => [String(id), 'sent', 0]));
    // Nothing follows the last one: what would acknowledge its answer is the system's alone.
    expect(released).toEqual(['bytes', 'bytes', 'bytes', 'bytes', 'time']);
    expect([associations.length, count()]).toEqual([1, 5]);
  });

  test('what was begun and is not wanted any more, or fails, ends the association: nothing of it is taken for an instance', async () => {
    const leave = new AbortController();
    const left = await acting({ onHeld: (_by, nth) => nth === 2 && leave.abort() });
    const whole = datasets(() => runs(Buffer.alloc(8)));
    const results = await all(sendInstances(asked(left.port), many(9), { open: whole.open, signal: leave.signal }));
    expect(results.map(({ outcome }) => outcome)).toEqual(['sent', 'sent']);
    await expect.poll(() => whole.discarded.toSorted()).toEqual(whole.opened.toSorted());
    expect(left.count()).toBe(2);

    const failing = await acting({ onHeld: () => undefined });
    const { open } = datasets(async function* ({ id }) {
      if (id === '2') throw new Error('unreadable');
      yield Buffer.alloc(8);
    });
    const others = await all(sendInstances(asked(failing.port), many(5), { open }));
    expect(told(others).map(([id, outcome]) => [id, outcome])).toEqual([
      ['0', 'sent'],
      ['1', 'sent'],
      ['2', 'failed'],
      ['3', 'sent'],
      ['4', 'sent'],
    ]);
    expect([failing.associations.length, failing.count()]).toEqual([2, 4]);
  });

  test('nobody is there, and a network is no address', async () => {
    const { open } = datasets(() => runs());
    const nowhere = await all(sendInstances(asked(1), many(2), { open }));
    expect(nowhere.map(({ cause }) => cause)).toEqual([1, 2].map(() => expect.objectContaining({ outcome: 'UNREACHABLE' })));
    const [network] = await all(sendInstances({ ...asked(1), host: '10.0.0.0/8' }, many(1), { open }));
    expect(network?.cause).toMatchObject({ outcome: 'NO_ADDRESS' });
  });
});

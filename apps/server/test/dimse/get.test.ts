import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AgreedContexts,
  type CommandSet,
  commandPdus,
  datasetPdus,
  MessageReader,
  negotiate,
  type Outcome,
  respond,
  UpperLayer,
} from '@negatoscope/dimse';
import { afterEach, describe, expect, test } from 'vitest';
import { AssociationFailure } from '../../src/features/dimse/ask/failure.ts';
import type { Operation, Reply } from '../../src/features/dimse/listen/operation.ts';
import { Getting } from '../../src/features/dimse/transfers/get.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
/** As DCMTK 3.6.7 calls itself. */
const DCMTK = '1.2.276.0.7230010.3.0.3.6.7';
const DATASET = Uint8Array.from({ length: 50_000 }, (_, index) => index % 251);
const STORE = {
  ...{ CommandField: 1, MessageID: 9, CommandDataSetType: 1, Priority: 0 },
  ...{ AffectedSOPClassUID: CT, AffectedSOPInstanceUID: '1.2.3' },
};

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** An archive that is asked for one instance: it sends all but the last bytes of it, and the rest when it is told to. */
class Archive {
  readonly responses: CommandSet[] = [];
  readonly ended: string[] = [];
  cancelled = 0;
  /** Bytes that came behind the request. */
  came = 0;
  #socket: Socket | undefined;
  #layer = new UpperLayer({ isRequestor: false, artimMs: 5000, maxDataBytes: 16_384 });
  #reader = new MessageReader(new Map());
  #contexts: AgreedContexts = new Map();
  #get: { readonly command: CommandSet; readonly contextId: number } | undefined;
  #rest: Uint8Array | undefined;
  readonly #classUid: string;

  constructor(classUid: string) {
    this.#classUid = classUid;
  }

  async listen(): Promise<number> {
    const server = createServer((socket) => {
      this.#socket = socket;
      ends.push(() => socket.destroy());
      socket.on('error', () => undefined);
      this.#layer.opened(0);
      socket.on('data', (bytes) => {
        if (this.#rest !== undefined) this.came += bytes.length;
        this.#play(this.#layer.receive(bytes, 0));
      });
    });
    ends.push(() => server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  /** The rest of the instance, whatever came meanwhile. */
  sendRest(): void {
    this.#socket?.write(this.#rest ?? '');
  }

  #play(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      if (outcome.kind === 'send') for (const bytes of outcome.bytes) this.#socket?.write(bytes);
      else this.#play(this.#user(outcome));
    }
  }

  #user(outcome: Outcome): Outcome[] {
    if (outcome.kind === 'requested') {
      const offer = () => ({ takes: (uid: string) => uid === EXPLICIT, requestorMayBeScp: true });
      const policy = { implementation: { classUid: this.#classUid, version: 'X' }, maxLength: 16_384, offer };
      const { accept, contexts } = negotiate(outcome.request, policy);
      this.#contexts = contexts;
      this.#reader = new MessageReader(contexts);
      return this.#layer.accept(accept, 0);
    }
    if (outcome.kind === 'aborted') this.ended.push('aborted');
    if (outcome.kind === 'release') return this.#layer.respondRelease(0);
    return outcome.kind === 'data' ? this.#hear(this.#reader.take(outcome.piece)) : [];
  }

  #hear(part: ReturnType<MessageReader['take']>): Outcome[] {
    if (part?.kind === 'command') {
      const { command } = part;
      if (command.CommandField === 0x0010) this.#get = { command, contextId: part.context.id };
      else if (command.CommandField === 0x0fff) this.cancelled += 1;
      else this.responses.push(command);
      return command.CommandField === 0x8001 ? this.#answer() : [];
    }
    if (part?.kind !== 'dataset' || !part.isLast) return [];
    const [context] = [...this.#contexts.values()].filter(({ abstractSyntax }) => abstractSyntax === CT);
    const pdus = Buffer.concat([
      ...commandPdus(context?.id ?? 0, STORE, 16_384),
      ...[...datasetPdus(context?.id ?? 0, { bytes: DATASET, endsHere: true }, 16_384)].flat(),
    ]);
    this.#socket?.write(pdus.subarray(0, -100));
    this.#rest = pdus.subarray(-100);
    return [];
  }

  #answer(): Outcome[] {
    if (this.#get === undefined) return [];
    const { command, contextId } = this.#get;
    return this.#layer.data(commandPdus(contextId, respond(command, { status: 0 }), 16_384), 0);
  }
}

/** Asks an archive, and gives what is done with what it sends. */
async function asking(classUid: string, answer: Reply = { status: 0 }) {
  const archive = new Archive(classUid);
  const port = await archive.listen();
  const taken: Uint8Array[] = [];
  const operation: Operation = {
    take: async (bytes) => void taken.push(bytes.slice()),
    finish: async () => answer,
    breakOff: async () => undefined,
  };
  const node = { host: '127.0.0.1', port, aeTitle: 'ARCHIVE', callingAet: 'NEGATOSCOPE' };
  const more = { classes: [CT], transferSyntaxes: [EXPLICIT], store: () => operation, stored: () => undefined };
  const getting = await Getting.open({ node, ...more });
  ends.push(() => void getting.release());
  const got = getting.get({ '00080052': { vr: 'CS', Value: ['IMAGE'] } });
  got.catch(() => undefined);
  await sleep(150);
  return { archive, getting, got, taken };
}

describe('an instance that is fetched and pauses before its end (C-GET, PS3.4 C.4.3)', () => {
  test('from a sender that is built on DCMTK is acknowledged by a byte of the answer, which comes whole behind it (PS3.8 9.3.5)', async () => {
    const { archive, got, taken } = await asking(DCMTK);
    expect([archive.came > 0, archive.came <= 6]).toEqual([true, true]);
    archive.sendRest();
    expect(await got).toBe(0);
    expect(Buffer.concat(taken).equals(DATASET)).toBe(true);
    expect(archive.responses).toMatchObject([{ CommandField: 0x8001, Status: 0, AffectedSOPInstanceUID: '1.2.3' }]);
  });

  test('from any other sender is answered when it has ended, and not before', async () => {
    const { archive, got } = await asking('1.2.826.0.1.3680043.9.3811.1.0');
    expect(archive.came).toBe(0);
    archive.sendRest();
    expect(await got).toBe(0);
  });

  test('is refused in words though its answer was begun (PS3.8 E.1)', async () => {
    const { archive, got } = await asking(DCMTK, { status: 0xa700, comment: 'There is no room' });
    archive.sendRest();
    expect(await got).toBe(0);
    expect(archive.responses).toMatchObject([{ Status: 0xa700, ErrorComment: 'There is no room' }]);
  });

  test('is answered before the cancel that came meanwhile is told (PS3.7 9.3.3.3)', async () => {
    const { archive, getting, got } = await asking(DCMTK);
    getting.cancel();
    await sleep(20);
    expect(archive.cancelled).toBe(0);
    archive.sendRest();
    expect(await got).toBe(0);
    await expect.poll(() => archive.cancelled).toBe(1);
    expect(archive.responses).toMatchObject([{ Status: 0 }]);
  });

  test('and is left meanwhile is said not to be stored before the association is aborted (PS3.8 9.3.8)', async () => {
    const { archive, getting, got } = await asking(DCMTK);
    await getting.release();
    await expect(got).rejects.toThrow(AssociationFailure);
    await expect.poll(() => archive.ended).toEqual(['aborted']);
    expect(archive.responses).toMatchObject([{ Status: 0x0110, AffectedSOPInstanceUID: '1.2.3' }]);
  });
});

import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import {
  type CommandSet,
  commandPdus,
  datasetPdus,
  MessageReader,
  negotiate,
  type Outcome,
  respond,
  STATUS,
  serviceOf,
  UpperLayer,
} from '@negatoscope/dimse';
import { afterEach, describe, expect, test } from 'vitest';
import { AssociationFailure } from '../../src/features/dimse/ask/failure.ts';
import { writeIdentifier } from '../../src/features/dimse/ask/identifier.ts';
import { Querying } from '../../src/features/dimse/transfers/query.ts';

const EXPLICIT = '1.2.840.10008.1.2.1';
const C_FIND = 0x20;
const MATCH = writeIdentifier({ '0020000D': { vr: 'UI', Value: ['1.2.3'] } }, EXPLICIT);
const KEYS = { '0020000D': { vr: 'UI' } };

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** An archive that tells of a match every few milliseconds, for ever: it has never heard of C-CANCEL. Resolves with its port. */
async function endless(): Promise<number> {
  const server = createServer((socket) => answerForEver(socket));
  ends.push(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

function answerForEver(socket: Socket): void {
  const layer = new UpperLayer({ isRequestor: false, artimMs: 5000, maxDataBytes: 16_384 });
  let reader = new MessageReader(new Map());
  const play = (outcomes: readonly Outcome[]): void => {
    for (const outcome of outcomes) one(outcome);
  };
  const tell = (command: CommandSet): void => {
    const said = respond(command, { status: STATUS.PENDING, hasDataset: true });
    const dataset = [...datasetPdus(1, { bytes: MATCH, endsHere: true }, 16_384)].flat();
    play(layer.data([...commandPdus(1, said, 16_384), ...dataset], 0));
  };
  const one = (outcome: Outcome): void => {
    if (outcome.kind === 'send') for (const bytes of outcome.bytes) socket.write(bytes);
    else if (outcome.kind === 'close') socket.destroy();
    else if (outcome.kind === 'requested') {
      const policy = {
        implementation: { classUid: '1.2.3', version: 'T' },
        maxLength: 16_384,
        offer: () => ({ takes: (uid: string) => uid === EXPLICIT }),
      };
      const { accept, contexts } = negotiate(outcome.request, policy);
      reader = new MessageReader(contexts);
      play(layer.accept(accept, 0));
    } else if (outcome.kind === 'data') {
      const part = reader.take(outcome.piece);
      if (part?.kind !== 'command' || serviceOf(part.command) !== C_FIND) return;
      const timer = setInterval(() => tell(part.command), 5);
      socket.on('close', () => clearInterval(timer));
    }
  };
  ends.push(() => socket.destroy());
  socket.on('error', () => undefined);
  layer.opened(0);
  socket.on('data', (bytes) => play(layer.receive(bytes, 0)));
}

const open = async (): Promise<Querying> =>
  Querying.open({ host: '127.0.0.1', port: await endless(), aeTitle: 'ARCHIVE', callingAet: 'US' });

describe('a node that goes on after a C-CANCEL (PS3.7 9.3.2.3)', () => {
  test('is left, and what it told before counts: there is more', async () => {
    const querying = await open();
    const matches = querying.find('STUDY', KEYS, { most: 3 });
    let found = 0;
    let next = await matches.next();
    for (; next.done !== true; next = await matches.next()) found += 1;
    expect([found, next.value]).toEqual([3, { status: STATUS.CANCEL, isCut: true }]);
    await querying.release();
  });

  test('is left as well where nobody wants its answers any more, which is told', async () => {
    const querying = await open();
    const leaving = new AbortController();
    const matches = querying.find('STUDY', KEYS, { signal: leaving.signal });
    await matches.next();
    leaving.abort();
    await expect(matches.next()).rejects.toBeInstanceOf(AssociationFailure);
  });
});

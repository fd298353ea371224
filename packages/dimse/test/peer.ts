import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type AgreedContexts, negotiate } from '../src/association/negotiate.ts';
import { type Outcome, UpperLayer } from '../src/association/upper-layer.ts';
import type { CommandSet } from '../src/message/fields.ts';
import { MessageReader } from '../src/message/message-reader.ts';
import { commandPdus } from '../src/message/message-writer.ts';
import { respond } from '../src/message/messages.ts';
import type { AssociateRequest } from '../src/pdu/types.ts';

/** A message that came whole. */
export interface Received {
  readonly command: CommandSet;
  readonly transferSyntax: string;
  readonly dataset: Buffer;
}

/** Joins a machine and a socket; `user` answers what the machine tells. */
export function drive(socket: Socket, layer: UpperLayer, user: (outcome: Outcome) => Outcome[]): (outcomes: Outcome[]) => void {
  const play = (outcomes: readonly Outcome[]): void => {
    for (const outcome of outcomes) {
      if (outcome.kind === 'send') for (const bytes of outcome.bytes) socket.write(bytes);
      else if (outcome.kind === 'close') socket.end();
      else play(user(outcome));
    }
  };
  socket.on('data', (bytes) => play(layer.receive(bytes, Date.now())));
  socket.on('end', () => socket.end());
  socket.on('close', () => play(layer.closed(Date.now())));
  socket.on('error', () => undefined);
  return play;
}

/** A server that takes everything, and what it was sent. */
export class Peer {
  readonly received: Received[] = [];
  readonly requests: AssociateRequest[] = [];
  readonly ends: string[] = [];
  readonly #server: Server;

  constructor(maxLength = 16_384) {
    this.#server = createServer((socket) => this.#serve(socket, maxLength));
  }

  async listen(): Promise<number> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return (this.#server.address() as AddressInfo).port;
  }

  close(): Promise<unknown> {
    return new Promise((done) => this.#server.close(done));
  }

  #serve(socket: Socket, maxLength: number): void {
    const layer = new UpperLayer({ isRequestor: false, artimMs: 5000, maxDataBytes: maxLength });
    let contexts: AgreedContexts = new Map();
    let reader = new MessageReader(contexts);
    let current: { command: CommandSet; contextId: number; transferSyntax: string; runs: Buffer[] } | undefined;
    let peerMax = 0;
    const finish = (): Outcome[] => {
      if (current === undefined) return [];
      const { command, transferSyntax, runs, contextId } = current;
      this.received.push({ command, transferSyntax, dataset: Buffer.concat(runs) });
      current = undefined;
      return layer.data(commandPdus(contextId, respond(command, { status: 0 }), peerMax), Date.now());
    };
    const play = drive(socket, layer, (outcome) => {
      if (outcome.kind === 'requested') {
        this.requests.push(outcome.request);
        peerMax = outcome.request.user.maxLength;
        const policy = {
          implementation: { classUid: '1.2.3', version: 'TEST' },
          maxLength,
          offer: () => ({ takes: () => true, requestorMayBeScp: true }),
        };
        const { accept, contexts: agreed } = negotiate(outcome.request, policy);
        contexts = agreed;
        reader = new MessageReader(contexts);
        return layer.accept(accept, Date.now());
      }
      if (outcome.kind === 'release') return layer.respondRelease(Date.now());
      if (outcome.kind !== 'data') {
        this.ends.push(outcome.kind);
        return [];
      }
      const part = reader.take(outcome.piece);
      if (part?.kind === 'command') {
        const { id: contextId, transferSyntax } = part.context;
        current = { command: part.command, contextId, transferSyntax, runs: [] };
        return part.hasDataset ? [] : finish();
      }
      if (part?.kind === 'dataset') current?.runs.push(Buffer.from(part.bytes));
      return part?.kind === 'dataset' && part.isLast ? finish() : [];
    });
    play(layer.opened(Date.now()));
  }
}

/** Asks a server: associates, sends the given P-DATA-TF one after the other, each when the one before was answered, and releases. */
export function ask(
  port: number,
  request: AssociateRequest,
  messages: (contexts: { peerMax: number; accepted: ReadonlyMap<number, string> }) => readonly (readonly Uint8Array[])[],
): Promise<{ readonly answers: CommandSet[]; readonly ended: string }> {
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1');
    const layer = new UpperLayer({ isRequestor: true, artimMs: 5000, maxDataBytes: 16_384 });
    const answers: CommandSet[] = [];
    let reader = new MessageReader(new Map());
    let waiting: (readonly Uint8Array[])[] = [];
    const next = (): Outcome[] => {
      const message = waiting.shift();
      return message === undefined ? layer.release(Date.now()) : layer.data(message, Date.now());
    };
    const play = drive(socket, layer, (outcome) => {
      if (outcome.kind === 'connect') return [];
      if (outcome.kind === 'accepted') {
        const { contexts, user } = outcome.accept;
        const agreed = contexts.filter(({ result }) => result === 0);
        const context = { abstractSyntax: '', requestorIsScu: true, requestorIsScp: false };
        reader = new MessageReader(new Map(agreed.map(({ id, transferSyntax }) => [id, { ...context, id, transferSyntax }])));
        const accepted = new Map(agreed.map(({ id, transferSyntax }) => [id, transferSyntax]));
        waiting = [...messages({ peerMax: user.maxLength, accepted })];
        return next();
      }
      if (outcome.kind === 'data') {
        const part = reader.take(outcome.piece);
        if (part?.kind !== 'command') return [];
        answers.push(part.command);
        return next();
      }
      done({ answers, ended: outcome.kind });
      return [];
    });
    socket.on('error', fail);
    play(layer.associate(request, Date.now()));
    socket.on('connect', () => play(layer.opened(Date.now())));
  });
}

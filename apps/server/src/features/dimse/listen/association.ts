import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { NodeEventCode } from '@negatoscope/contract';
import {
  type AssociateRequest,
  type DataPiece,
  MessageReader,
  negotiate,
  type Outcome,
  ProtocolError,
  REJECT,
  STATE,
  UpperLayer,
} from '@negatoscope/dimse';
import { IMPLEMENTATION } from '../../../kernel/implementation.ts';
import type { Logger } from '../../../platform/log/log.ts';
import { BegunMessage } from '../ask/begun-message.ts';
import { ComingDataset } from '../ask/coming-dataset.ts';
import { codeOfReject } from '../log/codes.ts';
import type { Calling, KnownNode } from '../nodes/known.ts';
import { admit } from './admit.ts';
import type { AssociationPorts } from './association-ports.ts';
import { drained } from './drained.ts';
import { MOST_UNSENT } from './limits.ts';
import { offerTo } from './offer.ts';
import { Serving } from './serving.ts';

interface Speaking {
  readonly node: KnownNode;
  readonly reader: MessageReader;
  readonly serving: Serving;
}

/** One connection from its first byte to its last: the machine of PS3.8, its socket, and what is done with what is asked. */
export class Association {
  readonly #socket: Socket;
  readonly #from: Pick<Calling, 'remoteAddress' | 'isSecure'>;
  readonly #ports: AssociationPorts;
  readonly #layer: UpperLayer;
  readonly #log: Logger;
  #speaking: Speaking | undefined;
  /** Something is being done for the other side: it waits for us. */
  #isBusy = false;
  #lastAt: number;
  #isEnding = false;
  readonly #begun = new BegunMessage((head) => this.#write([head]));
  readonly #dataset = new ComingDataset(this.#begun);

  constructor(socket: Socket, ports: AssociationPorts) {
    this.#socket = socket;
    this.#from = { remoteAddress: socket.remoteAddress ?? '', isSecure: socket instanceof TLSSocket };
    this.#ports = ports;
    this.#log = ports.log.child({ remote: socket.remoteAddress });
    this.#lastAt = ports.now();
    const { artimMs, maxLength } = ports.limits;
    this.#layer = new UpperLayer({ isRequestor: false, artimMs, maxDataBytes: maxLength });
  }

  get isSpeaking(): boolean {
    return this.#speaking !== undefined;
  }

  /** Nobody has said who they are, or they were sent away; who is being looked up is not. */
  get isHalfOpen(): boolean {
    return this.#speaking === undefined && this.#layer.state !== STATE.AWAITING_LOCAL_ANSWER;
  }

  get #isFull(): boolean {
    return !this.#ports.hasRoom() || this.#isEnding;
  }

  /** Resolves when the connection is gone. Never fails. */
  async run(): Promise<void> {
    const chunks = (this.#socket as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    try {
      await this.#play(this.#layer.opened(this.#ports.now()));
      for (;;) {
        // A connection that breaks off is told by the machine below: whatever else fails is ours.
        const next = await chunks.next().catch(() => undefined);
        if (next === undefined || next.done === true) break;
        this.#lastAt = this.#ports.now();
        await this.#play(this.#layer.receive(next.value, this.#lastAt));
        this.#begin();
        this.#dataset.came();
        this.#lastAt = this.#ports.now();
      }
    } catch (error) {
      this.#log.error({ err: error }, 'an association failed');
      this.#socket.destroy();
    } finally {
      await this.#play(this.#layer.closed(this.#ports.now())).catch(() => undefined);
      await this.#breakOff();
      this.#socket.destroy();
    }
  }

  /** Time has passed: timers of the machine, and of who keeps a connection without using it. */
  tick(): void {
    const now = this.#ports.now();
    const outcomes = this.#layer.tick(now);
    const { idleMs, stalledMs } = this.#ports.limits;
    const { reader, serving } = this.#speaking ?? {};
    const patience = serving?.isAtRest !== false && reader?.isAtRest !== false ? idleMs : stalledMs;
    const isBusy = this.#isBusy || serving?.isGoing === true;
    const isSilent = this.#layer.state === STATE.ESTABLISHED && !isBusy && now - this.#lastAt > patience;
    if (isSilent) {
      this.#log.info({ node: this.#speaking?.node.id }, 'an association in which nothing comes is aborted');
      this.#tellBroken('SILENT');
    }
    this.#playNow([...outcomes, ...(isSilent ? this.#layer.abort(now) : [])]);
  }

  /** The server ends: what is being kept is answered first, then the association is aborted. */
  end(): void {
    this.#isEnding = true;
    // What goes on may take long: it ends with what it is at.
    this.#speaking?.serving.cancel();
    if (this.#isBusy || this.#speaking?.serving.isAtRest === false)
      void this.#speaking?.serving.settled().then(() => this.#endWhenAtRest());
    else this.#endWhenAtRest();
  }

  #endWhenAtRest(): void {
    if (this.#speaking?.serving.isAtRest === false) return;
    // Who has said nothing has nothing to be aborted (PS3.8 table 9-10, state 2).
    if (this.#layer.state === STATE.AWAITING_REQUEST) {
      this.#socket.destroy();
      return;
    }
    this.#abort();
    this.#socket.destroySoon();
  }

  /** Those of a timer: nothing of them takes time. */
  #playNow(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes)
      if (outcome.kind === 'send') this.#write([...this.#dataset.rest(), ...outcome.bytes]);
      else if (outcome.kind === 'close') this.#socket.destroySoon();
  }

  /** Something of an answer has come: it is acknowledged by the head of what follows. */
  #begin(): void {
    if (this.#isOpen && !this.#dataset.isComing && this.#layer.isInPdu) this.#begun.begin();
  }

  get #isOpen(): boolean {
    return this.#layer.state === STATE.ESTABLISHED && !this.#socket.destroyed;
  }

  /** Within a PDU nothing else can be said. */
  #abort(): void {
    if (this.#begun.isBegun && !this.#dataset.isPromised) this.#socket.destroy();
    else this.#playNow(this.#layer.abort(this.#ports.now()));
  }

  #write(bytes: readonly Uint8Array[]): void {
    if (!this.#socket.writable) return;
    this.#socket.cork();
    for (const run of bytes) this.#socket.write(run);
    this.#socket.uncork();
  }

  /** Waits for a slow reader, or for its end; one that takes nothing for too long has left. */
  async #send(pdus: readonly Uint8Array[]): Promise<void> {
    const now = this.#ports.now();
    this.#lastAt = now;
    const rest = this.#begun.rest(pdus);
    this.#dataset.answered();
    if (rest === undefined) {
      this.#socket.destroy();
      return;
    }
    this.#playNow(this.#layer.data(rest, now));
    // What comes next is put together while this is on its way.
    if (this.#socket.writableLength <= MOST_UNSENT || this.#socket.destroyed) return;
    if (await drained(this.#socket, this.#ports.limits.stalledMs)) return;
    this.#log.info({ node: this.#speaking?.node.id }, 'a node takes nothing of what it asked for: its connection is closed');
    this.#tellBroken('SILENT');
    this.#socket.destroy();
  }

  async #play(outcomes: readonly Outcome[]): Promise<void> {
    for (const outcome of outcomes) {
      this.#isBusy = true;
      try {
        await this.#one(outcome);
      } finally {
        this.#isBusy = false;
      }
    }
  }

  async #one(outcome: Outcome): Promise<void> {
    switch (outcome.kind) {
      case 'send':
      case 'close':
        this.#playNow([outcome]);
        break;
      case 'requested':
        await this.#play(await this.#answer(outcome.request));
        break;
      case 'data':
        await this.#take(outcome.piece);
        break;
      case 'release':
        // Its six bytes would be taken for those of the message that was begun.
        if (this.#begun.isBegun) this.#socket.destroy();
        else await this.#play(this.#layer.respondRelease(this.#ports.now()));
        break;
      case 'broken':
        this.#log.info(
          { node: this.#speaking?.node.id, code: outcome.fault?.code ?? 'LOST', ...outcome.fault?.details },
          'an association broke off',
        );
        this.#tellBroken(outcome.fault === undefined ? 'LOST' : 'PROTOCOL');
        await this.#breakOff();
        break;
      case 'aborted':
        this.#log.info({ node: this.#speaking?.node.id, ...outcome.abort }, 'an association was aborted by the other side');
        this.#tellBroken('ABORTED');
        await this.#breakOff();
        break;
    }
  }

  /** Each was answered: who goes on all the same may do so when it has looked at the answers. */
  #endWhereAllIsRefused(count: number): void {
    if (count < this.#ports.limits.refusedInRow) return;
    this.#log.info({ node: this.#speaking?.node.id, count }, 'an association of which every instance is refused is aborted');
    this.#tellBroken('ALL_REFUSED');
    this.#abort();
  }

  #tellBroken(code: NodeEventCode): void {
    if (this.#speaking !== undefined) this.#ports.happenings.broken(this.#speaking.node.id, code);
  }

  async #breakOff(): Promise<void> {
    await this.#speaking?.serving.leave();
  }

  async #answer(request: AssociateRequest): Promise<Outcome[]> {
    const now = this.#ports.now();
    const admitted = await admit(request, this.#from, this.#ports, this.#log);
    // While this one was looked up, others may have taken the room.
    const found = 'source' in admitted || !this.#isFull ? admitted : REJECT.LIMIT;
    if ('source' in found) {
      const { callingAet, calledAet } = request;
      const { remoteAddress: address } = this.#from;
      this.#ports.refusals.tell({ remote: address, ...found, calling: callingAet, called: calledAet }, now);
      this.#ports.happenings.sentAway({ address, callingAet, calledAet, code: codeOfReject(found) });
      return this.#layer.reject(found, now);
    }
    const policy = { implementation: IMPLEMENTATION, maxLength: this.#ports.limits.maxLength, offer: offerTo(found) };
    const { accept, contexts } = negotiate(request, policy);
    this.#dataset.sentBy(request.user.implementationClassUid);
    const { openServices, recall, aeTitle, happenings } = this.#ports;
    happenings.accepted(found.id);
    const serving = new Serving({
      node: found,
      recall: () => recall(found),
      ...openServices(found, this.#from.remoteAddress, this.#log),
      ...{ contexts, aeTitle, log: this.#log, peerMax: request.user.maxLength },
      send: (pdus) => this.#send(pdus),
      expect: (head) => {
        this.#begun.expect(head && (() => head));
        this.#begin();
      },
      promise: (answer) => this.#dataset.promise(answer),
      isBegun: () => this.#begun.isBegun,
      isOpen: () => this.#isOpen,
      abort: () => this.#abort(),
      refusedInRow: (count) => this.#endWhereAllIsRefused(count),
      answered: (answered) => happenings.answered(found.id, answered),
      now: () => this.#ports.now(),
    });
    this.#speaking = { node: found, reader: new MessageReader(contexts), serving };
    return this.#layer.accept(accept, now);
  }

  async #take(piece: DataPiece): Promise<void> {
    try {
      const { reader, serving } = this.#speaking ?? {};
      const part = reader?.take(piece);
      if (part?.kind === 'command') await serving?.begin(part.command, part.context);
      if (part?.kind === 'dataset') await serving?.take(part.bytes);
      if (part?.kind === 'command' ? !part.hasDataset : part?.isLast === true) await serving?.finish();
      if (this.#isEnding) this.#endWhenAtRest();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#log.info({ node: this.#speaking?.node.id, code: error.code, ...error.details }, 'what a node says is no message');
      this.#tellBroken('PROTOCOL');
      await this.#breakOff();
      this.#abort();
    }
  }
}

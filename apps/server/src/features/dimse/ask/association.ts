import type { Socket } from 'node:net';
import {
  type AgreedContexts,
  type AssociateRequest,
  agreedContexts,
  type CommandSet,
  commandPdus,
  isAnswerTo,
  type MessagePart,
  MessageReader,
  type Outcome,
  ProtocolError,
  STATE,
  UpperLayer,
} from '@negatoscope/dimse';
import { type Asked, PATIENCE, type Patience } from './asked.ts';
import { type AssociationOptions, MAX_LENGTH, requestOf } from './association-request.ts';
import { BegunMessage, headOf } from './begun-message.ts';
import { ComingDataset } from './coming-dataset.ts';
import { AssociationFailure, refusalOf } from './failure.ts';
import { sendMessage } from './message.ts';
import type { NextRequest } from './store-all.ts';
import { isTlsRefusal } from './tls.ts';
import { Waiting } from './waiting.ts';

/** Parts of messages that wait for whoever reads them, before the other side waits as well. */
const MOST_WAITING = 64;
const RELEASE_MS = 5_000;

/** An association that this server asked for. Everything fails with AssociationFailure, and once it has failed it is over. */
export class RequestedAssociation {
  readonly #socket: Socket;
  readonly #request: AssociateRequest;
  readonly #patience: Patience;
  readonly #layer = new UpperLayer({ isRequestor: true, artimMs: RELEASE_MS, maxDataBytes: MAX_LENGTH });
  readonly #inbox: MessagePart[] = [];
  readonly #waiting = new Waiting();
  #reader: MessageReader | undefined;
  #contexts: AgreedContexts = new Map();
  #peerMax = 0;
  #failure: AssociationFailure | undefined;
  #isConnected = false;
  /** The port answers; by TLS that is not yet a connection. */
  #isReached = false;
  #isReleased = false;
  readonly #begun = new BegunMessage((head) => this.#socket.write(head));
  readonly #coming = new ComingDataset(this.#begun);
  #letGo: () => void = () => undefined;

  constructor(socket: Socket, asked: Asked, options: AssociationOptions) {
    this.#socket = socket;
    this.#request = requestOf(asked, options);
    this.#patience = { ...PATIENCE, ...options.patience };
    this.#layer.associate(this.#request, 0);
    socket.on('connect', () => {
      this.#isReached = true;
    });
    socket.on(asked.tls === undefined ? 'connect' : 'secureConnect', () => {
      // One that is not who it is to be was left before.
      if (socket.destroyed) return;
      this.#isConnected = true;
      this.#play(this.#layer.opened(0));
    });
    socket.on('data', (bytes) => {
      this.#play(this.#layer.receive(bytes, 0));
      this.#begin();
      this.#coming.came();
    });
    socket.on('drain', () => this.#waiting.wake());
    socket.on('error', (error) =>
      this.#fail(new AssociationFailure(isTlsRefusal(error) ? 'NO_TLS' : this.#broken(), null, error)),
    );
    socket.on('close', () => this.#fail(new AssociationFailure(this.#broken())));
    this.#listenTo(options.signal);
  }

  #broken(): AssociationFailure['outcome'] {
    if (this.#isConnected) return 'FAILED';
    return this.#isReached ? 'NO_TLS' : 'UNREACHABLE';
  }

  /** What was agreed, by the ids of contexts. */
  get contexts(): AgreedContexts {
    return this.#contexts;
  }

  get isOpen(): boolean {
    return this.#failure === undefined && !this.#isReleased;
  }

  /** Resolves when the node has accepted. */
  async established(): Promise<void> {
    await this.#until(this.#patience.connectMs, () => this.#isConnected || undefined);
    await this.#until(this.#patience.answerMs, () => this.#reader);
  }

  /** Sends a message, as `sendMessage` says; resolves when all of it is on its way. */
  send(contextId: number, command: CommandSet, dataset?: AsyncIterable<Uint8Array>): Promise<void> {
    const peerMax = this.#peerMax;
    if (dataset === undefined) return this.#transmit(commandPdus(contextId, command, peerMax, this.#coming.opening));
    const wire = { peerMax, transmit: (pdus: readonly Uint8Array[]) => this.#transmit(pdus), abort: () => this.abort() };
    return sendMessage(wire, { contextId, command }, dataset);
  }

  async #transmit(pdus: readonly Uint8Array[]): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#play(this.#layer.data(this.#unsent(pdus), 0));
    await this.#until(this.#patience.stalledMs, () => !this.#socket.writableNeedDrain || undefined);
  }

  /** The next part of what the node says: command sets, and runs of their datasets as they come. Who does not take them makes the node wait. */
  async next(answerMs = this.#patience.answerMs): Promise<MessagePart> {
    const part = await this.#until(answerMs, () => this.#inbox.shift());
    if (this.#inbox.length < MOST_WAITING / 2) this.#socket.resume();
    return part;
  }

  #begin(): void {
    if (this.isOpen && !this.#coming.isComing && this.#layer.isInPdu) this.#begun.begin();
  }

  /** The dataset of a request of the node comes, behind which this is answered, or what says more; or it has come. */
  coming(contextId: number, answer: CommandSet | undefined): void {
    this.#coming.promise(answer && commandPdus(contextId, answer, this.#peerMax));
    // What is here already may be all that comes before it pauses.
    this.#coming.came();
  }

  /** What was not sent yet of the message that comes next. */
  #unsent(pdus: readonly Uint8Array[]): readonly Uint8Array[] {
    const rest = this.#begun.rest(pdus);
    if (rest === undefined) throw this.#give(new AssociationFailure('FAILED'));
    this.#coming.answered();
    return rest;
  }

  /**
   * Asks, and gives the one response; the association fails where the node says something else. `next` gives the request that comes next for certain, where that is known:
   * once it was given, nothing else can be sent.
   */
  async ask(
    contextId: number,
    command: CommandSet,
    dataset?: AsyncIterable<Uint8Array>,
    next?: NextRequest,
  ): Promise<CommandSet> {
    try {
      await this.send(contextId, command, dataset);
    } catch (error) {
      // A dataset that fails before its message is sent costs nothing, unless that was begun.
      if (this.#begun.isBegun) this.abort();
      throw error;
    }
    this.#begun.expect(() => {
      const following = next?.get();
      return following && headOf(commandPdus(following.contextId, following.command, this.#peerMax));
    });
    void next?.ready.then(() => this.#begin());
    const part = await this.nextAnswer(command).finally(() => this.#begun.expect(undefined));
    if (part.hasDataset || part.command.Status === undefined) throw this.#give(new AssociationFailure('FAILED'));
    return part.command;
  }

  /** The next answer to a request; the association fails where the node says something else. */
  async nextAnswer(request: CommandSet): Promise<Extract<MessagePart, { kind: 'command' }>> {
    const part = await this.next();
    if (part.kind === 'command' && isAnswerTo(request, part.command)) return part;
    throw this.#give(new AssociationFailure('FAILED'));
  }

  /** Ends it in order. A node that does not answer is left. */
  async release(): Promise<void> {
    if (!this.isOpen) return;
    // Within a PDU nothing else can be said.
    if (this.#begun.isBegun) return this.abort();
    try {
      this.#play(this.#layer.release(0));
      await this.#until(RELEASE_MS, () => this.#isReleased || undefined);
    } catch (error) {
      if (!(error instanceof AssociationFailure || error instanceof ProtocolError)) throw error;
    } finally {
      this.#end();
    }
  }

  /** Ends it at once. */
  abort(): void {
    this.#give(new AssociationFailure('CANCELLED'));
  }

  /** Resolves with what `look` finds; fails with NO_ANSWER when that takes too long. */
  #until<T>(ms: number, look: () => T | undefined): Promise<T> {
    const orFail = (): T | undefined => look() ?? this.#failed();
    return this.#waiting.until(ms, orFail, () => this.#give(this.#noAnswer()));
  }

  #failed(): undefined {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #noAnswer = (): AssociationFailure => new AssociationFailure(this.#isConnected ? 'NO_ANSWER' : this.#broken());

  #listenTo(signal: AbortSignal | undefined): void {
    const whole = this.#patience.wholeMs;
    const timer = whole === undefined ? undefined : setTimeout(() => this.#give(this.#noAnswer()), whole);
    const leave = (): void => this.abort();
    signal?.addEventListener('abort', leave);
    this.#letGo = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    };
    if (signal?.aborted === true) leave();
  }

  #play(outcomes: readonly Outcome[]): void {
    this.#socket.cork();
    for (const outcome of outcomes) {
      if (outcome.kind === 'send') for (const bytes of [...this.#coming.rest(), ...outcome.bytes]) this.#socket.write(bytes);
      else this.#hear(outcome);
    }
    this.#socket.uncork();
  }

  #hear(outcome: Exclude<Outcome, { kind: 'send' }>): void {
    switch (outcome.kind) {
      case 'accepted':
        this.#guarded(() => {
          this.#contexts = agreedContexts(this.#request, outcome.accept);
          this.#peerMax = outcome.accept.user.maxLength;
          this.#coming.sentBy(outcome.accept.user.implementationClassUid);
          this.#reader = new MessageReader(this.#contexts);
          this.#waiting.wake();
        });
        break;
      case 'data':
        this.#guarded(() => this.#take(this.#reader?.take(outcome.piece)));
        break;
      case 'rejected':
        this.#fail(refusalOf(outcome.reject));
        break;
      case 'released':
        this.#isReleased = true;
        this.#waiting.wake();
        break;
      case 'release':
        // A node that will not go on leaves what was asked unanswered.
        if (!this.#begun.isBegun) this.#play(this.#layer.respondRelease(0));
        this.#fail(new AssociationFailure('FAILED'));
        break;
      case 'aborted':
      case 'broken':
        this.#fail(new AssociationFailure('FAILED'));
        break;
    }
  }

  #take(part: MessagePart | undefined): void {
    if (part === undefined) return;
    this.#inbox.push(part);
    if (this.#inbox.length >= MOST_WAITING) this.#socket.pause();
    this.#waiting.wake();
  }

  /** What is no answer, or no message, ends it. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#give(new AssociationFailure('FAILED', null, error));
    }
  }

  /** Fails for a reason of this side: the node is told. */
  #give(failure: AssociationFailure): AssociationFailure {
    const canSpeak = this.isOpen && this.#layer.state !== STATE.IDLE && this.#isConnected;
    if (canSpeak && (!this.#begun.isBegun || this.#coming.isPromised)) this.#play(this.#layer.abort(0));
    this.#fail(failure);
    return failure;
  }

  #fail(failure: AssociationFailure): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#end();
    this.#waiting.wake();
  }

  #end(): void {
    this.#letGo();
    if (!this.#isConnected) {
      this.#socket.destroy();
      return;
    }
    this.#socket.destroySoon();
    // What is still to be written may never be taken.
    setTimeout(() => this.#socket.destroy(), RELEASE_MS).unref();
  }
}

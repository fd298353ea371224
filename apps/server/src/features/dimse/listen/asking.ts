import { type AgreedContexts, type CommandSet, isAnswerTo, ProtocolError } from '@negatoscope/dimse';
import { PATIENCE } from '../ask/asked.ts';
import { AssociationFailure } from '../ask/failure.ts';
import { sendMessage } from '../ask/message.ts';
import type { StoreChannel, StoreRequest } from '../ask/store-all.ts';

interface AskingPorts {
  readonly contexts: AgreedContexts;
  readonly peerMax: number;
  readonly send: (pdus: readonly Uint8Array[]) => Promise<void>;
  /** An answer is awaited, after which what has this head is sent next for certain; or none is. */
  readonly expect: (head: Uint8Array | undefined) => void;
  readonly isOpen: () => boolean;
  readonly abort: () => void;
}

interface Awaited {
  readonly request: CommandSet;
  resolve(answer: CommandSet): void;
  reject(failure: AssociationFailure): void;
}

/** What the side that was asked for an association asks in it: to store, where the other side agreed to that role (C-GET, PS3.4 C.4.3). */
export class Asking {
  readonly #ports: AskingPorts;
  #awaited: Awaited | undefined;
  /** One at a time was agreed. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: AskingPorts) {
    this.#ports = ports;
  }

  /** `following` is the head of what is told after each answer. Fails with AssociationFailure when the association is over. */
  async channel(following?: Uint8Array): Promise<StoreChannel> {
    if (!this.#ports.isOpen()) throw new AssociationFailure('FAILED');
    return {
      contexts: () => [...this.#ports.contexts.values()].filter(({ requestorIsScp }) => requestorIsScp),
      store: (request, dataset) => this.#ask(request, dataset, following),
    };
  }

  /** A response. Fails with MESSAGE_ORDER where nothing was asked. */
  hear(command: CommandSet): void {
    const awaited = this.#awaited;
    if (awaited === undefined || !isAnswerTo(awaited.request, command) || command.Status === undefined)
      throw new ProtocolError('MESSAGE_ORDER');
    this.#awaited = undefined;
    awaited.resolve(command);
  }

  /** The other side has left. */
  leave(): void {
    this.#awaited?.reject(new AssociationFailure('FAILED'));
    this.#awaited = undefined;
  }

  #ask(request: StoreRequest, dataset: AsyncIterable<Uint8Array>, following: Uint8Array | undefined): Promise<CommandSet> {
    const asked = this.#turn.then(() => this.#askNow(request, dataset, following));
    this.#turn = asked.catch(() => undefined);
    return asked;
  }

  async #askNow(
    { contextId, command }: StoreRequest,
    dataset: AsyncIterable<Uint8Array>,
    following: Uint8Array | undefined,
  ): Promise<CommandSet> {
    if (!this.#ports.isOpen()) throw new AssociationFailure('FAILED');
    const answer = new Promise<CommandSet>((resolve, reject) => {
      // It may be answered before all of it was sent.
      this.#awaited = { request: command, resolve, reject };
    });
    answer.catch(() => undefined);
    const { peerMax, send, expect, isOpen, abort } = this.#ports;
    const transmit = async (pdus: readonly Uint8Array[]): Promise<void> => {
      await send(pdus);
      if (!isOpen()) throw new AssociationFailure('FAILED');
    };
    try {
      await sendMessage({ peerMax, transmit, abort }, { contextId, command }, dataset);
    } catch (error) {
      this.#awaited = undefined;
      throw error;
    }
    if (this.#awaited !== undefined) expect(following);
    const timer = setTimeout(() => {
      this.#awaited?.reject(new AssociationFailure('NO_ANSWER'));
      this.#awaited = undefined;
      abort();
    }, PATIENCE.answerMs);
    return answer.finally(() => {
      clearTimeout(timer);
      expect(undefined);
    });
  }
}

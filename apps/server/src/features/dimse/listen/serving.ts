import {
  type AgreedContext,
  type AgreedContexts,
  COMMAND,
  type CommandSet,
  isResponse,
  ProtocolError,
  STATUS,
  serviceOf,
  statusKind,
} from '@negatoscope/dimse';
import { breathe } from '../../../kernel/turns.ts';
import { traced } from '../../../platform/traces/index.ts';
import { headOf } from '../ask/begun-message.ts';
import type { AnsweredRequest } from '../log/of-answer.ts';
import type { KnownNode } from '../nodes/known.ts';
import { pendingPdus, replyPdus } from './answer-pdus.ts';
import { Asking } from './asking.ts';
import { type Answers, type Operation, type Reply, refused, type Telling } from './operation.ts';
import { type OperationPorts, operationFor, storing } from './operation-for.ts';
import { statusOfFailure } from './store-status.ts';

export interface ServingPorts extends OperationPorts {
  readonly node: KnownNode;
  /** The node as it is now; undefined when it is no longer the one that associated. */
  readonly recall: () => Promise<KnownNode | undefined>;
  /** What was agreed. */
  readonly contexts: AgreedContexts;
  /** The other side's maximum. */
  readonly peerMax: number;
  /** Sends P-DATA-TF; resolves when more may be sent. */
  readonly send: (pdus: readonly Uint8Array[]) => Promise<void>;
  /** An answer is awaited, after which what has this head is sent next for certain; or none is. */
  readonly expect: (head: Uint8Array | undefined) => void;
  /** A dataset comes, behind which this is sent, or what begins with as many bytes; or it has come. */
  readonly promise: (answer: readonly Uint8Array[] | undefined) => void;
  /** Whether something of what was promised or expected is on its way: nothing else can be sent before the rest of it. */
  readonly isBegun: () => boolean;
  /** Whether the other side is still there to be answered. */
  readonly isOpen: () => boolean;
  /** Is told of each request that has been answered. */
  readonly answered: (request: AnsweredRequest) => void;
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** Ends the association at once. */
  readonly abort: () => void;
  /** So many instances one after the other were refused. */
  readonly refusedInRow: (count: number) => void;
}

interface Running {
  readonly command: CommandSet;
  readonly context: AgreedContext;
  readonly operation: Operation;
  /** An answer that may have been begun while its dataset came. */
  readonly promised?: readonly Uint8Array[] | undefined;
  readonly since: number;
  /** Of the dataset that came, and the answers before the last. */
  bytes: number;
  told: number;
}

type Replying = Pick<Running, 'command' | 'context' | 'promised'>;

/** `C_STORE` by its number, and so on (PS3.7 E.1). */
const NAMES: ReadonlyMap<unknown, string> = new Map(Object.entries(COMMAND).map(([name, number]) => [number, name]));

/** What is answered where nothing else can be. It says no more than a success does, and is as long. */
const NOT_STORED: Reply = { status: STATUS.PROCESSING_FAILURE };

/** What is done with the requests of one association, one at a time. */
export class Serving {
  readonly #ports: ServingPorts;
  /** Its dataset is still to come to its end, or is being worked at while the other side waits. */
  #running: Running | undefined;
  /** Who asks is being looked up. */
  #isBeginning = false;
  /** It goes on while the other side is listened to: it may cancel. */
  #going: { readonly messageId: number; readonly done: Promise<void>; readonly cancel: AbortController } | undefined;
  #refusedInRow = 0;
  /** Requests of this side that may be sent at any time: while there are some, no answer is begun. */
  #afterwards = 0;
  /** What this side asks of the other meanwhile. */
  readonly #asking: Asking;

  constructor(ports: ServingPorts) {
    this.#ports = ports;
    this.#asking = new Asking(ports);
  }

  /** Nothing was asked that is not answered. */
  get isAtRest(): boolean {
    return !this.#isBeginning && this.#running === undefined && this.#going === undefined;
  }

  get isGoing(): boolean {
    return this.#going !== undefined;
  }

  async begin(command: CommandSet, context: AgreedContext): Promise<void> {
    if (isResponse(command)) {
      this.#asking.hear(command);
      return;
    }
    if (serviceOf(command) === COMMAND.C_CANCEL) {
      // A cancel of nothing changes nothing, and none is answered (PS3.7 9.3.2.3).
      if (this.#going?.messageId === command.MessageIDBeingRespondedTo) this.#going?.cancel.abort();
      return;
    }
    // One at a time was agreed.
    if (this.#going !== undefined) throw new ProtocolError('MESSAGE_ORDER');
    this.#isBeginning = true;
    const operation = await this.#operationOf(command, context);
    this.#isBeginning = false;
    const mayBePromised = serviceOf(command) === COMMAND.C_STORE && this.#afterwards === 0;
    const promised = mayBePromised ? this.#pdusOf({ command, context }, NOT_STORED) : undefined;
    this.#running = { command, context, operation, promised, since: this.#ports.now(), bytes: 0, told: 0 };
    this.#ports.promise(promised);
  }

  async take(bytes: Uint8Array): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    running.bytes += bytes.length;
    await running.operation.take(bytes);
  }

  /** The dataset has ended, or there is none. */
  async finish(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#ports.promise(undefined);
    const cancel = new AbortController();
    const telling: Telling = {
      tell: (reply) => {
        running.told += 1;
        return this.#respond(running, reply);
      },
      tellAll: (status, answers) => {
        running.told += answers.matches.length;
        return this.#respondAll(running, status, answers);
      },
      signal: cancel.signal,
      channel: (following) => this.#asking.channel(following && headOf(this.#pdusOf(running, following))),
    };
    if (running.operation.isLong !== true) {
      await this.#answer(running, telling);
      this.#running = undefined;
      return;
    }
    this.#running = undefined;
    const done = this.#answer(running, telling).finally(() => {
      this.#going = undefined;
    });
    this.#going = { messageId: running.command.MessageID ?? 0, done, cancel };
  }

  /** What goes on is to come to its end. */
  cancel(): void {
    this.#going?.cancel.abort();
  }

  /** What goes on has ended; resolves at once when nothing does. */
  async settled(): Promise<void> {
    await this.#going?.done;
  }

  /** The other side has left: a dataset that does not come to its end leaves nothing. */
  async leave(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    this.cancel();
    this.#asking.leave();
    await running?.operation.breakOff();
    await this.settled();
  }

  #answer(running: Running, telling: Telling): Promise<void> {
    const service = NAMES.get(serviceOf(running.command)) ?? 'unknown';
    return traced(`DIMSE ${service}`, { 'dicom.service': service }, () => this.#answered(running, telling));
  }

  /** Never fails: what fails is answered. */
  async #answered(running: Running, telling: Telling): Promise<void> {
    const answer = await running.operation.finish(telling).catch((error: unknown): Reply => {
      this.#ports.log.error({ node: this.#ports.node.id, err: error }, 'a node’s request failed');
      return { status: STATUS.PROCESSING_FAILURE };
    });
    const { command, context, bytes, told, since } = running;
    this.#ports.answered({ command, context, answer, told, bytes, ms: this.#ports.now() - since });
    await this.#respond(running, answer);
    if (serviceOf(command) === COMMAND.C_STORE) {
      this.#refusedInRow = statusKind(answer.status) === 'failure' ? this.#refusedInRow + 1 : 0;
      this.#ports.refusedInRow(this.#refusedInRow);
    }
    void this.#ask(running.operation, telling);
  }

  async #ask(operation: Operation, telling: Telling): Promise<void> {
    this.#afterwards += 1;
    try {
      await operation.afterwards?.(telling);
    } catch (error) {
      this.#ports.log.error({ node: this.#ports.node.id, err: error }, 'what was asked of a node failed');
    } finally {
      this.#afterwards -= 1;
    }
  }

  async #respond(running: Replying, reply: Reply): Promise<void> {
    const { send, isOpen } = this.#ports;
    if (!isOpen()) this.cancel();
    await send(this.#pdusOf(running, reply));
  }

  #pdusOf({ command, context, promised }: Replying, reply: Reply): Uint8Array[] {
    const { peerMax, isBegun } = this.#ports;
    const [, opening] = promised ?? [];
    return replyPdus({ command, contextId: context.id, peerMax, opening: isBegun() ? opening?.length : undefined }, reply);
  }

  async #respondAll<Row>({ command, context }: Running, status: number, answers: Answers<Row>): Promise<void> {
    const { peerMax, send, isOpen } = this.#ports;
    if (!isOpen()) this.cancel();
    await send([pendingPdus({ command, contextId: context.id, peerMax }, status, answers)]);
    // A cancel is heard, and other associations go on.
    await breathe();
  }

  /** What the node may do is asked at each request: an association may be older than what an administrator decided since. */
  async #operationOf(command: CommandSet, context: AgreedContext): Promise<Operation> {
    const { node, recall, log } = this.#ports;
    const asked = recall();
    try {
      // What is sent to be stored comes meanwhile: who was allowed to is asked for before it is kept, and not before it comes.
      if (serviceOf(command) === COMMAND.C_STORE && node.mayStore) {
        // A dataset that is refused anyway waits for nobody.
        asked.catch(() => undefined);
        // What was decided while it came counts as well: it is heard by then.
        const mayBeKept = async () => (await asked) !== undefined && (await recall())?.mayStore === true;
        return storing(this.#ports, node, command, context, mayBeKept);
      }
      const now = await asked;
      return now === undefined ? refused({ status: STATUS.NOT_AUTHORIZED }) : operationFor(this.#ports, now, command, context);
    } catch (error) {
      log.error({ node: node.id, err: error }, 'what a node may do could not be looked up');
      return refused(statusOfFailure(error));
    }
  }
}

import {
  type AgreedContext,
  type AgreedContexts,
  COMMAND,
  type CommandSet,
  isResponse,
  missingFields,
  ProtocolError,
  SERVICE_CLASS,
  STATUS,
  serviceOf,
  statusKind,
} from '@negatoscope/dimse';
import { breathe } from '../../../kernel/turns.ts';
import type { Logger } from '../../../platform/log/log.ts';
import type { AnsweredRequest } from '../log/of-answer.ts';
import type { KnownNode } from '../nodes/known.ts';
import { pendingPdus, replyPdus } from './answer-pdus.ts';
import { Asking } from './asking.ts';
import { commitmentOperation, type NodeCommitment } from './commitment.ts';
import { type Finder, findOperation } from './find.ts';
import { type Operation, type Reply, refused, type Telling } from './operation.ts';
import { isGet, isMove } from './retrieval.ts';
import { type Retriever, retrieveOperation } from './retrieve.ts';
import { type StepKeeper, stepOperation } from './steps.ts';
import { type Keeper, storeOperation } from './store.ts';
import { statusOfFailure } from './store-status.ts';
import { type NodeWorklist, worklistOperation } from './worklist.ts';

/** What is done for a node. */
export interface NodeServices {
  /** Keeps what it sends. */
  readonly keeper: Keeper;
  /** Looks for what it may find. */
  readonly finder: Finder;
  /** Sends what it may have. */
  readonly retriever: Retriever;
  /** What films are asked of it. */
  readonly worklist: NodeWorklist;
  /** Keeps what it tells of what it does. */
  readonly steps: StepKeeper;
  /** Tells it what is kept. */
  readonly commitment: NodeCommitment;
}

export interface ServingPorts extends NodeServices {
  readonly node: KnownNode;
  /** The node as it is now; undefined when it is no longer the one that associated. */
  readonly recall: () => Promise<KnownNode | undefined>;
  /** What was agreed. */
  readonly contexts: AgreedContexts;
  /** One's own AE title. */
  readonly aeTitle: string;
  readonly log: Logger;
  /** The other side's maximum. */
  readonly peerMax: number;
  /** Sends P-DATA-TF; resolves when more may be sent. */
  readonly send: (pdus: readonly Uint8Array[]) => Promise<void>;
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
  readonly since: number;
  /** Of the dataset that came, and the answers before the last. */
  bytes: number;
  told: number;
}

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
    this.#running = { command, context, operation, since: this.#ports.now(), bytes: 0, told: 0 };
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
    const cancel = new AbortController();
    const telling: Telling = {
      tell: (reply) => {
        running.told += 1;
        return this.#respond(running, reply);
      },
      tellAll: (status, datasets) => {
        running.told += datasets.length;
        return this.#respondAll(running, status, datasets);
      },
      signal: cancel.signal,
      channel: () => this.#asking.channel(),
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

  /** Never fails: what fails is answered. */
  async #answer(running: Running, telling: Telling): Promise<void> {
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
    void running.operation
      .afterwards?.(telling)
      .catch((error: unknown) =>
        this.#ports.log.error({ node: this.#ports.node.id, err: error }, 'what was asked of a node failed'),
      );
  }

  async #respond({ command, context }: Running, reply: Reply): Promise<void> {
    const { peerMax, send, isOpen } = this.#ports;
    if (!isOpen()) this.cancel();
    await send(replyPdus({ command, contextId: context.id, peerMax }, reply));
  }

  async #respondAll({ command, context }: Running, status: number, datasets: readonly Uint8Array[]): Promise<void> {
    const { peerMax, send, isOpen } = this.#ports;
    if (!isOpen()) this.cancel();
    await send([pendingPdus({ command, contextId: context.id, peerMax }, status, datasets)]);
    // A cancel is heard, and other associations go on.
    await breathe();
  }

  /** What the node may do is asked at each request: an association may be older than what an administrator decided since. */
  async #operationOf(command: CommandSet, context: AgreedContext): Promise<Operation> {
    const { node, recall, log } = this.#ports;
    try {
      const now = await recall();
      return now === undefined ? refused({ status: STATUS.NOT_AUTHORIZED }) : this.#operationFor(now, command, context);
    } catch (error) {
      log.error({ node: node.id, err: error }, 'what a node may do could not be looked up');
      return refused(statusOfFailure(error));
    }
  }

  #operationFor(node: KnownNode, command: CommandSet, context: AgreedContext): Operation {
    switch (serviceOf(command)) {
      case COMMAND.C_STORE:
        return this.#storing(node, command, context);
      case COMMAND.C_FIND:
        return this.#finding(node, command, context);
      case COMMAND.C_MOVE:
        return this.#retrieving(node, command, context, isMove);
      case COMMAND.C_GET:
        return this.#retrieving(node, command, context, isGet);
      case COMMAND.N_CREATE:
      case COMMAND.N_SET:
        return this.#stepping(node, command, context);
      case COMMAND.N_ACTION:
        return this.#committing(node, command, context);
      case COMMAND.C_ECHO: {
        const isAgreed = command.AffectedSOPClassUID === undefined || isOfContext(command, context);
        return refused({ status: isAgreed ? STATUS.SUCCESS : STATUS.SOP_CLASS_NOT_SUPPORTED });
      }
      default:
        return refused({ status: STATUS.UNRECOGNIZED_OPERATION });
    }
  }

  #retrieving(
    node: KnownNode,
    command: CommandSet,
    context: AgreedContext,
    isOfService: (abstractSyntax: string) => boolean,
  ): Operation {
    if (!node.mayRetrieve) return refused({ status: STATUS.NOT_AUTHORIZED });
    if (missingFields(command).length > 0) return refused({ status: STATUS.DATASET_DOES_NOT_MATCH });
    if (!isOfContext(command, context) || !isOfService(context.abstractSyntax))
      return refused({ status: STATUS.SOP_CLASS_NOT_SUPPORTED });
    return retrieveOperation(this.#ports.retriever, { command, context, by: node.aeTitle });
  }

  #finding(node: KnownNode, command: CommandSet, context: AgreedContext): Operation {
    const { finder, worklist } = this.#ports;
    const isOfWorklist = context.abstractSyntax === SERVICE_CLASS.MODALITY_WORKLIST;
    if (!(isOfWorklist ? node.mayWorklist : node.mayQuery)) return refused({ status: STATUS.NOT_AUTHORIZED });
    if (missingFields(command).length > 0) return refused({ status: STATUS.DATASET_DOES_NOT_MATCH });
    if (!isOfContext(command, context)) return refused({ status: STATUS.SOP_CLASS_NOT_SUPPORTED });
    return isOfWorklist ? worklistOperation(worklist, context) : findOperation(finder, context);
  }

  #committing(node: KnownNode, command: CommandSet, context: AgreedContext): Operation {
    if (context.abstractSyntax !== SERVICE_CLASS.STORAGE_COMMITMENT_PUSH)
      return refused({ status: STATUS.UNRECOGNIZED_OPERATION });
    if (!node.mayStore) return refused({ status: STATUS.NOT_AUTHORIZED });
    if (missingFields(command).length > 0) return refused({ status: STATUS.INVALID_ARGUMENT });
    if (command.RequestedSOPClassUID !== context.abstractSyntax) return refused({ status: STATUS.NO_SUCH_CLASS });
    return commitmentOperation(this.#ports.commitment, command, context);
  }

  #stepping(node: KnownNode, command: CommandSet, context: AgreedContext): Operation {
    if (context.abstractSyntax !== SERVICE_CLASS.PERFORMED_PROCEDURE_STEP)
      return refused({ status: STATUS.UNRECOGNIZED_OPERATION });
    if (!node.mayWorklist) return refused({ status: STATUS.NOT_AUTHORIZED });
    if ((command.AffectedSOPClassUID ?? command.RequestedSOPClassUID) !== context.abstractSyntax)
      return refused({ status: STATUS.NO_SUCH_CLASS });
    if (missingFields(command).length > 0) return refused({ status: STATUS.INVALID_ARGUMENT });
    return stepOperation(this.#ports.steps, command, context);
  }

  #storing(node: KnownNode, command: CommandSet, context: AgreedContext): Operation {
    const { keeper, aeTitle, log } = this.#ports;
    if (!node.mayStore) return refused({ status: STATUS.NOT_AUTHORIZED });
    if (missingFields(command).length > 0)
      return refused({ status: STATUS.DATASET_DOES_NOT_MATCH, comment: 'The command names no instance' });
    // Who agreed to be stored at has not agreed to store (PS3.7 D.3.3.4).
    if (!isOfContext(command, context) || !context.requestorIsScu) return refused({ status: STATUS.SOP_CLASS_NOT_SUPPORTED });
    return storeOperation(keeper, { command, context, from: node.aeTitle, to: aeTitle }, (error) =>
      log.error({ node: node.id, err: error }, 'a node’s instance was not stored'),
    );
  }
}

/** What the context was agreed for is what may be asked in it (PS3.4 B.2.2). */
const isOfContext = (command: CommandSet, { abstractSyntax }: AgreedContext): boolean =>
  command.AffectedSOPClassUID === abstractSyntax;

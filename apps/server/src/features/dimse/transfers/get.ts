import type { DicomJsonObject } from '@negatoscope/dicom';
import {
  type AgreedContext,
  COMMAND,
  type CommandSet,
  HAS_DATASET,
  isAnswerTo,
  isResponse,
  missingFields,
  NO_DATASET,
  type ProposedContext,
  type RoleSelection,
  respond,
  SERVICE_CLASS,
  STATUS,
  serviceOf,
  statusKind,
} from '@negatoscope/dimse';
import type { Asked } from '../ask/asked.ts';
import type { RequestedAssociation } from '../ask/association.ts';
import { AssociationFailure } from '../ask/failure.ts';
import { writeIdentifier } from '../ask/identifier.ts';
import { oneRun } from '../ask/message.ts';
import { openAssociation } from '../ask/open-association.ts';
import { PLAIN } from '../ask/sending-contexts.ts';
import { type Answered, type Operation, refused, type Telling } from '../listen/operation.ts';
import { NotSupported, wholeDataset } from './query.ts';

export interface GetPorts {
  readonly node: Asked;
  /** SOP classes that may come; of each the transfer syntaxes. */
  readonly classes: readonly string[];
  readonly transferSyntaxes: readonly string[];
  /** What is done with an instance that comes. */
  readonly store: (command: CommandSet, context: AgreedContext) => Operation;
  /** Is told of each instance that was answered. */
  readonly stored: (answer: Answered, bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

const MOST_CONTEXTS = 128;
/** Instances that nobody asked for, one after the other: a node that sends them for ever is left. */
const MOST_REFUSED = 500;
const OF_GET = 1;
/** What is answered where nothing else can be. It says no more than a success does, and is as long. */
const NOT_STORED: Answered = { status: STATUS.PROCESSING_FAILURE };
const NOTHING_TO_TELL: Telling = {
  tell: async () => undefined,
  tellAll: async () => undefined,
  signal: new AbortController().signal,
  channel: () => Promise.reject(new NotSupported()),
};

/** A context for each class and transfer syntax: of several in one the node would choose for all it has. Of more than there is room for, the first. */
function contextsOf({ classes, transferSyntaxes }: GetPorts): ProposedContext[] {
  const pairs = classes.flatMap((abstractSyntax) => transferSyntaxes.map((uid) => ({ abstractSyntax, transferSyntaxes: [uid] })));
  const ofStorage = pairs.slice(0, MOST_CONTEXTS - 1).map((pair, index) => ({ ...pair, id: OF_GET + 2 * (index + 1) }));
  return [{ id: OF_GET, abstractSyntax: SERVICE_CLASS.STUDY_ROOT_GET, transferSyntaxes: PLAIN }, ...ofStorage];
}

/** This side performs what the node asks for in them (PS3.7 D.3.3.4, PS3.4 C.5.3). */
const rolesOf = ({ classes }: GetPorts): RoleSelection[] =>
  classes.map((sopClassUid) => ({ sopClassUid, scu: false, scp: true }));

/** Fetches instances in the association that asks for them (C-GET, PS3.4 C.4.3). Everything fails with AssociationFailure, or as `store` does. */
export class Getting {
  readonly #association: RequestedAssociation;
  readonly #ports: GetPorts;
  readonly #transferSyntax: string;
  #messageId = 0;
  #refusedInRow = 0;
  /** A request of the node is not answered yet. */
  #isTaking = false;
  #isCancelled = false;

  private constructor(association: RequestedAssociation, transferSyntax: string, ports: GetPorts) {
    this.#association = association;
    this.#transferSyntax = transferSyntax;
    this.#ports = ports;
  }

  /** Fails with NotSupported where the node has no C-GET, or sends none of the classes. */
  static async open(ports: GetPorts): Promise<Getting> {
    const { node, signal } = ports;
    const association = await openAssociation(node, { contexts: contextsOf(ports), roles: rolesOf(ports), signal });
    const ofGet = association.contexts.get(OF_GET);
    const isUsable = [...association.contexts.values()].some(({ requestorIsScp }) => requestorIsScp);
    if (ofGet !== undefined && isUsable) return new Getting(association, ofGet.transferSyntax, ports);
    association.abort();
    throw new NotSupported();
  }

  /** Resolves with the last status. */
  async get(keys: DicomJsonObject): Promise<number> {
    this.#messageId += 1;
    const request = {
      AffectedSOPClassUID: SERVICE_CLASS.STUDY_ROOT_GET,
      CommandField: COMMAND.C_GET,
      MessageID: this.#messageId,
      Priority: 0,
      CommandDataSetType: HAS_DATASET,
    };
    await this.#association.send(OF_GET, request, oneRun(writeIdentifier(keys, this.#transferSyntax)));
    for (;;) {
      const part = await this.#association.next();
      if (part.kind !== 'command') throw this.#unexpected();
      if (!isResponse(part.command)) {
        await this.#take(part.command, part.context, part.hasDataset);
        continue;
      }
      if (!isAnswerTo(request, part.command)) throw this.#unexpected();
      // A list of those that failed: what is not here is seen by what is here.
      if (part.hasDataset) await wholeDataset(this.#association);
      const status = part.command.Status ?? STATUS.PROCESSING_FAILURE;
      if (statusKind(status) !== 'pending') return status;
    }
  }

  #unexpected(): AssociationFailure {
    this.#association.abort();
    return new AssociationFailure('FAILED');
  }

  #operationFor(command: CommandSet, context: AgreedContext): Operation {
    if (serviceOf(command) !== COMMAND.C_STORE) return refused({ status: STATUS.UNRECOGNIZED_OPERATION });
    if (missingFields(command).length > 0) return refused({ status: STATUS.DATASET_DOES_NOT_MATCH });
    const isOfContext = command.AffectedSOPClassUID === context.abstractSyntax && context.requestorIsScp;
    return isOfContext ? this.#ports.store(command, context) : refused({ status: STATUS.SOP_CLASS_NOT_SUPPORTED });
  }

  /** What the node asks for in the meantime: that an instance is kept. */
  async #take(command: CommandSet, context: AgreedContext, hasDataset: boolean): Promise<void> {
    const operation = this.#operationFor(command, context);
    this.#isTaking = true;
    let bytes = 0;
    try {
      if (hasDataset) this.#association.coming(context.id, respond(command, NOT_STORED));
      for (let isLast = !hasDataset; !isLast; ) {
        const part = await this.#association.next();
        if (part.kind !== 'dataset') throw this.#unexpected();
        bytes += part.bytes.length;
        await operation.take(part.bytes);
        isLast = part.isLast;
      }
    } catch (error) {
      await operation.breakOff();
      throw error;
    }
    this.#association.coming(context.id, undefined);
    const answer = await operation.finish(NOTHING_TO_TELL);
    this.#ports.stored(answer, bytes);
    await this.#association.send(context.id, respond(command, answer));
    this.#isTaking = false;
    if (this.#isCancelled) this.cancel();
    this.#refusedInRow = statusKind(answer.status) === 'failure' ? this.#refusedInRow + 1 : 0;
    if (this.#refusedInRow >= MOST_REFUSED) throw this.#unexpected();
  }

  /** Tells the node to stop; what it does not say any more is not waited for. */
  cancel(): void {
    // An answer that was begun is told first.
    this.#isCancelled = this.#isTaking;
    if (this.#isTaking) return;
    const command = {
      CommandField: COMMAND.C_CANCEL,
      MessageIDBeingRespondedTo: this.#messageId,
      CommandDataSetType: NO_DATASET,
    };
    this.#association.send(OF_GET, command).catch(() => undefined);
  }

  release(): Promise<void> {
    return this.#association.release();
  }
}

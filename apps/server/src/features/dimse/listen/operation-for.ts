import {
  type AgreedContext,
  COMMAND,
  type CommandSet,
  missingFields,
  SERVICE_CLASS,
  STATUS,
  serviceOf,
} from '@negatoscope/dimse';
import type { Logger } from '../../../platform/log/log.ts';
import type { KnownNode } from '../nodes/known.ts';
import { commitmentOperation, type NodeCommitment } from './commitment.ts';
import { type Finder, findOperation } from './find.ts';
import { type Operation, refused } from './operation.ts';
import { isGet, isMove } from './retrieval.ts';
import { type Retriever, retrieveOperation } from './retrieve.ts';
import { type StepKeeper, stepOperation } from './steps.ts';
import { type Keeper, storeOperation } from './store.ts';
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

export interface OperationPorts extends NodeServices {
  /** One's own AE title. */
  readonly aeTitle: string;
  readonly log: Logger;
}

/** What answers a request of a node; a refusal where it may not ask, or its context was not agreed for it. */
export function operationFor(ports: OperationPorts, node: KnownNode, command: CommandSet, context: AgreedContext): Operation {
  switch (serviceOf(command)) {
    case COMMAND.C_STORE:
      return storing(ports, node, command, context);
    case COMMAND.C_FIND:
      return finding(ports, node, command, context);
    case COMMAND.C_MOVE:
      return retrieving(ports, node, command, context, isMove);
    case COMMAND.C_GET:
      return retrieving(ports, node, command, context, isGet);
    case COMMAND.N_CREATE:
    case COMMAND.N_SET:
      return stepping(ports, node, command, context);
    case COMMAND.N_ACTION:
      return committing(ports, node, command, context);
    case COMMAND.C_ECHO: {
      const isAgreed = command.AffectedSOPClassUID === undefined || isOfContext(command, context);
      return refused({ status: isAgreed ? STATUS.SUCCESS : STATUS.SOP_CLASS_NOT_SUPPORTED });
    }
    default:
      return refused({ status: STATUS.UNRECOGNIZED_OPERATION });
  }
}

function retrieving(
  ports: OperationPorts,
  node: KnownNode,
  command: CommandSet,
  context: AgreedContext,
  isOfService: (abstractSyntax: string) => boolean,
): Operation {
  if (!node.mayRetrieve) return refused({ status: STATUS.NOT_AUTHORIZED });
  if (missingFields(command).length > 0) return refused({ status: STATUS.DATASET_DOES_NOT_MATCH });
  if (!isOfContext(command, context) || !isOfService(context.abstractSyntax))
    return refused({ status: STATUS.SOP_CLASS_NOT_SUPPORTED });
  return retrieveOperation(ports.retriever, { command, context, by: node.aeTitle });
}

function finding(ports: OperationPorts, node: KnownNode, command: CommandSet, context: AgreedContext): Operation {
  const { finder, worklist } = ports;
  const isOfWorklist = context.abstractSyntax === SERVICE_CLASS.MODALITY_WORKLIST;
  if (!(isOfWorklist ? node.mayWorklist : node.mayQuery)) return refused({ status: STATUS.NOT_AUTHORIZED });
  if (missingFields(command).length > 0) return refused({ status: STATUS.DATASET_DOES_NOT_MATCH });
  if (!isOfContext(command, context)) return refused({ status: STATUS.SOP_CLASS_NOT_SUPPORTED });
  return isOfWorklist ? worklistOperation(worklist, context) : findOperation(finder, context);
}

function committing(ports: OperationPorts, node: KnownNode, command: CommandSet, context: AgreedContext): Operation {
  if (context.abstractSyntax !== SERVICE_CLASS.STORAGE_COMMITMENT_PUSH) return refused({ status: STATUS.UNRECOGNIZED_OPERATION });
  if (!node.mayStore) return refused({ status: STATUS.NOT_AUTHORIZED });
  if (missingFields(command).length > 0) return refused({ status: STATUS.INVALID_ARGUMENT });
  if (command.RequestedSOPClassUID !== context.abstractSyntax) return refused({ status: STATUS.NO_SUCH_CLASS });
  return commitmentOperation(ports.commitment, command, context);
}

function stepping(ports: OperationPorts, node: KnownNode, command: CommandSet, context: AgreedContext): Operation {
  if (context.abstractSyntax !== SERVICE_CLASS.PERFORMED_PROCEDURE_STEP)
    return refused({ status: STATUS.UNRECOGNIZED_OPERATION });
  if (!node.mayWorklist) return refused({ status: STATUS.NOT_AUTHORIZED });
  if ((command.AffectedSOPClassUID ?? command.RequestedSOPClassUID) !== context.abstractSyntax)
    return refused({ status: STATUS.NO_SUCH_CLASS });
  if (missingFields(command).length > 0) return refused({ status: STATUS.INVALID_ARGUMENT });
  return stepOperation(ports.steps, command, context);
}

/** `mayBeKept` says what the node may by now, and is asked before anything is kept. */
export function storing(
  ports: OperationPorts,
  node: KnownNode,
  command: CommandSet,
  context: AgreedContext,
  mayBeKept?: () => Promise<boolean>,
): Operation {
  const { keeper, aeTitle, log } = ports;
  if (!node.mayStore) return refused({ status: STATUS.NOT_AUTHORIZED });
  const [missing] = missingFields(command);
  if (missing !== undefined) {
    const comment = missing === 'CommandDataSetType' ? 'The command has no dataset' : 'The command names no instance';
    return refused({ status: STATUS.DATASET_DOES_NOT_MATCH, comment });
  }
  // Who agreed to be stored at has not agreed to store (PS3.7 D.3.3.4).
  if (!isOfContext(command, context) || !context.requestorIsScu) return refused({ status: STATUS.SOP_CLASS_NOT_SUPPORTED });
  const request = { command, context, from: node.aeTitle, to: aeTitle, ...(mayBeKept === undefined ? {} : { mayBeKept }) };
  return storeOperation(keeper, request, (error) => log.error({ node: node.id, err: error }, 'a node’s instance was not stored'));
}

/** What the context was agreed for is what may be asked in it (PS3.4 B.2.2). */
const isOfContext = (command: CommandSet, { abstractSyntax }: AgreedContext): boolean =>
  command.AffectedSOPClassUID === abstractSyntax;

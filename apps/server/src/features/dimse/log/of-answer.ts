import type { NodeEventKind } from '@negatoscope/contract';
import { type AgreedContext, type Answer, COMMAND, type CommandSet, SERVICE_CLASS, serviceOf } from '@negatoscope/dimse';
import { codeOfReason, codeOfStatus, outcomeOf } from './codes.ts';
import type { NodeEvent } from './events.ts';

/** A request of a node that was answered. */
export interface AnsweredRequest {
  readonly command: CommandSet;
  readonly context: AgreedContext;
  /** The last answer; `reason` is what is known of an instance. */
  readonly answer: Answer & { readonly reason?: string | undefined };
  /** Answers before the last: matches. */
  readonly told: number;
  /** Of the dataset that came with it. */
  readonly bytes: number;
  readonly ms: number;
}

function kindOf(command: CommandSet, { abstractSyntax }: AgreedContext): NodeEventKind {
  switch (serviceOf(command)) {
    case COMMAND.C_ECHO:
      return 'ECHO';
    case COMMAND.C_STORE:
      return 'STORE';
    case COMMAND.C_FIND:
      return abstractSyntax === SERVICE_CLASS.MODALITY_WORKLIST ? 'WORKLIST' : 'QUERY';
    case COMMAND.C_GET:
    case COMMAND.C_MOVE:
      return 'RETRIEVE';
    case COMMAND.N_ACTION:
    case COMMAND.N_EVENT_REPORT:
      return 'COMMITMENT';
    case COMMAND.N_CREATE:
    case COMMAND.N_SET:
      return 'STEP';
    default:
      return 'OTHER';
  }
}

/** What the log says of a request that was answered. */
export function eventOfAnswer(nodeId: string, { command, context, answer, told, bytes, ms }: AnsweredRequest): NodeEvent {
  const kind = kindOf(command, context);
  const outcome = outcomeOf(answer.status);
  const code = codeOfReason(answer.reason) ?? codeOfStatus(answer.status);
  const base = { nodeId, kind, isOurs: false, outcome, code, status: answer.status, bytes, ms };
  if (answer.counts !== undefined) {
    const { completed, warning, failed } = answer.counts;
    return { ...base, done: completed, warned: warning, failed };
  }
  if (kind === 'QUERY' || kind === 'WORKLIST') return { ...base, done: told };
  const counts = { done: outcome === 'OK' ? 1 : 0, warned: outcome === 'WARNING' ? 1 : 0, failed: outcome === 'FAILED' ? 1 : 0 };
  // Of what was kept there may be very many.
  return outcome === 'OK' ? { ...base, ...counts } : { ...base, ...counts, instanceUid: uidOf(command) };
}

/** A peer may write anything there. */
function uidOf({ AffectedSOPInstanceUID: uid, RequestedSOPInstanceUID: other }: CommandSet): string | undefined {
  const said = uid ?? other ?? '';
  return /^[0-9.]{1,64}$/.test(said) ? said : undefined;
}

import type { NodeEventCode } from '@negatoscope/contract';
import type { Caller } from '../log/events.ts';
import type { AnsweredRequest } from '../log/of-answer.ts';

/** Who is told what happens, to keep it in the log of the node. Nothing of it takes time. */
export interface Happenings {
  accepted(nodeId: string): void;
  /** An association that did not end as it should. */
  broken(nodeId: string, code: NodeEventCode): void;
  answered(nodeId: string, request: AnsweredRequest): void;
  sentAway(caller: Caller): void;
}

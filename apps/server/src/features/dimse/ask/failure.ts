import type { NodeTrial } from '@negatoscope/contract';
import { type AssociateReject, REJECT } from '@negatoscope/dimse';

/** How an association with a node failed, in the words of the page; `CANCELLED`: whoever wanted it wants it no more. */
export class AssociationFailure extends Error {
  readonly outcome: Exclude<NodeTrial['outcome'], 'OK'> | 'CANCELLED';
  /** Why it was refused, as far as the node said. */
  readonly reason: NodeTrial['reason'];

  constructor(outcome: AssociationFailure['outcome'], reason: NodeTrial['reason'] = null, cause?: unknown) {
    super(`DICOM association: ${outcome}`, cause === undefined ? undefined : { cause });
    this.name = 'AssociationFailure';
    this.outcome = outcome;
    this.reason = reason;
  }
}

export function refusalOf({ result, source, reason }: AssociateReject): AssociationFailure {
  const is = (other: AssociateReject): boolean => source === other.source && reason === other.reason;
  if (is(REJECT.CALLING_AET)) return new AssociationFailure('REFUSED', 'CALLING_AET');
  if (is(REJECT.CALLED_AET)) return new AssociationFailure('REFUSED', 'CALLED_AET');
  return new AssociationFailure('REFUSED', result === 2 ? 'BUSY' : null);
}

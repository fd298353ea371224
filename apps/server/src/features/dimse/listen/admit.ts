import { type AssociateReject, type AssociateRequest, REJECT, refusalOf } from '@negatoscope/dimse';
import type { Logger } from '../../../platform/log/log.ts';
import { WITHOUT_TLS } from '../log/codes.ts';
import type { Calling, KnownNode } from '../nodes/known.ts';
import type { AssociationPorts } from './association-ports.ts';

/** Who asks, or why they are refused. An unknown title, a known one from elsewhere and one without its TLS are told the same. */
export async function admit(
  request: AssociateRequest,
  from: Pick<Calling, 'remoteAddress' | 'isSecure'>,
  { aeTitle, findNode, hasRoom }: AssociationPorts,
  log: Logger,
): Promise<KnownNode | AssociateReject> {
  const refusal = refusalOf(request);
  if (refusal !== undefined) return refusal;
  if (!hasRoom()) return REJECT.LIMIT;
  if (request.calledAet !== aeTitle) return REJECT.CALLED_AET;
  try {
    const found = await findNode({ aeTitle: request.callingAet, ...from });
    return found === 'TLS_REQUIRED' ? WITHOUT_TLS : (found ?? REJECT.CALLING_AET);
  } catch (error) {
    log.error({ err: error }, 'who asks for an association could not be looked up');
    return REJECT.CONGESTION;
  }
}

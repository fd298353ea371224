import type { Asked } from './asked.ts';
import { RequestedAssociation } from './association.ts';
import type { AssociationOptions } from './association-request.ts';
import { AssociationFailure } from './failure.ts';
import { socketOf } from './tls.ts';

/** Opens an association with a node. Fails with AssociationFailure: NO_ADDRESS for a network, which is nobody's address. */
export async function openAssociation(asked: Asked, options: AssociationOptions): Promise<RequestedAssociation> {
  if (asked.host.includes('/')) throw new AssociationFailure('NO_ADDRESS');
  const socket = socketOf(asked);
  const association = new RequestedAssociation(socket, asked, options);
  await association.established();
  return association;
}

import type { NodeEventCode } from '@negatoscope/contract';
import { hasArm, mayFill, type Person, type Service, scopeOf } from '../../../access/index.ts';
import { NEEDED, type TransferPorts } from './ports.ts';
import * as repository from './repository.ts';
import type { Claimed } from './work-repository.ts';

export interface Admitted {
  readonly person: Person;
  readonly node: repository.UsableNodeRow;
}

/** Who asked, and the node, as they are now; or why it may not be any more. */
export async function admit(
  { db, personOf }: Pick<TransferPorts, 'db' | 'personOf'>,
  by: Service,
  transfer: Claimed,
): Promise<Admitted | { readonly refused: NodeEventCode }> {
  const refused = { refused: 'NOT_AUTHORIZED' } as const;
  const found = transfer.user_id === null ? undefined : await personOf(transfer.user_id, transfer.token_id);
  if (found === undefined) return refused;
  const permissions = new Set([...found.permissions].filter((permission) => transfer.permissions.includes(permission)));
  const person = { ...found, permissions };
  if (!NEEDED[transfer.kind].every((permission) => permissions.has(permission))) return refused;
  if (transfer.kind === 'RETRIEVE' && !mayFill(person, transfer.group_id) && !hasArm(scopeOf(person), 'all')) return refused;
  const node = await db.reading(scopeOf(by), (tx) => repository.usableNode(tx, scopeOf(person), transfer.node_id));
  const isUsable = transfer.kind === 'SEND' ? node?.takes_studies : node?.may_be_asked;
  return node === undefined || isUsable !== true ? { refused: 'NODE_GONE' } : { person, node };
}

const placeOf = ({ host, port, ae_title, group_id, uses_tls, tls_fingerprint }: repository.UsableNodeRow): string =>
  JSON.stringify([host, port, ae_title, group_id, uses_tls, tls_fingerprint]);

/** Why what was begun may not go on; undefined where it may: who asked sees what they saw, and the node is where it was. */
export function changeSince(before: Admitted, now: Admitted | { readonly refused: NodeEventCode }): NodeEventCode | undefined {
  if ('refused' in now) return now.refused;
  if (JSON.stringify(scopeOf(now.person)) !== JSON.stringify(scopeOf(before.person))) return 'NOT_AUTHORIZED';
  return placeOf(now.node) === placeOf(before.node) ? undefined : 'NODE_GONE';
}

import { ProtocolError } from '../errors.ts';
import { ByteSource } from './byte-source.ts';
import { ITEM } from './codes.ts';
import type { AnsweredContext, AssociateAccept, AssociateRequest, ProposedContext, UserInformation } from './types.ts';
import { NO_USER_INFORMATION, readUserInformation } from './user-information.ts';

/** What a request and an answer have in common, and the contents of their contexts. */
interface Read extends Omit<AssociateRequest, 'contexts'> {
  readonly contexts: readonly ByteSource[];
}

function readAssociate(body: Uint8Array, contextItem: number): Read {
  const source = new ByteSource(body);
  const protocolVersion = source.u16();
  const calledAet = source.skip(2).text(16);
  const callingAet = source.text(16);
  source.skip(32);
  let applicationContext = '';
  let user: UserInformation = NO_USER_INFORMATION;
  const contexts: ByteSource[] = [];
  // Items that are not known are left alone (PS3.8 9.3.1).
  for (const { type, content } of source.items()) {
    if (type === ITEM.APPLICATION_CONTEXT) applicationContext = content.text(content.left);
    else if (type === ITEM.USER_INFORMATION) user = readUserInformation(content);
    else if (type === contextItem) contexts.push(content);
  }
  return { protocolVersion, calledAet, callingAet, applicationContext, user, contexts };
}

function readProposed(content: ByteSource): ProposedContext {
  const id = content.u8();
  content.skip(3);
  let abstractSyntax = '';
  const transferSyntaxes: string[] = [];
  for (const { type, content: syntax } of content.items()) {
    if (type === ITEM.ABSTRACT_SYNTAX) abstractSyntax = syntax.text(syntax.left);
    else if (type === ITEM.TRANSFER_SYNTAX) transferSyntaxes.push(syntax.text(syntax.left));
  }
  return { id, abstractSyntax, transferSyntaxes };
}

function readAnswered(content: ByteSource): AnsweredContext {
  const id = content.u8();
  const result = content.skip(1).u8();
  content.skip(1);
  let transferSyntax = '';
  for (const { type, content: syntax } of content.items()) {
    if (type === ITEM.TRANSFER_SYNTAX) transferSyntax = syntax.text(syntax.left);
  }
  return { id, result, transferSyntax };
}

/** Ids are odd, each once (PS3.8 9.3.2.2). Fails with CONTEXT_ID. */
function requireIds(contexts: readonly { readonly id: number }[]): void {
  const seen = new Set<number>();
  for (const { id } of contexts) {
    if (id % 2 === 0 || seen.has(id)) throw new ProtocolError('CONTEXT_ID', { id });
    seen.add(id);
  }
}

/** The body of an A-ASSOCIATE-RQ. Fails with ITEM_LENGTH or CONTEXT_ID. */
export function decodeAssociateRequest(body: Uint8Array): AssociateRequest {
  const { contexts, ...rest } = readAssociate(body, ITEM.PROPOSED_CONTEXT);
  const proposed = contexts.map(readProposed);
  requireIds(proposed);
  return { ...rest, contexts: proposed };
}

/** The body of an A-ASSOCIATE-AC. Fails with ITEM_LENGTH or CONTEXT_ID. */
export function decodeAssociateAccept(body: Uint8Array): AssociateAccept {
  const { contexts, ...rest } = readAssociate(body, ITEM.ANSWERED_CONTEXT);
  const answered = contexts.map(readAnswered);
  requireIds(answered);
  return { ...rest, contexts: answered };
}

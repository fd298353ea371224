import { ProtocolError } from '../errors.ts';
import {
  type AnsweredContext,
  type AssociateAccept,
  type AssociateReject,
  type AssociateRequest,
  CONTEXT_RESULT,
  DICOM_APPLICATION_CONTEXT,
  type ProposedContext,
  REJECT,
  type RoleSelection,
} from '../pdu/types.ts';

/** A presentation context both sides agreed on. */
export interface AgreedContext {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntax: string;
  /** Whether the requestor of the association may ask for operations in it, and whether it may perform them (PS3.7 D.3.3.4). */
  readonly requestorIsScu: boolean;
  readonly requestorIsScp: boolean;
}
export type AgreedContexts = ReadonlyMap<number, AgreedContext>;

export interface Implementation {
  readonly classUid: string;
  readonly version: string;
}

export interface AcceptorPolicy {
  readonly implementation: Implementation;
  /** Of what is received. */
  readonly maxLength: number;
  /** What is taken of an abstract syntax; undefined when it is not served. */
  offer(abstractSyntax: string):
    | {
        takes(transferSyntax: string): boolean;
        /** Whether the requestor may ask for its operations; it may when left out. */
        readonly requestorMayBeScu?: boolean;
        /** Whether the requestor may perform its operations: to be sent instances of a C-GET. */
        readonly requestorMayBeScp?: boolean;
      }
    | undefined;
}

const IMPLICIT = '1.2.840.10008.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
/** A P-DATA-TF that holds a value of one word at least. */
const LEAST_MAX_LENGTH = 8;

/** A UID that can be repeated to who sent it. */
const isUid = (text: string): boolean => /^[0-9.]{1,64}$/.test(text);
const isTitle = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/**
 * The first that is proposed and taken, so that what is stored comes as it is; Explicit VR goes before Implicit VR Little Endian, which
 * loses the VRs of private elements and which every sender of the one can also write.
 */
function chosen(proposed: readonly string[], takes: (uid: string) => boolean): string | undefined {
  const first = proposed.find((uid) => isUid(uid) && takes(uid));
  return first === IMPLICIT && proposed.includes(EXPLICIT) && takes(EXPLICIT) ? EXPLICIT : first;
}

function rolesOf(request: AssociateRequest, policy: AcceptorPolicy): Map<string, RoleSelection> {
  const roles = new Map<string, RoleSelection>();
  for (const { sopClassUid, scu, scp } of request.user.roles) {
    const offer = isUid(sopClassUid) ? policy.offer(sopClassUid) : undefined;
    if (offer === undefined) continue;
    roles.set(sopClassUid, {
      sopClassUid,
      scu: scu && offer.requestorMayBeScu !== false,
      scp: scp && offer.requestorMayBeScp === true,
    });
  }
  return roles;
}

function answer(
  { id, abstractSyntax, transferSyntaxes }: ProposedContext,
  policy: AcceptorPolicy,
  role: RoleSelection | undefined,
): AnsweredContext {
  const offer = policy.offer(abstractSyntax);
  // A refusal names a transfer syntax that means nothing (PS3.8 9.3.3.2).
  const refuse = (result: number): AnsweredContext => ({ id, result, transferSyntax: IMPLICIT });
  // Where neither side may ask for anything there is nothing to be agreed on; who says nothing of roles is the one that asks.
  const isOfUse = role === undefined ? offer?.requestorMayBeScu !== false : role.scu || role.scp;
  if (offer === undefined || !isOfUse) return refuse(CONTEXT_RESULT.ABSTRACT_SYNTAX_NOT_SUPPORTED);
  const transferSyntax = chosen(transferSyntaxes, (uid) => offer.takes(uid));
  if (transferSyntax === undefined) return refuse(CONTEXT_RESULT.TRANSFER_SYNTAXES_NOT_SUPPORTED);
  return { id, result: CONTEXT_RESULT.ACCEPTED, transferSyntax };
}

/** What can't be spoken with at all; undefined when it can. */
export function refusalOf(request: AssociateRequest): AssociateReject | undefined {
  if (request.applicationContext !== DICOM_APPLICATION_CONTEXT) return REJECT.APPLICATION_CONTEXT;
  // What is not ASCII is no title (PS3.5 6.2), and could not be repeated in an answer.
  if (!isTitle(request.calledAet)) return REJECT.CALLED_AET;
  if (!isTitle(request.callingAet)) return REJECT.CALLING_AET;
  const { maxLength } = request.user;
  return maxLength !== 0 && maxLength < LEAST_MAX_LENGTH ? REJECT.NO_REASON : undefined;
}

/** The answer to a request (PS3.7 D.3, PS3.8 9.3.3): one operation at a time, no extended negotiation, no user identity. */
export function negotiate(
  request: AssociateRequest,
  policy: AcceptorPolicy,
): { readonly accept: AssociateAccept; readonly contexts: AgreedContexts } {
  const roles = rolesOf(request, policy);
  const { implementation, maxLength } = policy;
  const accept: AssociateAccept = {
    protocolVersion: 1,
    calledAet: request.calledAet,
    callingAet: request.callingAet,
    applicationContext: DICOM_APPLICATION_CONTEXT,
    contexts: request.contexts.map((context) => answer(context, policy, roles.get(context.abstractSyntax))),
    user: {
      maxLength,
      implementationClassUid: implementation.classUid,
      implementationVersion: implementation.version,
      ...(request.user.asynchronousWindow === undefined ? {} : { asynchronousWindow: { invoked: 1, performed: 1 } }),
      roles: [...roles.values()],
      extended: [],
      commonExtended: [],
    },
  };
  return { accept, contexts: agreedContexts(request, accept) };
}

/** What a request and its answer agree on. Fails with ANSWER_NOT_PROPOSED or MAX_LENGTH for an answer that is none. */
export function agreedContexts(request: AssociateRequest, accept: AssociateAccept): AgreedContexts {
  const { maxLength } = accept.user;
  if (maxLength !== 0 && maxLength < LEAST_MAX_LENGTH) throw new ProtocolError('MAX_LENGTH', { maxLength });
  const proposed = new Map(request.contexts.map((context) => [context.id, context]));
  const proposedRoles = new Map(request.user.roles.map((role) => [role.sopClassUid, role]));
  const roles = new Map(accept.user.roles.map((role) => [role.sopClassUid, role]));
  const agreed = new Map<number, AgreedContext>();
  for (const { id, result, transferSyntax } of accept.contexts) {
    const context = proposed.get(id);
    if (context === undefined) throw new ProtocolError('ANSWER_NOT_PROPOSED', { id });
    if (result !== CONTEXT_RESULT.ACCEPTED) continue;
    if (!context.transferSyntaxes.includes(transferSyntax)) throw new ProtocolError('ANSWER_NOT_PROPOSED', { id });
    const { abstractSyntax } = context;
    // Nobody is given a role that was not asked for; without an answer the roles are the usual ones.
    const asked = proposedRoles.get(abstractSyntax);
    const given = asked === undefined ? undefined : roles.get(abstractSyntax);
    agreed.set(id, {
      id,
      abstractSyntax,
      transferSyntax,
      requestorIsScu: given === undefined || (given.scu && asked?.scu === true),
      requestorIsScp: given?.scp === true && asked?.scp === true,
    });
  }
  return agreed;
}

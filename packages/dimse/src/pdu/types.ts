/** Protocol data units of PS3.8 9.3, as values. UIDs and titles are without padding; lengths are in bytes. */

/** The one application context there is (PS3.7 A.2.1). */
export const DICOM_APPLICATION_CONTEXT = '1.2.840.10008.3.1.1.1';

export interface ProposedContext {
  /** Odd, 1 to 255. */
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

/** Results of a presentation context (PS3.8 table 9-18). */
export const CONTEXT_RESULT = {
  ACCEPTED: 0,
  USER_REJECTION: 1,
  NO_REASON: 2,
  ABSTRACT_SYNTAX_NOT_SUPPORTED: 3,
  TRANSFER_SYNTAXES_NOT_SUPPORTED: 4,
} as const;

export interface AnsweredContext {
  readonly id: number;
  /** One of `CONTEXT_RESULT`; others are refusals, too. */
  readonly result: number;
  /** Means something when accepted only. */
  readonly transferSyntax: string;
}

/** PS3.7 D.3.3.4. */
export interface RoleSelection {
  readonly sopClassUid: string;
  readonly scu: boolean;
  readonly scp: boolean;
}

/** PS3.7 D.3.3.5: what a service class says of itself. */
export interface ExtendedNegotiation {
  readonly sopClassUid: string;
  readonly information: Uint8Array;
}

/** PS3.7 D.3.3.6. */
export interface CommonExtendedNegotiation {
  readonly sopClassUid: string;
  readonly serviceClassUid: string;
  readonly relatedSopClassUids: readonly string[];
}

/** PS3.7 D.3.3.7: 1 a name, 2 a name and a passcode, 3 Kerberos, 4 SAML, 5 JWT. */
export interface UserIdentity {
  readonly type: number;
  readonly wantsResponse: boolean;
  readonly primary: Uint8Array;
  readonly secondary: Uint8Array;
}

/** PS3.7 D.3.3.3: operations at the same time, 0 for any number. */
export interface AsynchronousWindow {
  readonly invoked: number;
  readonly performed: number;
}

/** User information (PS3.8 D.1, PS3.7 D.3.3). */
export interface UserInformation {
  /** Longest P-DATA-TF that may be sent to who says so, without its first six bytes; 0: any. */
  readonly maxLength: number;
  readonly implementationClassUid: string;
  readonly implementationVersion?: string;
  readonly asynchronousWindow?: AsynchronousWindow;
  readonly roles: readonly RoleSelection[];
  readonly extended: readonly ExtendedNegotiation[];
  readonly commonExtended: readonly CommonExtendedNegotiation[];
  /** Of a request. */
  readonly userIdentity?: UserIdentity;
  /** Of an answer. */
  readonly userIdentityResponse?: Uint8Array;
}

interface Associate {
  /** Bit 0 says version 1, the only one (PS3.8 9.3.2). */
  readonly protocolVersion: number;
  readonly calledAet: string;
  readonly callingAet: string;
  readonly applicationContext: string;
  readonly user: UserInformation;
}

export interface AssociateRequest extends Associate {
  readonly contexts: readonly ProposedContext[];
}

export interface AssociateAccept extends Associate {
  readonly contexts: readonly AnsweredContext[];
}

/** PS3.8 table 9-21. */
export interface AssociateReject {
  /** 1 permanent, 2 transient. */
  readonly result: number;
  /** 1 the user, 2 the provider (ACSE), 3 the provider (presentation). */
  readonly source: number;
  readonly reason: number;
}

export const REJECT = {
  APPLICATION_CONTEXT: { result: 1, source: 1, reason: 2 },
  CALLING_AET: { result: 1, source: 1, reason: 3 },
  CALLED_AET: { result: 1, source: 1, reason: 7 },
  NO_REASON: { result: 1, source: 1, reason: 1 },
  PROTOCOL_VERSION: { result: 1, source: 2, reason: 2 },
  CONGESTION: { result: 2, source: 3, reason: 1 },
  LIMIT: { result: 2, source: 3, reason: 2 },
} as const satisfies Record<string, AssociateReject>;

export interface Abort {
  /** 0 the user, 2 the provider. */
  readonly source: number;
  readonly reason: number;
}

/** A run of a presentation data value. A long value comes in several: only its last run may be the last of the message's part. */
export interface DataPiece {
  readonly contextId: number;
  /** Of the command set, else of the dataset. */
  readonly isCommand: boolean;
  /** The command set or the dataset ends with it. */
  readonly isLast: boolean;
  /** A view into what was read. */
  readonly bytes: Uint8Array;
}

/** What was read of PDUs, in order. */
export type PduEvent =
  | { readonly kind: 'associate-rq'; readonly request: AssociateRequest }
  | { readonly kind: 'associate-ac'; readonly accept: AssociateAccept }
  | { readonly kind: 'associate-rj'; readonly reject: AssociateReject }
  | { readonly kind: 'data'; readonly piece: DataPiece }
  | { readonly kind: 'release-rq' }
  | { readonly kind: 'release-rp' }
  | { readonly kind: 'abort'; readonly abort: Abort };

import { type AssociateRequest, DICOM_APPLICATION_CONTEXT, type ProposedContext, type RoleSelection } from '@negatoscope/dimse';
import { IMPLEMENTATION } from '../../../kernel/implementation.ts';
import type { Asked, Patience } from './asked.ts';

export interface AssociationOptions {
  readonly contexts: readonly ProposedContext[];
  /** Of SOP classes in whose contexts the node is to perform or ask otherwise than usual (PS3.7 D.3.3.4). */
  readonly roles?: readonly RoleSelection[];
  readonly patience?: Partial<Patience>;
  /** Aborts the association at once. */
  readonly signal?: AbortSignal | undefined;
}

/** Longest P-DATA-TF that is taken. */
export const MAX_LENGTH = 131_072;

export const requestOf = ({ aeTitle, callingAet }: Asked, { contexts, roles = [] }: AssociationOptions): AssociateRequest => ({
  protocolVersion: 1,
  calledAet: aeTitle,
  callingAet,
  applicationContext: DICOM_APPLICATION_CONTEXT,
  contexts,
  user: {
    maxLength: MAX_LENGTH,
    implementationClassUid: IMPLEMENTATION.classUid,
    implementationVersion: IMPLEMENTATION.version,
    roles,
    extended: [],
    commonExtended: [],
  },
});

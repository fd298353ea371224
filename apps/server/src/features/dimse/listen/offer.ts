import { EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN, TRANSFER_SYNTAXES } from '@negatoscope/dicom';
import { type AcceptorPolicy, SERVICE_CLASS } from '@negatoscope/dimse';
import type { KnownNode } from '../nodes/known.ts';
import { isGet, isMove } from './retrieval.ts';

const OF_DICOM = '1.2.840.10008.';
const OF_STORAGE = '1.2.840.10008.5.1.4.1.1.';

/**
 * Whether instances of a class are stored: those of the standard, and those that makers have of their own, which is what a class outside of the
 * standard's root nearly always is; a request that is no C-STORE is refused there when it comes.
 */
export const isStorageClass = (uid: string): boolean => uid.startsWith(OF_STORAGE) || !uid.startsWith(OF_DICOM);

const isQuery = (uid: string): boolean => uid === SERVICE_CLASS.PATIENT_ROOT_FIND || uid === SERVICE_CLASS.STUDY_ROOT_FIND;
const isOfOrders = (uid: string): boolean =>
  uid === SERVICE_CLASS.MODALITY_WORKLIST || uid === SERVICE_CLASS.PERFORMED_PROCEDURE_STEP;
const takesPlain = (uid: string): boolean => uid === IMPLICIT_VR_LITTLE_ENDIAN || uid === EXPLICIT_VR_LITTLE_ENDIAN;
/** Every one that is known: a dataset is kept as it comes. */
const takesAny = (uid: string): boolean => TRANSFER_SYNTAXES.has(uid);

type Rights = Pick<KnownNode, 'mayStore' | 'mayQuery' | 'mayRetrieve' | 'mayWorklist'>;

/** What a node is offered: an echo, storage and its commitment where it may send, queries where it may ask, retrieval and to be stored at where it may retrieve, what films are asked of it. */
export const offerTo =
  ({ mayStore, mayQuery, mayRetrieve, mayWorklist }: Rights): AcceptorPolicy['offer'] =>
  (abstractSyntax) => {
    if (abstractSyntax === SERVICE_CLASS.VERIFICATION) return { takes: takesPlain };
    if (isQuery(abstractSyntax)) return mayQuery ? { takes: takesPlain } : undefined;
    if (isMove(abstractSyntax) || isGet(abstractSyntax)) return mayRetrieve ? { takes: takesPlain } : undefined;
    if (abstractSyntax === SERVICE_CLASS.STORAGE_COMMITMENT_PUSH) return mayStore ? { takes: takesPlain } : undefined;
    if (isOfOrders(abstractSyntax)) return mayWorklist ? { takes: takesPlain } : undefined;
    if (!(mayStore || mayRetrieve) || !isStorageClass(abstractSyntax)) return undefined;
    return { takes: takesAny, requestorMayBeScu: mayStore, requestorMayBeScp: mayRetrieve };
  };

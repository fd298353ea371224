import type { ReencodedPiece } from '../reencode/index.ts';
import type { ByteSpace, DicomJsonObject } from '../types.ts';
import type { DecidedPixels } from './mask/decided.ts';

/** Options of PS3.15 E.3. The last two only write their codes: who asks for them says that the pixels were cleaned. */
export const DEID_OPTIONS = [
  'retainSafePrivate',
  'retainUids',
  'retainDeviceIdentity',
  'retainInstitutionIdentity',
  'retainPatientCharacteristics',
  'retainFullDates',
  'retainModifiedDates',
  'cleanDescriptors',
  'cleanStructuredContent',
  'cleanGraphics',
  'cleanPixelData',
  'cleanRecognisableFeatures',
] as const;
export type DeidOption = (typeof DEID_OPTIONS)[number];

/** A private element known to be safe: its creator to the letter, its group, the low byte of its element, and the VR it must have. */
export interface SafePrivateElement {
  readonly creator: string;
  readonly group: number;
  readonly element: number;
  readonly vr: string;
}

export interface DeidProfile {
  /** Full and modified dates exclude each other. */
  readonly options: ReadonlySet<DeidOption>;
  readonly safePrivate?: readonly SafePrivateElement[];
  /** All else goes, whatever the table says of it. */
  readonly only?: ReadonlySet<string>;
  /** UIDs by which what is shown is asked for: they stay as they are. */
  readonly addresses?: ReadonlySet<string>;
}

/** What stands in the place of the patient's identity: the same in all files of a patient in a project. */
export interface DeidSubstitutes {
  readonly uid: (original: string) => string;
  readonly patientId: string;
  readonly patientName: string;
  /** Whole days, for modified dates. */
  readonly shiftDays: number;
}

export type DeidDone = 'removed' | 'emptied' | 'dummy' | 'uid' | 'shifted' | 'cleaned' | 'kept' | 'replaced' | 'added';
export type DeidRule =
  | 'table'
  | 'unnamed'
  | 'private'
  | 'group'
  | 'date'
  | 'structured'
  | 'descriptor'
  | 'identity'
  | 'behindPixels'
  | 'method'
  | 'jpegComment'
  | 'person';

/** What was done to an attribute; `path` as in BulkDataRef. Carries no value. What is kept is told only where a row names it. */
export interface DeidAction {
  readonly path: string;
  readonly done: DeidDone;
  readonly rule: DeidRule;
}

/** Of CID 7050, scheme DCM. */
export interface DeidCode {
  readonly value: string;
  readonly meaning: string;
}

export interface DeidDataset {
  readonly output: DicomJsonObject;
  readonly actions: readonly DeidAction[];
  readonly codes: readonly DeidCode[];
}

/** Why an instance can't leave. */
export type DeidRefusalCode =
  | 'ENCAPSULATED_DOCUMENT'
  | 'NO_SOP_CLASS'
  | 'STRUCTURED_CONTENT'
  | 'WAVEFORM_OR_OTHER'
  | 'PIXELS_DAMAGED'
  | 'PIXELS_NOT_CLEARED'
  | 'NAME_IN_PIXELS'
  | 'PIXELS_TOO_LARGE';

/** An instance of which nothing may leave; carries no values. */
export class DeidRefusal extends Error {
  readonly code: DeidRefusalCode;

  constructor(code: DeidRefusalCode) {
    super(`An instance can't be de-identified: ${code}`);
    this.name = 'DeidRefusal';
    this.code = code;
  }
}

export interface DeidFileRequest {
  readonly profile: DeidProfile;
  readonly substitutes: DeidSubstitutes;
  /** (0002,0012) and (0002,0013). */
  readonly implementation: { readonly classUid: string; readonly version: string };
  /** Undefined where nobody looked at the pixels. */
  readonly decided?: DecidedPixels;
}

export interface DeidFile extends DeidDataset {
  /** The whole new file in order; pixel bytes are runs of `space`. */
  readonly pieces: readonly ReencodedPiece[];
  readonly space: ByteSpace;
  /** First byte of the dataset in the file that was read. */
  readonly datasetOffset: number;
  readonly sizeBytes: number;
  /** Of the result: Explicit VR Little Endian, or the encapsulated syntax as it was. */
  readonly transferSyntaxUid: string;
  readonly sopClassUid: string;
  /** Of the result. */
  readonly sopInstanceUid: string;
  /** The header that was read: to be shown beside the new one to who may see it, never to be given away. */
  readonly original: DicomJsonObject;
}

import {
  DicomError,
  type DicomJsonElement,
  type DicomJsonObject,
  EXPLICIT_VR_LITTLE_ENDIAN,
  fileStart,
  parsePart10,
  writeBareDataset,
} from '@negatoscope/dicom';
import { type Answer, STATUS } from '@negatoscope/dimse';
import { IMPLEMENTATION } from '../../../kernel/implementation.ts';
import { Gathered } from './gathered.ts';

/** Query/Retrieve Level. */
export const QUERY_LEVEL = '00080052';

/** The dataset of a request as it comes: no more of it is kept than an identifier has. */
export class GatheredIdentifier {
  readonly #gathered = new Gathered();

  take(bytes: Uint8Array): void {
    this.#gathered.add(bytes);
  }

  leave(): void {
    this.#gathered.leave();
  }

  /** The identifier with its level, or the status of one that is none. */
  read(transferSyntaxUid: string): { readonly identifier: DicomJsonObject; readonly level: string } | Answer {
    if (this.#gathered.isTooLong) return { status: STATUS.OUT_OF_RESOURCES, comment: 'The identifier is too long' };
    const identifier = readIdentifier(this.#gathered.bytes, transferSyntaxUid);
    if (identifier === undefined) return { status: STATUS.CANNOT_UNDERSTAND, comment: 'The identifier can not be read' };
    return { identifier, level: keyText(identifier[QUERY_LEVEL] ?? { vr: 'CS' }) };
  }
}

export const NO_SUCH_LEVEL: Answer = {
  status: STATUS.DATASET_DOES_NOT_MATCH,
  OffendingElement: [QUERY_LEVEL],
  comment: 'No such query level',
};

/** The identifier of a request (PS3.4 C.4.1.1.3); undefined for what is none. */
export function readIdentifier(bytes: Uint8Array, transferSyntaxUid: string): DicomJsonObject | undefined {
  const start = fileStart({ sopClassUid: '', sopInstanceUid: '' }, { transferSyntaxUid, implementation: IMPLEMENTATION });
  const file = new Uint8Array(start.length + bytes.length);
  file.set(start);
  file.set(bytes, start.length);
  try {
    return parsePart10(file).json;
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}

export const writeIdentifier = (json: DicomJsonObject, transferSyntaxUid: string): Uint8Array =>
  writeBareDataset(json, { isExplicit: transferSyntaxUid === EXPLICIT_VR_LITTLE_ENDIAN });

/** The values of a key as one text, as PS3.5 6.4 joins them. */
export function keyText({ Value = [] }: DicomJsonElement): string {
  const texts = Value.map((value) => {
    if (typeof value === 'object' && value !== null) {
      const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as Record<string, string>; // A name's groups: sequences are left out before.
      return [Alphabetic, Ideographic, Phonetic].join('=').replace(/=+$/, '');
    }
    return value === null ? '' : String(value);
  });
  return texts.join('\\').trim();
}

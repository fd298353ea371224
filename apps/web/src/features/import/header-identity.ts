import type { HeaderIdentity } from '@negatoscope/contract';
import {
  type ByteRequest,
  type DicomJsonObject,
  formatPersonName,
  glimpse,
  jsonPersonName,
  jsonString,
  parsePersonName,
  part10Reader,
  readGlimpse,
} from '@negatoscope/dicom';

/** Bytes by range: of a file that a person chose, or of an entry of a ZIP. */
export interface ByteSource {
  readonly sizeBytes: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

export const ofBlob = (blob: Blob): ByteSource => ({
  sizeBytes: blob.size,
  read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
});

/** Specific Character Set, then name, Patient ID, its issuer and birth date. */
const TAGS = [0x00080005, 0x00100010, 0x00100020, 0x00100021, 0x00100030];
/** Most headers end before; a longer one is read piece by piece. */
const START_BYTES = 64 * 1024;

/** The header by the reader that the server has; undefined for what is no plain DICOM. */
async function wholeHeader(source: ByteSource): Promise<DicomJsonObject | undefined> {
  const reader = part10Reader(source.sizeBytes);
  const supply = ({ space, offset, length }: ByteRequest): Promise<Uint8Array> => {
    if (space !== 'file') throw new Error('A deflated dataset is read by the server only.');
    return source.read(offset, length);
  };
  try {
    let step = reader.next();
    while (step.done !== true) step = reader.next(await supply(step.value));
    return step.value.json;
  } catch {
    return undefined;
  }
}

/** Whom a file names; undefined when it can't be read, or is no DICOM that this page reads. */
export async function identityIn(source: ByteSource): Promise<HeaderIdentity | undefined> {
  const start = await source.read(0, START_BYTES).catch(() => undefined);
  if (start === undefined) return undefined;
  const seen = glimpse(start, source.sizeBytes, TAGS);
  const json = seen === undefined ? await wholeHeader(source) : readGlimpse(seen);
  if (json === undefined) return undefined;
  const text = (tag: string): string => jsonString(json, tag)?.trim() ?? '';
  return {
    personName: formatPersonName(parsePersonName(jsonPersonName(json, '00100010'))),
    patientId: text('00100020'),
    issuer: text('00100021'),
    birthDate: text('00100030'),
  };
}

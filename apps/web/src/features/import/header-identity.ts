import type { HeaderIdentity } from '@negatoscope/contract';
import {
  type ByteRequest,
  DicomError,
  type DicomJsonObject,
  formatPersonName,
  glimpse,
  jsonPersonName,
  jsonString,
  parsePersonName,
  part10Reader,
  readGlimpse,
} from '@negatoscope/dicom';
import { type ByteSource, inflatedStart } from './bytes.ts';

/** Specific Character Set, then name, Patient ID, its issuer and birth date. */
const TAGS = [0x00080005, 0x00100010, 0x00100020, 0x00100021, 0x00100030];
const LAST_TAG = '00100030';
/** Most headers end before; a longer one is read piece by piece. */
const START_BYTES = 64 * 1024;

/** The header by the reader that the server has; undefined for what is no DICOM, or has too long a header. */
async function wholeHeader(source: ByteSource): Promise<DicomJsonObject | undefined> {
  const reader = part10Reader(source.sizeBytes);
  // A deflated dataset (PS3.5 A.5) begins behind the file meta information.
  let inflated: ByteSource['read'] | undefined;
  const supply = ({ space, offset, length, inflateFrom = 0 }: ByteRequest): Promise<Uint8Array> => {
    if (space === 'file') return source.read(offset, length);
    inflated ??= inflatedStart(source, { from: inflateFrom });
    // As if it ended where this page stops inflating: whom it names stands far before its pixels.
    return inflated(offset, length).catch(() => new Uint8Array(0));
  };
  try {
    let step = reader.next();
    while (step.done !== true) step = reader.next(await supply(step.value));
    return step.value.json;
  } catch (error) {
    const partial = inflated !== undefined && error instanceof DicomError ? error.partial : undefined;
    // Without anything of later groups it may have ended before it said whose it is.
    return partial !== undefined && Object.keys(partial).some((tag) => tag > LAST_TAG) ? partial : undefined;
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

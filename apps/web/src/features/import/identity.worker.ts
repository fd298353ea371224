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

/** Reads whose files are off the main thread: takes `{ id, files }`, answers `{ id, identities }`, undefined where a file says nothing. */
interface Question {
  readonly id: number;
  readonly files: readonly File[];
}

/** Specific Character Set, then name, Patient ID, its issuer and birth date. */
const TAGS = [0x00080005, 0x00100010, 0x00100020, 0x00100021, 0x00100030];
/** Most headers end before; a longer one is read piece by piece. */
const START_BYTES = 64 * 1024;
const AT_ONCE = 6;

const read = async (file: File, offset: number, length: number): Promise<Uint8Array> =>
  new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());

/** The header by the reader that the server has; undefined for what is no plain DICOM. */
async function wholeHeader(file: File): Promise<DicomJsonObject | undefined> {
  const reader = part10Reader(file.size);
  const supply = ({ space, offset, length }: ByteRequest): Promise<Uint8Array> => {
    if (space !== 'file') throw new Error('A deflated dataset is read by the server only.');
    return read(file, offset, length);
  };
  try {
    let step = reader.next();
    while (step.done !== true) step = reader.next(await supply(step.value));
    return step.value.json;
  } catch {
    return undefined;
  }
}

async function identityOf(file: File) {
  const start = await read(file, 0, START_BYTES).catch(() => undefined);
  if (start === undefined) return undefined;
  const seen = glimpse(start, file.size, TAGS);
  const json = seen === undefined ? await wholeHeader(file) : readGlimpse(seen);
  if (json === undefined) return undefined;
  const text = (tag: string): string => jsonString(json, tag)?.trim() ?? '';
  return {
    personName: formatPersonName(parsePersonName(jsonPersonName(json, '00100010'))),
    patientId: text('00100020'),
    issuer: text('00100021'),
    birthDate: text('00100030'),
  };
}

addEventListener('message', (event: MessageEvent<Question>) => {
  const { id, files } = event.data;
  void (async () => {
    const identities = new Array<Awaited<ReturnType<typeof identityOf>>>(files.length);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let at = next++; at < files.length; at = next++) {
        const file = files[at];
        identities[at] = file === undefined ? undefined : await identityOf(file);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    postMessage({ id, identities });
  })();
});

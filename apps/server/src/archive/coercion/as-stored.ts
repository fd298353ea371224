import { type ObjectReader, SENT_CHUNK_BYTES } from '../../platform/objects/store/index.ts';

const PREAMBLE = 128;
const START = PREAMBLE + 4;

/** A TIFF or BigTIFF header in the preamble makes a dual-personality file on purpose (PS3.10 7.1, whole slide images). */
function isTiff(bytes: Buffer): boolean {
  const mark = bytes.toString('latin1', 0, 4);
  return mark === 'II*\0' || mark === 'MM\0*' || mark === 'II+\0' || mark === 'MM\0+';
}

/** The first bytes of a stored file with its preamble zeroed, unless it is TIFF's; what has no preamble stays as it is. */
function clearPreamble(start: Buffer): { readonly bytes: Buffer; readonly changed: boolean } {
  const hasPreamble = start.length >= START && start.toString('latin1', PREAMBLE, START) === 'DICM';
  if (!hasPreamble || isTiff(start) || start.subarray(0, PREAMBLE).every((byte) => byte === 0))
    return { bytes: start, changed: false };
  const bytes = Buffer.from(start);
  bytes.fill(0, 0, PREAMBLE);
  return { bytes, changed: true };
}

export interface OpenedFile {
  readonly bytes: AsyncGenerator<Buffer>;
  /** Nothing was cleared: the bytes are those that were received. */
  readonly isAsReceived: boolean;
}

/**
 * A stored file as it leaves the server: a program or page hidden in the preamble (CVE-2019-11687) does not leave with it. The first bytes are
 * read at once, so that what can't be read fails here and not after an answer has begun; the rest while it is sent.
 */
export async function openStored(
  objects: ObjectReader,
  { id, sizeBytes }: { id: string; sizeBytes: number },
): Promise<OpenedFile> {
  const read = (offset: number): Promise<Buffer> => objects.read(id, offset, Math.min(SENT_CHUNK_BYTES, sizeBytes - offset));
  const start = clearPreamble(await read(0));
  async function* bytes(): AsyncGenerator<Buffer> {
    yield start.bytes;
    for (let offset = SENT_CHUNK_BYTES; offset < sizeBytes; offset += SENT_CHUNK_BYTES) yield await read(offset);
  }
  return { bytes: bytes(), isAsReceived: !start.changed };
}

/** Waits for the first bytes, so that a source that can't be read fails here and not after an answer has begun. */
export async function opened(source: AsyncGenerator<Uint8Array>): Promise<AsyncGenerator<Uint8Array>> {
  const first = await source.next();
  return continued(first, source);
}

async function* continued(first: IteratorResult<Uint8Array>, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return(undefined);
  }
}

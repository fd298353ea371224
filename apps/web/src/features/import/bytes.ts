/** A file that is not what its name or its headers say, or more than the page looks into: the server decides about it. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}

/** Bytes by range: of a file that a person chose, or of an entry of a ZIP. */
export interface ByteSource {
  readonly sizeBytes: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

export const ofBlob = (blob: Blob): ByteSource => ({
  sizeBytes: blob.size,
  read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
});

/** Headers longer than this are left to the server. */
const MAX_INFLATED_BYTES = 8 * 1024 * 1024;
/** Packed bytes handed over at once: a browser inflates all of them before it lets anybody stop it, up to 1,032 times as many. */
const PACKED_PIECE_BYTES = 8 * 1024;

/** A source in small pieces, each read only when it is wanted. */
function inPieces(source: ByteSource, from: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = from;
  return new ReadableStream(
    {
      async pull(controller) {
        if (at >= source.sizeBytes) return controller.close();
        const length = Math.min(PACKED_PIECE_BYTES, source.sizeBytes - at);
        const piece = await source.read(at, length);
        at += length;
        controller.enqueue(Uint8Array.from(piece));
      },
    },
    { highWaterMark: 0 },
  );
}

/** The first `wanted` bytes of raw deflate, or all there are before it ends or breaks. */
async function inflateStart(packed: ByteSource, from: number, wanted: number): Promise<Uint8Array> {
  const reader = inPieces(packed, from).pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const out = new Uint8Array(wanted);
  let filled = 0;
  try {
    while (filled < wanted) {
      // Behind raw deflate a byte of padding may stand (PS3.5 A.5), at which a browser stops.
      const { done, value } = await reader.read().catch(() => ({ done: true as const, value: undefined }));
      if (done) break;
      const part = value.subarray(0, wanted - filled);
      out.set(part, filled);
      filled += part.length;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  return out.subarray(0, filled);
}

/**
 * Reads what stands deflated in `packed`, from the byte `from` on, by range; only its beginning, up to 8 MiB: beyond them it fails.
 * `sizeBytes` is how much there is inflated, where that is known.
 */
export function inflatedStart(
  packed: ByteSource,
  { from = 0, sizeBytes = Number.POSITIVE_INFINITY }: { readonly from?: number; readonly sizeBytes?: number },
): ByteSource['read'] {
  let known: Uint8Array = new Uint8Array(0);
  let isWhole = false;
  return async (offset, length) => {
    const end = Math.min(offset + length, sizeBytes);
    if (end > MAX_INFLATED_BYTES) throw new UnreadableFileError('This header is too long to be looked into.');
    if (known.length < end && !isWhole) {
      const wanted = Math.min(sizeBytes, MAX_INFLATED_BYTES, Math.max(end, 2 * known.length));
      known = await inflateStart(packed, from, wanted);
      isWhole = known.length < wanted;
    }
    return known.subarray(offset, end);
  };
}

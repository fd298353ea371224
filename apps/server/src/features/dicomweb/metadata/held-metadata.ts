import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const gzipAsync = promisify(gzip);

/** One series' metadata, ready to send: the JSON array and where each instance stands in it. */
export interface SeriesMetadata {
  readonly json: Buffer;
  /** Its gzip, packed when somebody first takes it; undefined below 1 KiB, where it saves nothing. */
  readonly gzip: () => Promise<Buffer> | undefined;
  readonly places: ReadonlyMap<string, { readonly start: number; readonly end: number }>;
}

const [OPENING, COMMA, CLOSING] = [Buffer.from('['), Buffer.from(','), Buffer.from(']')];
const MIN_GZIP_BYTES = 1024;

function packedOnce(json: Buffer): () => Promise<Buffer> | undefined {
  let packed: Promise<Buffer> | undefined;
  return () => {
    if (json.length < MIN_GZIP_BYTES) return undefined;
    packed ??= gzipAsync(json, { level: 4 });
    return packed;
  };
}

export function heldOf(texts: readonly InstanceText[]): SeriesMetadata {
  const places = new Map<string, { start: number; end: number }>();
  let at = 1;
  for (const { sopInstanceUid, length } of texts) {
    places.set(sopInstanceUid, { start: at, end: at + length });
    at += length + 1;
  }
  const parts = texts.flatMap(({ pieces }, index) => [index === 0 ? OPENING : COMMA, ...pieces]);
  const json = parts.length === 0 ? Buffer.from('[]') : Buffer.concat([...parts, CLOSING]);
  return { json, places, gzip: packedOnce(json) };
}

export interface InstanceText {
  readonly sopInstanceUid: string;
  /** DICOM JSON of one instance. */
  readonly pieces: readonly Buffer[];
  readonly length: number;
}

import { Failure } from '../../../kernel/failure.ts';
import { Turns } from '../../../kernel/turns.ts';
import { parseParameters } from '../accept.ts';

const MAX_HEADER_BYTES = 16 * 1024;
const MAX_PARTS = 100_000;
/** What stands before the first part is for people without MIME (RFC 2046 5.1.1): a line or two. */
const MAX_PREAMBLE_BYTES = 64 * 1024;
/** Blanks behind a boundary. */
const MAX_PADDING = 1000;
/** RFC 2046 5.1.1 allows 70 characters, but Orthanc's plugin sends 73: what counts is that scans stay cheap. */
const MAX_BOUNDARY = 200;
const CRLF2 = Buffer.from('\r\n\r\n');

export interface RelatedPart {
  readonly headers: ReadonlyMap<string, string>;
  /** Must be read to its end, or `skip` it, before the next part is asked for. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Boundary and root type of a `multipart/related` Content-Type (RFC 2387). Fails with UNSUPPORTED_MEDIA_TYPE or MALFORMED_MULTIPART. */
export function relatedType(contentType: string | undefined): { boundary: string; rootType: string } {
  const { type, parameters } = parseParameters(contentType ?? '');
  if (type !== 'multipart/related') throw new Failure('UNSUPPORTED_MEDIA_TYPE');
  const boundary = parameters.get('boundary');
  if (boundary === undefined || boundary.length === 0 || boundary.length > MAX_BOUNDARY)
    throw new Failure('MALFORMED_MULTIPART', { detail: 'The boundary is missing or too long.' });
  return { boundary, rootType: (parameters.get('type') ?? 'application/dicom').toLowerCase() };
}

const malformed = (detail: string): Failure => new Failure('MALFORMED_MULTIPART', { detail });

/** How many bytes at the end of `buffer` may be the beginning of `delimiter`: mostly none, and then no chunk is joined with the one before. */
function begunAtEnd(buffer: Buffer, delimiter: Buffer): number {
  const [first = 0] = delimiter;
  const from = Math.max(0, buffer.length - delimiter.length + 1);
  for (let at = buffer.indexOf(first, from); at >= 0; at = buffer.indexOf(first, at + 1)) {
    const begun = buffer.length - at;
    if (buffer.compare(delimiter, 0, begun, at) === 0) return begun;
  }
  return 0;
}

/** Pulls chunks and looks for delimiters across their borders; holds at most one chunk and a delimiter's length. */
class Scanner {
  readonly #source: AsyncIterator<Uint8Array>;
  /** Chunks that are there already and thousands of small parts of one chunk keep others waiting otherwise. */
  readonly turns = new Turns();
  #buffer: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async #more(): Promise<boolean> {
    if (this.#ended) return false;
    await this.turns.pass();
    const next = await this.#source.next();
    if (next.done === true) {
      this.#ended = true;
      return false;
    }
    const chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    return true;
  }

  /** Bytes before `delimiter`, piece by piece; consumes the delimiter. Fails when the stream ends first. */
  async *until(delimiter: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#buffer.indexOf(delimiter);
      if (at >= 0) {
        const piece = this.#buffer.subarray(0, at);
        this.#buffer = this.#buffer.subarray(at + delimiter.length);
        if (piece.length > 0) yield piece;
        return;
      }
      const safe = this.#buffer.length - begunAtEnd(this.#buffer, delimiter);
      if (safe > 0) {
        const piece = this.#buffer.subarray(0, safe);
        this.#buffer = this.#buffer.subarray(safe);
        yield piece;
      }
      if (!(await this.#more())) throw malformed('The body ends before its closing boundary.');
    }
  }

  async take(length: number): Promise<Buffer> {
    while (this.#buffer.length < length) if (!(await this.#more())) throw malformed('The body ends too early.');
    const piece = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(length);
    return piece;
  }

  async drain(): Promise<void> {
    this.#buffer = Buffer.alloc(0);
    while (await this.#more()) this.#buffer = Buffer.alloc(0);
  }
}

async function readHeaders(scanner: Scanner): Promise<Map<string, string>> {
  const pieces: Buffer[] = [];
  let length = 0;
  // A part without headers begins with the blank line itself.
  const start = await scanner.take(2);
  if (start.toString('latin1') === '\r\n') return new Map();
  pieces.push(start);
  for await (const piece of scanner.until(CRLF2)) {
    length += piece.length;
    if (length > MAX_HEADER_BYTES) throw malformed('A part has an oversized header.');
    pieces.push(Buffer.from(piece));
  }
  const headers = new Map<string, string>();
  for (const line of Buffer.concat(pieces).toString('latin1').split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}

/** The parts of a multipart body (RFC 2046 5.1), streamed: nothing of a part is kept. Fails with MALFORMED_MULTIPART. */
export async function* relatedParts(source: AsyncIterable<Uint8Array>, boundary: string): AsyncGenerator<RelatedPart> {
  const scanner = new Scanner(source);
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  let preambleBytes = 0;
  for await (const piece of scanner.until(delimiter.subarray(2))) {
    preambleBytes += piece.length;
    if (preambleBytes > MAX_PREAMBLE_BYTES) throw malformed('The body has too much before its first boundary.');
  }
  for (let count = 0; ; count += 1) {
    let ending = (await scanner.take(2)).toString('latin1');
    if (ending === '--') break;
    // Transport padding after a boundary is legal and rare.
    for (let padding = 0; ending !== '\r\n'; padding += 1) {
      if (padding > MAX_PADDING || !/^[ \t\r]/.test(ending)) throw malformed('A boundary is followed by something else.');
      ending = ending.slice(1) + (await scanner.take(1)).toString('latin1');
    }
    if (count >= MAX_PARTS) throw malformed('The body has too many parts.');
    const headers = await readHeaders(scanner);
    const body = scanner.until(delimiter);
    yield { headers, body };
    for await (const _rest of body);
    await scanner.turns.pass();
  }
  await scanner.drain();
}

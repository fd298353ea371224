/** What Node's own limit of headers is. */
const MOST_HEAD_BYTES = 16_384;
/** RFC 9112 2.1: an empty line ends the headers. */
const END_OF_HEADERS = '\r\n\r\n';
/** What of a body is waited for: what a web process asks for in its first half minute. */
const BODY_START_BYTES = 3_000;

const LENGTH = /\r\ncontent-length:[ \t]*(\d+)/i;
const CHUNKED = /\r\ntransfer-encoding:/i;
/** RFC 9110 10.1.1: the body comes when somebody has asked for it. */
const EXPECT = /\r\nexpect:/i;

/**
 * What is there of a request of which `bytes` have come: `ready` when a web process can work on it, which needs its header block and, of a body
 * that the headers announce, all or the first 3,000 bytes. Nothing is decided by these headers but how long a connection waits: what they mean is
 * for the web process to say.
 */
export function requestStart(bytes: Buffer): 'headers' | 'body' | 'ready' {
  const end = bytes.indexOf(END_OF_HEADERS);
  if (end < 0) return bytes.length < MOST_HEAD_BYTES ? 'headers' : 'ready';
  const come = bytes.length - end - END_OF_HEADERS.length;
  if (come >= BODY_START_BYTES) return 'ready';
  const headers = bytes.toString('latin1', 0, end);
  if (EXPECT.test(headers)) return 'ready';
  const length = LENGTH.exec(headers)?.[1];
  if (length !== undefined) return come >= Number(length) ? 'ready' : 'body';
  // The last chunk and its trailers end with an empty line too (RFC 9112 7.1).
  const isOver = come > 0 && bytes.toString('latin1', bytes.length - END_OF_HEADERS.length) === END_OF_HEADERS;
  return CHUNKED.test(headers) && !isOver ? 'body' : 'ready';
}

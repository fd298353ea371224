import { expect, test } from 'vitest';
import { requestStart } from './request-start.ts';

const HEAD = 'POST /api/auth/login HTTP/1.1\r\nHost: a\r\n';
const startOf = (text: string): string => requestStart(Buffer.from(text, 'latin1'));

test.each([
  ['nothing', '', 'headers'],
  ['a part of the headers', HEAD, 'headers'],
  ['more than headers may be', `${HEAD}X: ${'a'.repeat(17_000)}`, 'ready'],
  ['a request without a body', `${HEAD}\r\n`, 'ready'],
  ['headers that announce a body', `${HEAD}content-length: 5\r\n\r\n`, 'body'],
  ['a part of a body', `${HEAD}Content-Length:5\r\n\r\nabcd`, 'body'],
  ['a whole body (RFC 9112 6.2)', `${HEAD}CONTENT-LENGTH:\t5\r\n\r\nabcde`, 'ready'],
  ['an empty body', `${HEAD}Content-Length: 0\r\n\r\n`, 'ready'],
  ['the beginning of a long body', `${HEAD}Content-Length: 5000000\r\n\r\n${'a'.repeat(2_999)}`, 'body'],
  ['enough of a long body', `${HEAD}Content-Length: 5000000\r\n\r\n${'a'.repeat(3_000)}`, 'ready'],
  ['a body that waits to be asked for (RFC 9110 10.1.1)', `${HEAD}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n`, 'ready'],
  ['no chunk', `${HEAD}Transfer-Encoding: chunked\r\n\r\n`, 'body'],
  ['some chunks', `${HEAD}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`, 'body'],
  ['all chunks (RFC 9112 7.1)', `${HEAD}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`, 'ready'],
  ['a length that is none is for the web process to refuse', `${HEAD}Content-Length: five\r\n\r\n`, 'ready'],
])('%s', (_what, text, expected) => expect(startOf(text)).toBe(expected));

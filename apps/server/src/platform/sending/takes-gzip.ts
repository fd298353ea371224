import type { IncomingHttpHeaders } from 'node:http';

/** Whether a client takes a body packed by gzip (RFC 9110 12.5.3). */
export const takesGzip = (headers: IncomingHttpHeaders): boolean =>
  /(^|[\s,])gzip(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(headers['accept-encoding'] ?? '');

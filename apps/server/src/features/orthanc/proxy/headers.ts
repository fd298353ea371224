import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { PROXY_ROOT } from './path.ts';

/** All that is passed on to Orthanc; cookies, tokens, where somebody comes from and what is of one connection only are not among it. How long a body is says who sends it. */
const ASKED = ['accept', 'accept-language', 'content-type', 'if-match', 'if-none-match'] as const;
/** All that is passed back. */
const ANSWERED = ['content-length', 'etag', 'last-modified'] as const;

export function askedHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const passed = ASKED.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]));
  return Object.fromEntries(passed) as OutgoingHttpHeaders; // Text by name, each of them.
}

/** Types that are data wherever they are opened: one alone, of several the last would count. A page, a script, a style or a drawing would be one of this server's. */
const DATA = /^(?:application\/(?:json|dicom|dicom\+json|zip)|image\/(?:png|jpeg|gif)|text\/(?:plain|csv))\s*(?:;[^,]*)?$/i;
/** Whatever it is, it does nothing here: no script, no form, no frame, and an origin of its own. */
const SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'";

/** Of an answer of Orthanc, as it may leave on our origin. */
export function answeredHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const type = headers['content-type'] ?? 'application/octet-stream';
  const isData = DATA.test(type);
  const passed = ANSWERED.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]] as const]));
  return {
    ...Object.fromEntries(passed),
    'content-type': isData ? type : 'application/octet-stream',
    ...(isData ? {} : { 'content-disposition': 'attachment' }),
    'content-security-policy': SANDBOX,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
    ...locationOf(headers.location),
  };
}

/** Only to another place in Orthanc. */
function locationOf(location: string | undefined): { location?: string } {
  if (location === undefined || /^[a-z][a-z0-9+.-]*:|^\/\/|[\\\r\n]|(?:\.|%2e){2}/i.test(location)) return {};
  return { location: location.startsWith('/') ? `${PROXY_ROOT}${location}` : location };
}

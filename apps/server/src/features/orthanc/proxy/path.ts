import { Failure } from '../../../kernel/failure.ts';
import { ORTHANC_ID } from '../client/answers.ts';

export const PROXY_ROOT = '/orthanc-proxy';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const NEVER = /[\u0000-\u001f\u007f/\\]/;
/** Runs what it is sent, as the account of Orthanc, on its machine: no administration of images. */
const SCRIPTS = /^\/tools\/execute-script\/?$/i;
/** By a parameter of this name Orthanc takes a GET for another method: it would change or delete without the page's own token, and be another request in the journal. */
const OTHER_METHOD = '_method';

/**
 * What is asked of Orthanc, from an address of ours as it came: below Orthanc's own root whoever decodes it. Fails with BAD_REQUEST for a path that may lead out of
 * it, FORBIDDEN for running scripts.
 */
export function orthancPath(address: string): { readonly path: string; readonly query: string } {
  const at = address.indexOf('?');
  const path = (at < 0 ? address : address.slice(0, at)).slice(PROXY_ROOT.length) || '/';
  const query = at < 0 ? '' : address.slice(at);
  if (namesMethod(query)) throw new Failure('BAD_REQUEST', { detail: 'The method of a request is its own.' });
  const segments = path.slice(1).split('/').map(decoded);
  const inner = segments.slice(0, -1);
  if (!path.startsWith('/') || inner.includes('') || segments.some((one) => one === '.' || one === '..' || NEVER.test(one)))
    throw new Failure('BAD_REQUEST', { detail: 'This is no path of Orthanc.' });
  if (SCRIPTS.test(`/${segments.join('/')}`)) throw new Failure('FORBIDDEN', { detail: 'Scripts are not passed on to Orthanc.' });
  return { path: `/${segments.map(encodeURIComponent).join('/')}`, query };
}

/** Whether the parameter is anywhere in it, however it is written. */
function namesMethod(query: string): boolean {
  try {
    return decodeURIComponent(query).toLowerCase().includes(OTHER_METHOD);
  } catch {
    // What can't be read here may be read there.
    return true;
  }
}

/** Decoded as often as it changes: a proxy behind us may decode once more. */
function decoded(segment: string): string {
  try {
    const once = decodeURIComponent(segment);
    if (/%[0-9a-f]{2}/i.test(once)) throw new URIError('twice');
    return once;
  } catch (cause) {
    throw new Failure('BAD_REQUEST', { detail: 'This is no path of Orthanc.', cause });
  }
}

/** A word of Orthanc's interface, a UID, or a number. */
const WORD = /^(?:[a-z][a-z-]{0,40}|[0-2](?:\.\d{1,20}){3,30}|\d{1,6})$/;
const tellsNobody = (segment: string): boolean => segment === '' || WORD.test(segment) || ORTHANC_ID.test(segment);

/** A path for the journal: words, Orthanc's names and UIDs stand, anything else, which somebody may have called after a patient, does not. */
export const toldPath = (path: string): string =>
  path
    .split('/')
    .map((segment) => (tellsNobody(segment) ? segment : '*'))
    .join('/');

import { csrfHeader } from './csrf.ts';
import { ApiError, errorFrom } from './error.ts';
import { renewSession } from './session.ts';

interface UploadOptions {
  readonly signal: AbortSignal;
  /** Bytes of the body that left the browser. */
  readonly onBytes: (sent: number) => void;
}

function post(address: string, body: FormData | Blob, { signal, onBytes }: UploadOptions): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    request.open('POST', address);
    request.responseType = 'json';
    for (const [name, value] of Object.entries({ accept: 'application/json', ...csrfHeader() }))
      request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onBytes(event.loaded);
    request.onload = () => resolve(request);
    request.onerror = () => reject(new ApiError('OFFLINE', 0));
    request.onabort = () => reject(new ApiError('CANCELLED', 499));
    request.onloadend = () => signal.removeEventListener('abort', abort);
    signal.addEventListener('abort', abort);
    if (signal.aborted) reject(new ApiError('CANCELLED', 499));
    else request.send(body);
  });
}

/** Sends a form, or a file whose type is its content type, with progress, which fetch does not tell. A 401 renews the session once and sends again. */
export async function upload(address: string, body: FormData | Blob, options: UploadOptions): Promise<unknown> {
  let request = await post(address, body, options);
  if (request.status === 401) {
    await renewSession();
    request = await post(address, body, options);
  }
  const answer: unknown = request.response;
  if (request.status < 200 || request.status > 299)
    throw errorFrom(request.status, answer, request.getResponseHeader('retry-after'));
  return answer;
}

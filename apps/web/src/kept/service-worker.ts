import { createKeptFiles, type FileList } from './files.ts';

// The worker between the pages and the server (decision 45). The build writes the list of its files in place of the name below.
declare const NEGATOSCOPE_FILES: FileList;

const CACHE = 'negatoscope-files';
const scope = self as unknown as ServiceWorkerGlobalScope; // The library's type of `self` is that of a page.
const kept = createKeptFiles(NEGATOSCOPE_FILES, {
  open: () => caches.open(CACHE),
  fetch: (request) => fetch(request),
  digest: (bytes) => crypto.subtle.digest('SHA-256', bytes),
});

/** Browsers that can are told at once what is none of ours, so that no question to the server waits for this worker to wake. */
interface Routes {
  addRoutes?(rules: readonly { condition: { urlPattern: string }; source: 'network' }[]): Promise<void>;
}
const NOT_OURS = ['/api/*', '/dicom-web/*', '/fhir/*', '/viewer/*'];

scope.addEventListener('install', (event) => {
  const { addRoutes } = event as ExtendableEvent & Routes; // Of Chromium 123 and later.
  const rules = NOT_OURS.map((urlPattern) => ({ condition: { urlPattern }, source: 'network' }) as const);
  event.waitUntil(Promise.resolve(addRoutes?.call(event, rules)).catch(() => undefined));
});

// The worker of a build before answers its pages until the last of them is closed: only then does this one begin, and what it does not know goes.
scope.addEventListener('activate', (event) => {
  event.waitUntil(
    kept
      .dropOthers()
      .catch(() => undefined)
      .then(() => scope.clients.claim()),
  );
});

scope.addEventListener('fetch', (event) => {
  const address = new URL(event.request.url);
  if (event.request.method === 'GET' && kept.isOurs(address, scope.location.origin))
    event.respondWith(kept.answer(event.request, address));
});

// A page that was there before the worker says what it has loaded: it is taken from the browser's own cache, and not fetched twice.
scope.addEventListener('message', (event) => {
  if (Array.isArray(event.data)) event.waitUntil(kept.keep(event.data.map(String)));
});

import type { OpeningWish } from '@negatoscope/contract';
import { offerEarly } from './api/early-answer.ts';
import { studyAtAddress } from './entities/study/address.ts';
import type { WarmJob } from './viewer/model/early-answer.ts';
import { askOpening } from './viewer/model/opening.ts';

/** Files of this build that a study needs besides what every page names; the build puts them in. */
declare const FILES_OF_ROOM: readonly string[];
/** The worker that decodes. */
declare const DECODE_WORKER: string;
/** What begins with a study's images, `viewer/prefetch.ts`. */
declare const AHEAD: string;

/**
 * Has the study that the page is opened with asked for, and what decodes it started, before the application is here: on a slow line that is a second. A script of
 * its own, first in the page. The answers go to whoever asks for them first, or to nobody.
 */
const ME = '/api/auth/me';
const OWN_ADDRESS = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : '';
const opened = studyAtAddress(location);
const isPrerendered = 'prerendering' in document && document.prerendering === true;

/** On their way while the page's own are, rather than after these have run. */
function fetchFiles(): void {
  const links = FILES_OF_ROOM.map((href) => Object.assign(document.createElement('link'), { rel: 'modulepreload', href }));
  document.head.append(...links);
}

/** Who is signed in: without that the page shows nothing. */
function askWho(): Promise<Response> {
  const waiting = new AbortController();
  const response = fetch(ME, { headers: { Accept: 'application/json' }, credentials: 'same-origin', signal: waiting.signal });
  const own = response.then((answer) => answer.clone());
  offerEarly(ME, { response, abort: () => waiting.abort() });
  return own;
}

/** Its images are decoded, and the first is drawn, before the application is here. Where that code does not come, the application begins with them. */
async function openStudy(study: NonNullable<typeof opened>, who: Promise<Response>): Promise<void> {
  const ahead: typeof import('./viewer/prefetch.ts') = await import(AHEAD);
  await ahead.openAtStart(study, who);
}

/** While nothing is known of the line but how long the page took, a long way counts as a slow line (`LineMeter`). */
const FAR_MS = 50;

/** The form of the first frame that suits the line. Who is here for the first time waits for the application as well: more than a first picture would hold that up. */
function formOfLine(): OpeningWish {
  const [page] = performance.getEntriesByType('navigation');
  if (!(page instanceof PerformanceNavigationTiming)) return 'stored';
  if ((page.responseEnd || performance.now()) - page.requestStart <= FAR_MS) return 'stored';
  const script = performance.getEntriesByType('resource').find(({ name }) => name === OWN_ADDRESS);
  return script instanceof PerformanceResourceTiming && script.transferSize > 0 ? 'beginning' : 'progressive';
}

function startDecoder(): Worker {
  const decoder = new Worker(DECODE_WORKER, { type: 'module' });
  window.__negatoscopeEarlyDecoder = decoder;
  // Where its file does not come, whoever decodes begins another one.
  decoder.addEventListener('error', () => {
    if (window.__negatoscopeEarlyDecoder === decoder) window.__negatoscopeEarlyDecoder = undefined;
  });
  return decoder;
}

function begin({ seriesInstanceUid, ...study }: NonNullable<typeof opened>): void {
  const form = formOfLine();
  let decoder: Worker | undefined;
  askOpening(study, {
    ...{ seriesInstanceUid, form },
    // Beside the metadata, rather than after the frame has come that waits for it.
    onImages: () => form !== 'stored' && decoder?.postMessage({ warm: 'HTJ2KDecoder' } satisfies WarmJob),
  });
  const who = askWho();
  who.catch(() => undefined);
  openStudy({ ...study, seriesInstanceUid }, who).catch(() => undefined);
  // After what goes out: a worker takes the page some milliseconds.
  decoder = startDecoder();
}

// Who is shown a page before asking for it has opened no study.
if (opened !== undefined && !isPrerendered) {
  begin(opened);
  fetchFiles();
}

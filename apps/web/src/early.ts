import type { OpeningWish } from '@negatoscope/contract';
import { addressOf } from './api/address.ts';
import { csrfFrom } from './api/csrf.ts';
import type { RouteOf } from './api/operation.ts';
import { type StudyAtAddress, studyAtAddress } from './entities/study/address.ts';
import { askEarly, priorsAddress } from './viewer/model/asked-early.ts';
import type { WarmJob } from './viewer/model/early-answer.ts';
import { askOpening } from './viewer/model/opening.ts';
import { isPlaceKnown } from './viewer/plain/place.ts';
import type { Asked } from './viewer/plain/reader.ts';

/** Files of this build that a study needs besides what every page names; the build puts them in. */
declare const FILES_OF_ROOM: readonly string[];
/** The worker that decodes. */
declare const DECODE_WORKER: string;
/** What begins with a study's images, `viewer/prefetch.ts`. */
declare const AHEAD: string;
/** What the application begins with; the page names its files, but runs none of them. */
declare const MAIN: string;

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

const STUDY: RouteOf<'getStudy'> = 'GET /api/studies/{studyInstanceUid}';
const RULES: RouteOf<'listHangingRules'> = 'GET /api/hanging-rules';
const pathOf = (route: string): string => route.slice('GET '.length);

/** Who is signed in, without which the page shows nothing; what stands above the study's images, which have their place below it; and what says in which pane the first hangs. */
function askAbout(opened: StudyAtAddress, session: string | undefined): Asked {
  const { studyInstanceUid, groupId, compare } = opened;
  return {
    ...{ opened, session, onSettled },
    who: askEarly(ME),
    study: askEarly(addressOf(pathOf(STUDY), { studyInstanceUid }, { groupId })),
    rules: askEarly(pathOf(RULES)),
    priors: compare === undefined ? askEarly(priorsAddress(opened)) : undefined,
  };
}

let isStarted = false;

/** A file of the application did not come: the browser asks for it again only in another page, which `index.html` offers. */
function tellLate(): void {
  document.documentElement.dataset.late = '';
}

/** Runs the application, once. */
function startApplication(): void {
  if (isStarted) return;
  isStarted = true;
  const script = Object.assign(document.createElement('script'), { type: 'module', crossOrigin: 'anonymous', src: MAIN });
  script.addEventListener('error', tellLate);
  document.head.append(script);
}

/** The first picture stands, or there will be none: the application has waited for the browser to paint it. */
const onSettled = (): unknown => requestAnimationFrame(() => setTimeout(startApplication));

/**
 * Longest time, in ms, that the application waits for the first picture. Running it takes the page a second on a tablet, in which nothing else of the page runs: the picture came after
 * it. A whole frame on a quick line takes no longer than what it would be held up by.
 */
const LONGEST_WAIT_MS = { stored: 300, beginning: 1500, progressive: 1500 } satisfies Record<OpeningWish, number>;

/** Its images are decoded, and the first is drawn, before the application is here. Where that code does not come, the application begins with them. */
async function openStudy(study: StudyAtAddress, asked: Asked): Promise<void> {
  const ahead: typeof import('./viewer/prefetch.ts') = await import(AHEAD);
  await ahead.openAtStart(study, asked);
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

function begin(study: StudyAtAddress): void {
  const { seriesInstanceUid } = study;
  const form = formOfLine();
  // Before all that may fail: without its first picture the page is what it is, without the application it is none.
  setTimeout(startApplication, isPlaceKnown() ? LONGEST_WAIT_MS[form] : 0);
  const session = csrfFrom(document.cookie);
  let decoder: Worker | undefined;
  askOpening(study, {
    ...{ seriesInstanceUid, form },
    // Beside the metadata, rather than after the frame has come that waits for it.
    onImages: () => form !== 'stored' && decoder?.postMessage({ warm: 'HTJ2KDecoder' } satisfies WarmJob),
  });
  openStudy(study, askAbout(study, session)).catch(startApplication);
  // After what goes out: a worker takes the page some milliseconds.
  decoder = startDecoder();
}

// Who is shown a page before asking for it has opened no study.
if (opened !== undefined && !isPrerendered) {
  begin(opened);
  fetchFiles();
} else startApplication();

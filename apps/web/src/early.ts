import { offerEarly } from './api/early-answer.ts';
import { studyAtAddress } from './entities/study/address.ts';
import type { EarlyNews, EarlyOrder, PortJob } from './viewer/model/early-answer.ts';
import { seriesListUrl } from './viewer/model/study-url.ts';

/** Files of this build that a study needs besides what every page names; the build puts them in. */
declare const FILES_OF_ROOM: readonly string[];
/** The worker that asks, and the one that decodes. */
declare const EARLY_WORKER: string;
declare const DECODE_WORKER: string;

/**
 * Has the study that the page is opened with asked for, and what decodes it started, before the application is here: on a slow line that is a second. A script of
 * its own, first in the page. The answers go to whoever asks for them first, or to nobody.
 */
const ME = '/api/auth/me';
const opened = studyAtAddress(location);
const isPrerendered = 'prerendering' in document && document.prerendering === true;

/** On their way while the page's own are, rather than after these have run. */
function fetchFiles(): void {
  const links = FILES_OF_ROOM.map((href) => Object.assign(document.createElement('link'), { rel: 'modulepreload', href }));
  document.head.append(...links);
}

interface Coming {
  readonly head: (status: number, headers: readonly [string, string][]) => void;
  readonly fail: (reason: unknown) => void;
  readonly body: WritableStreamDefaultWriter<Uint8Array>;
}

const coming = new Map<string, Coming>();

/** Offers an answer that the worker will give, piece by piece. */
function offer(worker: Worker, url: string): void {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const body = writable.getWriter();
  const abort = (): void => worker.postMessage({ kind: 'abort', url } satisfies EarlyOrder);
  // Whoever read it reads no more.
  body.closed.catch(abort);
  const response = new Promise<Response>((resolve, reject) => {
    const fail = (reason: unknown): void => {
      reject(reason);
      body.abort(reason).catch(() => undefined);
    };
    const head: Coming['head'] = (status, headers) =>
      resolve(new Response(status === 204 ? null : readable, { status, headers: headers.map(([name, value]) => [name, value]) }));
    coming.set(url, { head, fail, body });
  });
  offerEarly(url, { response, abort });
}

const lost = (): TypeError => new TypeError('The early answer is lost');

function hear(worker: Worker, news: EarlyNews): void {
  const one = coming.get(news.url);
  if (news.kind === 'asked') offer(worker, news.url);
  else if (news.kind === 'head') one?.head(news.status, news.headers);
  else if (news.kind === 'bytes') one?.body.write(news.bytes).catch(() => undefined);
  else if (news.kind === 'failed') one?.fail(lost());
  else one?.body.close().catch(() => undefined);
}

/** Who is signed in: without that the page shows nothing. */
function askWho(): void {
  const waiting = new AbortController();
  const response = fetch(ME, { headers: { Accept: 'application/json' }, credentials: 'same-origin', signal: waiting.signal });
  offerEarly(ME, { response, abort: () => waiting.abort() });
}

function begin({ seriesInstanceUid, ...study }: NonNullable<typeof opened>): void {
  const worker = new Worker(EARLY_WORKER);
  const decoder = new Worker(DECODE_WORKER, { type: 'module' });
  const { port1, port2 } = new MessageChannel();
  window.__negatoscopeEarlyDecoder = decoder;
  // Where its file does not come, whoever decodes begins another one.
  decoder.addEventListener('error', () => {
    if (window.__negatoscopeEarlyDecoder === decoder) window.__negatoscopeEarlyDecoder = undefined;
  });
  decoder.postMessage({ port: port1 } satisfies PortJob, [port1]);
  offer(worker, seriesListUrl(study));
  worker.addEventListener('message', ({ data }: MessageEvent<EarlyNews>) => hear(worker, data));
  worker.addEventListener('error', () => {
    for (const { fail } of coming.values()) fail(lost());
  });
  worker.postMessage({ kind: 'begin', study, seriesInstanceUid, decoder: port2 } satisfies EarlyOrder, [port2]);
}

// Who is shown a page before asking for it has opened no study.
if (opened !== undefined && !isPrerendered) {
  askWho();
  fetchFiles();
  begin(opened);
}

import { firstToHang, haveImages, mayBeVideo, mayComeInParts, seriesOf } from '@negatoscope/dicom';
import { parseDatasets } from './viewer/model/dicom-json.ts';
import type { EarlyNews, EarlyOrder, WarmJob } from './viewer/model/early-answer.ts';
import { DATASETS_ACCEPT, frameAccept, PARTS_ACCEPT, partsUrl, WHOLE_RANGE } from './viewer/model/frame-request.ts';
import { line } from './viewer/model/line.ts';
import { buildSeries } from './viewer/model/study-model.ts';
import { metadataUrl, type StudyRef, seriesListUrl } from './viewer/model/study-url.ts';

/**
 * Asks, one after the other, for the series of a study, the metadata of the one that hangs first and the frame that it begins with. In a thread of its own: that of
 * the page is busy with the application's code for as long as these three take on a slow line.
 */

// One program holds the types of pages and of workers; this file runs as the latter.
const scope = self as unknown as DedicatedWorkerGlobalScope;
const tell = (news: EarlyNews, given: Transferable[] = []): void => scope.postMessage(news, given);
const aborts = new Map<string, AbortController>();

interface Asked {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What is no dataset is never left with the browser. */
  readonly cache?: RequestCache;
}

function ask({ url, headers, cache = 'default' }: Asked): Promise<Response> {
  const abort = new AbortController();
  aborts.set(url, abort);
  return fetch(url, { headers, cache, credentials: 'same-origin', priority: 'high', signal: abort.signal });
}

const tellHead = (url: string, response: Response): void =>
  tell({
    kind: 'head',
    url,
    status: response.status,
    headers: [...response.headers].filter(([name]) => name !== 'content-encoding'),
  });

/** Hands an answer on, once the page has heard of what follows from it, so that whoever takes the one finds the other. Gives what follows; undefined where nothing does. */
async function datasets(
  asked: Asked,
  next: (found: ReturnType<typeof parseDatasets>) => Asked | undefined,
): Promise<Asked | undefined> {
  const { url } = asked;
  const response = await ask(asked);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const wanted = response.status === 200 ? next(parseDatasets(JSON.parse(new TextDecoder().decode(bytes)))) : undefined;
  if (wanted !== undefined) tell({ kind: 'asked', url: wanted.url });
  tellHead(url, response);
  tell({ kind: 'bytes', url, bytes }, [bytes.buffer]);
  tell({ kind: 'end', url });
  return wanted;
}

async function frame(asked: Asked): Promise<void> {
  const { url } = asked;
  const response = await ask(asked);
  tellHead(url, response);
  const reader = response.body?.getReader();
  for (let step = await reader?.read(); step?.value !== undefined; step = await reader?.read()) {
    const bytes = Uint8Array.from(step.value);
    tell({ kind: 'bytes', url, bytes }, [bytes.buffer]);
  }
  tell({ kind: 'end', url });
}

const asDatasets = (url: string): Asked => ({ url, headers: { Accept: DATASETS_ACCEPT } });

/** The first frame of a series, in the form that suits the line; undefined where there is none, or where that takes more than its metadata to tell. */
function firstFrame(study: StudyRef, seriesInstanceUid: string, found: ReturnType<typeof parseDatasets>): Asked | undefined {
  if (found.some(mayBeVideo)) return undefined;
  const { frames, firstIndex } = buildSeries(study, seriesInstanceUid, found);
  const first = frames[firstIndex];
  const url = first?.imageId.slice('wadors:'.length);
  if (first === undefined || url === undefined) return undefined;
  return line().isSlow && mayComeInParts(first.dataset)
    ? { url: partsUrl(url), headers: { Accept: PARTS_ACCEPT, Range: WHOLE_RANGE }, cache: 'no-store' }
    : { url, headers: { Accept: frameAccept() } };
}

async function begin({ study, seriesInstanceUid, decoder }: Extract<EarlyOrder, { kind: 'begin' }>): Promise<void> {
  let asked: Asked | undefined = asDatasets(seriesListUrl(study));
  try {
    let first = '';
    asked = await datasets(asked, (found) => {
      const list = seriesOf(found);
      // Beside the metadata, rather than after the frame has come that waits for it.
      if (line().isSlow && haveImages(list)) decoder.postMessage({ warm: 'HTJ2KDecoder' } satisfies WarmJob);
      first = firstToHang(list, seriesInstanceUid) ?? '';
      return first === '' ? undefined : asDatasets(metadataUrl(study, first));
    });
    if (asked === undefined) return;
    asked = await datasets(asked, (found) => firstFrame(study, first, found));
    if (asked !== undefined) await frame(asked);
  } catch {
    // Whoever waits for it asks again, and tells the reason.
    if (asked !== undefined) tell({ kind: 'failed', url: asked.url });
  }
}

scope.addEventListener('message', ({ data }: MessageEvent<EarlyOrder>) => {
  if (data.kind === 'abort') return aborts.get(data.url)?.abort();
  begin(data).finally(() => scope.close());
});

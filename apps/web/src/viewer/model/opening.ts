import type { OpeningFrame, OpeningLine, OpeningWish } from '@negatoscope/contract';
import { offerEarly } from '../../api/early-answer.ts';
import { DATASETS_ACCEPT, frameAccept, OPENING_ACCEPT, PARTS_ACCEPT, partsUrl, WHOLE_RANGE } from './frame-request.ts';
import { type FoundPart, partsOfOpening } from './opening-parts.ts';
import { frameUrl, metadataUrl, openingUrl, type StudyRef, seriesListUrl, seriesUrl } from './study-url.ts';

/** An answer that somebody waits for, by its own address. */
interface Expected {
  readonly give: (response: Response) => void;
  readonly fail: (reason: unknown) => void;
}

export interface OpeningOptions {
  /** The series that is asked for. */
  readonly seriesInstanceUid: string | undefined;
  readonly form: OpeningWish;
  /** There are images, before anything of them is here. */
  readonly onImages?: () => void;
}

const lost = (): TypeError => new TypeError('The early answer is lost');

/** Parts of one opening as answers of their own addresses. What nobody waits for any more is aborted with the last of them. */
class Offers {
  readonly #abort = new AbortController();
  readonly #waiting = new Map<string, Expected>();

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  expect(url: string): void {
    const response = new Promise<Response>((give, fail) => this.#waiting.set(url, { give, fail }));
    offerEarly(url, { response, abort: () => this.leave(url) });
  }

  /** Nobody waits for it any more. */
  leave(url: string): void {
    if (this.#waiting.delete(url) && this.#waiting.size === 0) this.#abort.abort();
  }

  /** Gives the answer; somebody waits for it until it is read. */
  give(url: string, response: Response): void {
    this.#waiting.get(url)?.give(response);
  }

  /** It has come to its end. */
  end(url: string): void {
    this.#waiting.delete(url);
  }

  /** What has not come by now does not come: whoever waits asks for it. */
  fail(reason: unknown): void {
    for (const { fail } of this.#waiting.values()) fail(reason);
    this.#waiting.clear();
  }
}

function headersOf(line: OpeningLine): Record<string, string> {
  return line.part === 'frame' ? { ...line.headers } : { 'content-type': DATASETS_ACCEPT };
}

const statusOf = (line: OpeningLine): number => (line.part === 'frame' ? line.status : 200);

/** The frame's own address, in its form, and how it is asked for there. */
function requestOf(study: StudyRef, series: string, { sopInstanceUid, frameNumber, form }: OpeningFrame) {
  const url = frameUrl(seriesUrl(study, series), sopInstanceUid, frameNumber);
  return form === 'progressive'
    ? { url: partsUrl(url), headers: { Accept: PARTS_ACCEPT, Range: WHOLE_RANGE }, cache: 'no-store' as const }
    : { url, headers: { Accept: frameAccept() }, cache: 'default' as const };
}

/** Asks for a frame that is too long for the one answer. */
function askAlone({ url, headers, cache }: ReturnType<typeof requestOf>): void {
  const waiting = new AbortController();
  const init = { headers, cache, credentials: 'same-origin', priority: 'high', signal: waiting.signal } as const;
  offerEarly(url, { response: fetch(url, init), abort: () => waiting.abort() });
}

/**
 * Asks for all that a study is opened with in one request, and offers its parts to whoever asks for their own addresses: its series, the metadata of the one that hangs first,
 * and the frame that this begins with. Each is offered before the answer that it follows from is given. What fails is asked for again by whoever takes it, and tells the reason.
 */
export function askOpening(study: StudyRef, { seriesInstanceUid, form, onImages }: OpeningOptions): void {
  const offers = new Offers();
  let [url, next] = [seriesListUrl(study), ''];
  let series = '';
  const expectNext = (line: OpeningLine): void => {
    if (line.part === 'series' && line.seriesInstanceUid !== null) {
      if (line.hasImages) onImages?.();
      series = line.seriesInstanceUid;
      next = metadataUrl(study, series);
      offers.expect(next);
    } else if (line.part === 'metadata' && line.frame !== null) {
      const request = requestOf(study, series, line.frame);
      next = request.url;
      if (line.frame.isHere) offers.expect(next);
      else askAlone(request);
    }
  };
  const give = async ({ line, body, ended, isRead }: FoundPart): Promise<void> => {
    expectNext(line);
    const here = url;
    offers.give(here, new Response(body, { status: statusOf(line), headers: headersOf(line) }));
    isRead.catch(() => offers.leave(here));
    await ended;
    offers.end(here);
    url = next;
  };
  const read = async (): Promise<void> => {
    const response = await fetch(openingUrl(study, form, seriesInstanceUid), {
      headers: { Accept: OPENING_ACCEPT },
      ...{ cache: 'no-store', credentials: 'same-origin', priority: 'high', signal: offers.signal },
    });
    if (!response.ok || response.body === null) throw lost();
    for await (const part of partsOfOpening(response.body)) await give(part);
    offers.fail(lost());
  };
  offers.expect(url);
  read().catch((reason: unknown) => offers.fail(reason));
}
